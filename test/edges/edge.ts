import type { CommandGateway } from '../../src/api/command-gateway.ts'
import { listen } from '../../src/api/listen.ts'
import { createServer, type ServerDependencies } from '../../src/api/server.ts'
import { openDatabase } from '../../src/db/pool.ts'
import { documentLinks } from '../../src/documents/link.ts'
import { createLogger, type Logger } from '../../src/log.ts'
import { generous } from '../support/rate-limits.ts'

/** Of the endpoint for the platform's own account. */
export const STRIPE_SECRET = 'whsec_stripe_of_the_tests'
/** Of the endpoint for connected accounts. */
export const STRIPE_CONNECT_SECRET = 'whsec_connect_of_the_tests'
export const RESEND_SECRET = `whsec_${Buffer.from('resend of the tests').toString('base64')}`

const PUBLIC_URL = 'https://pay.hartvale.example'

/** Makes the links that the edge opens, at its public address. */
export const DOCUMENT_LINKS = documentLinks({ secret: 'a secret of the edges in these tests', publicUrl: PUBLIC_URL })

/** Commands that must not be sent. */
export const noCommands: CommandGateway = {
  send: () => Promise.reject(new Error('No command was expected.')),
}

type EdgeParts = Partial<Omit<ServerDependencies, 'config' | 'db'>> & { config?: Partial<ServerDependencies['config']> }

/** The real edges of the API process on a free port, on the database of `apiUrl`, with what it logs kept to be read. */
export async function startEdge(apiUrl: string, { config, ...parts }: EdgeParts = {}) {
  const db = openDatabase(apiUrl, { name: 'test-api', max: 5 })
  const lines: string[] = []
  const app = createServer({
    config: {
      stripeWebhookSecrets: [STRIPE_SECRET, STRIPE_CONNECT_SECRET],
      resendWebhookSecret: RESEND_SECRET,
      publicUrl: PUBLIC_URL,
      checkoutOrigin: 'https://checkout.stripe.test',
      corsOrigins: [],
      trustedProxies: 0,
      ...config,
    },
    db,
    commands: noCommands,
    graphql: () => Promise.resolve(new Response('{}')),
    documents: DOCUMENT_LINKS,
    rateLimits: generous(),
    closing: new AbortController().signal,
    checks: {},
    log: logInto(lines),
    ...parts,
  })
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  return {
    url: server.url,
    /** Everything logged so far. */
    logged: () => lines.join(''),
    async close() {
      await server.close()
      await db.destroy()
    },
  }
}

export type Edge = Awaited<ReturnType<typeof startEdge>>

function logInto(lines: string[]): Logger {
  return createLogger('test', { destination: { write: (line) => lines.push(line) } })
}

/** GET without following, or a form sent by POST. */
export function visit(
  url: string,
  form?: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  if (!form) return fetch(url, { redirect: 'manual', headers })
  return fetch(url, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(form) })
}
