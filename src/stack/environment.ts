import path from 'node:path'
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER } from '../identity/development.ts'
import type { Neighbour, Ports, StackConfig } from './config.ts'
import { applicationDatabaseUrls } from './postgres.ts'
import type { Secrets } from './secrets.ts'

/** Everything the application's processes are configured by, complete; further variables are passed on as they came. */
export type StackEnv = Record<
  | 'DATABASE_URL'
  | 'DATABASE_WORKER_URL'
  | 'DATABASE_API_URL'
  | 'TEMPORAL_NAMESPACE'
  | 'STRIPE_SECRET_KEY'
  | 'STRIPE_WEBHOOK_SECRET'
  | 'RESEND_API_KEY'
  | 'RESEND_WEBHOOK_SECRET'
  | 'AUTH_JWKS_URL'
  | 'AUTH_ISSUER'
  | 'AUTH_AUDIENCE'
  | 'PUBLIC_URL'
  | 'PAY_LINK_SECRET'
  | 'API_PORT'
  | 'WORKER_HEALTH_PORT'
  | 'DATA_DIR',
  string
> &
  NodeJS.ProcessEnv

/** Root of a server of the stack on this machine. */
export function localHttp(port: number): string {
  return `http://127.0.0.1:${port}`
}

/**
 * Computes the application's environment: what `given` says about real neighbours, and the addresses and secrets of the
 * embedded ones. `given` was validated by `parseStackConfig`.
 */
export function stackEnvironment(
  given: NodeJS.ProcessEnv,
  config: StackConfig,
  ports: Ports,
  secrets: Secrets,
): StackEnv {
  const parts: Record<
    Neighbour,
    (ports: Ports, secrets: Secrets, config: StackConfig, given: NodeJS.ProcessEnv) => NodeJS.ProcessEnv
  > = {
    temporal,
    postgres,
    stripe,
    resend,
    identity,
  }
  const base = config.embedded.has('temporal') ? withoutTemporalProfile(given) : given
  const embedded = [...config.embedded].map((neighbour) => parts[neighbour](ports, secrets, config, given))
  return Object.assign(
    {
      ...base,
      TEMPORAL_NAMESPACE: config.temporalNamespace,
      PUBLIC_URL: given['PUBLIC_URL'] || localHttp(ports.API_PORT),
      PAY_LINK_SECRET: given['PAY_LINK_SECRET'] || secrets.payLinkSecret,
      API_PORT: String(ports.API_PORT),
      WORKER_HEALTH_PORT: String(ports.WORKER_HEALTH_PORT),
      DATA_DIR: config.dataDir,
    },
    ...embedded,
  ) as StackEnv
}

// A profile file, key or certificate for a real server must not be tried on the embedded one.
function withoutTemporalProfile(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith('TEMPORAL_')))
}

// The file need not exist; it only keeps the SDK from reading the user's own.
function temporal(ports: Ports, _secrets: Secrets, config: StackConfig): NodeJS.ProcessEnv {
  return {
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.TEMPORAL_PORT}`,
    TEMPORAL_CONFIG_FILE: path.join(config.dataDir, 'temporal.toml'),
  }
}

function postgres(ports: Ports, secrets: Secrets): NodeJS.ProcessEnv {
  const urls = applicationDatabaseUrls(ports.POSTGRES_PORT, secrets)
  return { DATABASE_URL: urls.ownerUrl, DATABASE_WORKER_URL: urls.workerUrl, DATABASE_API_URL: urls.apiUrl }
}

function stripe(ports: Ports, secrets: Secrets): NodeJS.ProcessEnv {
  return {
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
    STRIPE_API_URL: localHttp(ports.STRIPE_SANDBOX_PORT),
  }
}

function resend(ports: Ports, secrets: Secrets, _config: StackConfig, given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    RESEND_API_KEY: 're_outbox',
    RESEND_WEBHOOK_SECRET: secrets.resendWebhookSecret,
    RESEND_API_URL: localHttp(ports.OUTBOX_PORT),
    // The outbox has no limit to keep to, and a person watching should not have to wait.
    MAIL_PER_SECOND: given['MAIL_PER_SECOND'] || '50',
  }
}

function identity(ports: Ports): NodeJS.ProcessEnv {
  return {
    AUTH_JWKS_URL: `${localHttp(ports.IDENTITY_PORT)}/.well-known/jwks.json`,
    AUTH_ISSUER: DEVELOPMENT_ISSUER,
    AUTH_AUDIENCE: DEVELOPMENT_AUDIENCE,
  }
}
