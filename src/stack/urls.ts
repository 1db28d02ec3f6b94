import type { Ports, StackConfig } from './config.ts'
import { localHttp, type StackEnv } from './environment.ts'

/** Where the running stack is reached; the embedded parts only where they are embedded. */
export type StackUrls = {
  /** GraphQL, and GraphiQL in a browser. */
  graphql: string
  /** Root of the API process on this machine. */
  api: string
  /** Root the clients' pay links start with. */
  public: string
  temporalUi?: string
  sandbox?: string
  outbox?: string
  /** POST here for a development token. */
  token?: string
}

/** Gives the addresses of a stack with this configuration. */
export function stackUrls(config: StackConfig, ports: Ports, env: StackEnv): StackUrls {
  const api = localHttp(ports.API_PORT)
  return {
    graphql: `${api}/graphql`,
    api,
    public: env.PUBLIC_URL,
    ...(config.embedded.has('temporal') && { temporalUi: localHttp(ports.TEMPORAL_UI_PORT) }),
    ...(config.embedded.has('stripe') && { sandbox: localHttp(ports.STRIPE_SANDBOX_PORT) }),
    ...(config.embedded.has('resend') && { outbox: localHttp(ports.OUTBOX_PORT) }),
    ...(config.embedded.has('identity') && { token: `${localHttp(ports.IDENTITY_PORT)}/token` }),
  }
}
