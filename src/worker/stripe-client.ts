import http from 'node:http'
import https from 'node:https'
import Stripe from 'stripe'
import type { WorkerConfig } from '../config.ts'

export interface StripeClient {
  stripe: Stripe
  /** Ends the calls that wait for an answer: they fail, as on a network that breaks. */
  hangUp(): void
}

/** The engine retries, so the client does not: two loops of retries would multiply. */
export function stripeClient({ secretKey, apiUrl }: WorkerConfig['stripe']): StripeClient {
  const { hostname, port, protocol } = new URL(apiUrl ?? 'https://api.stripe.com')
  const isPlain = protocol === 'http:'
  const httpAgent = new (isPlain ? http : https).Agent({ keepAlive: true })
  return {
    stripe: new Stripe(secretKey, {
      maxNetworkRetries: 0,
      timeout: 20_000,
      telemetry: false,
      httpAgent,
      ...(apiUrl && { host: hostname, port, protocol: isPlain ? 'http' : 'https' }),
    }),
    hangUp() {
      // By an error of our own: after one that means a closed connection, the client would call once more.
      const over = new Error('The worker ends.')
      for (const socket of Object.values(httpAgent.sockets).flat()) socket?.destroy(over)
    },
  }
}
