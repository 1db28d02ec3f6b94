import { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { controlRoutes } from '../far-side/control.ts'
import { type Clock, openDatabase } from '../far-side/database.ts'
import { openDeliveries } from '../far-side/deliveries.ts'
import { openDocuments } from '../far-side/documents.ts'
import { makeFaultSwitches } from '../far-side/faults.ts'
import { openIdempotency } from '../far-side/idempotency.ts'
import type { NodeEnv } from '../far-side/intercept.ts'
import { listen } from '../far-side/serve.ts'
import { resendApi } from './api.ts'
import { ApiError } from './errors.ts'
import { OutboxFaults, openMailbox } from './mailbox.ts'
import { outboxPages } from './pages.ts'
import { makeRateLimit } from './rate-limit.ts'
import { signEvent } from './sign.ts'

/** A running outbox. */
export interface Outbox {
  /** Where API, inbox page and `/_control` are: `http://127.0.0.1:<port>`. */
  url: string
  /** Registers the webhook endpoint, for when its port is known only now. */
  setWebhookUrl: (url: string) => void
  close: () => Promise<void>
}

export interface OutboxOptions {
  /** 0: any free port. */
  port: number
  /** The file that keeps everything, or ':memory:'. */
  statePath: string
  /** The only API key that is let in. */
  apiKey: string
  /** `whsec_` and base64. */
  webhookSecret: string
  /** Where events go. Without one, nobody is told. */
  webhookUrl?: string
  /** Requests per second that are let through; without it, all are. */
  ratePerSecond?: number
  /** What mails and events are dated by. Signatures use the machine's clock: those who verify them do. */
  now?: Clock
}

/** Starts the outbox: a stand-in for the part of Resend this project uses, to the official client. */
export async function startOutbox(options: OutboxOptions): Promise<Outbox> {
  const { statePath, apiKey, webhookSecret, now = Date.now } = options
  const db = openDatabase(statePath)
  const faults = makeFaultSwitches(OutboxFaults)
  const sign = (event: Parameters<typeof signEvent>[0]) => signEvent(event, webhookSecret)
  const deliveries = openDeliveries({ db, now, faults, url: options.webhookUrl, sign })
  const mailbox = openMailbox({ now, documents: openDocuments(db), deliveries, faults })
  const rateLimit = makeRateLimit(options.ratePerSecond, now)
  const keyed = openIdempotency(db, now)
  const closing = new AbortController()

  const app = new Hono<NodeEnv>()
  app.route('/', resendApi({ db, mailbox, apiKey, keyed, faults, rateLimit, closing: closing.signal }))
  app.route('/', outboxPages(mailbox))
  app.route('/_control', controlRoutes(faults, deliveries))
  app.get('/healthz', (c) => c.text('ok'))
  app.notFound((c) => c.json(new ApiError(404, 'not_found', 'The requested endpoint does not exist.').body(), 404))
  app.onError((error, c) => {
    if (error instanceof ApiError) return c.json(error.body(), error.statusCode as ContentfulStatusCode)
    if (!closing.signal.aborted) console.error(error)
    return c.json(new ApiError(500, 'internal_server_error', 'An unexpected error occurred.').body(), 500)
  })

  const server = await listen(app, options.port)
  return {
    url: server.url,
    setWebhookUrl: (url) => deliveries.setUrl(url),
    async close() {
      closing.abort()
      await deliveries.close()
      await server.close()
      db.close()
    },
  }
}
