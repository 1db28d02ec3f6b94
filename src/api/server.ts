import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { requestId } from 'hono/request-id'
import { timeout } from 'hono/timeout'
import type { ApiConfig } from '../config.ts'
import type { Database } from '../db/pool.ts'
import { documentHeaders } from '../documents/headers.ts'
import type { DocumentLinks } from '../documents/link.ts'
import { documentRoutes } from '../documents/routes.ts'
import type { Logger } from '../log.ts'
import { payHeaders } from '../pay/headers.ts'
import { payRoutes } from '../pay/routes.ts'
import { inbox } from '../webhooks/inbox.ts'
import { receive } from '../webhooks/receive.ts'
import { resendEvents } from '../webhooks/resend.ts'
import { stripeEvents } from '../webhooks/stripe.ts'
import { codedError } from './coded-error.ts'
import type { CommandGateway } from './command-gateway.ts'
import type { GraphqlHandler } from './graphql.ts'
import { graphqlAnswer } from './graphql-answer.ts'
import { type HealthCheck, healthRoutes } from './health.ts'
import type { RateLimits } from './limits/rate-limits.ts'
import { isOutage } from './outage.ts'
import { type AppEnv, requestLog, tellRequestId } from './request-log.ts'
import { graphqlHeaders, strictHeaders } from './security-headers.ts'
import { turnAway } from './turn-away.ts'

const BODY_LIMIT_BYTES = 1_000_000
/** Providers give up on a webhook sooner or later than this; then they send it again. */
const WEBHOOK_WITHIN_MS = 10_000
const CORS = {
  // No cookies: what lets a page in is the token it sends.
  credentials: false,
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['authorization', 'content-type', 'x-request-id'],
  exposeHeaders: ['x-request-id', 'retry-after'],
  maxAge: 600,
}

export interface ServerDependencies {
  config: Pick<
    ApiConfig,
    'stripeWebhookSecrets' | 'resendWebhookSecret' | 'publicUrl' | 'checkoutOrigin' | 'corsOrigins' | 'trustedProxies'
  >
  db: Database
  commands: CommandGateway
  graphql: GraphqlHandler
  documents: DocumentLinks
  rateLimits: Pick<RateLimits, 'payLink' | 'payAddress'>
  /** Aborted when the process is to end: what comes on open connections then is turned away. */
  closing: AbortSignal
  /** What `/readyz` asks, by the neighbour's name. */
  checks: Readonly<Record<string, HealthCheck>>
  log: Logger
}

/**
 * The edges of the API process: GraphQL, the payment page, documents, the providers' webhooks and health. Everything a caller sends is
 * bounded, every answer carries its request's id, and an error tells its code and nothing of the inside.
 */
export function createServer(dependencies: ServerDependencies): Hono<AppEnv> {
  const { config, db, commands, graphql, documents, rateLimits, closing, checks, log } = dependencies
  const app = new Hono<AppEnv>()
  const events = inbox(db)

  app.use(requestId(), tellRequestId)
  app.use(strictHeaders())
  // Before the log, which probes every few seconds would fill.
  app.route('/', healthRoutes(checks))
  app.use(requestLog(log))
  app.use(turnAway(closing))
  app.use('/pay/*', payHeaders(config.checkoutOrigin))
  app.use('/documents/*', documentHeaders())

  const { publicUrl, trustedProxies } = config
  app.route('/pay', payRoutes({ db, commands, publicUrl, trustedProxies, rateLimits }))
  app.route('/documents', documentRoutes({ db, links: documents }))

  app.use('/webhooks/*', timeout(WEBHOOK_WITHIN_MS, new HTTPException(503)))
  app.use(
    '/webhooks/*',
    bodyLimit({ maxSize: BODY_LIMIT_BYTES, onError: (c) => codedError(c, 413, 'PAYLOAD_TOO_LARGE') }),
  )
  app.post('/webhooks/stripe', receive(stripeEvents(config.stripeWebhookSecrets), events))
  app.post('/webhooks/resend', receive(resendEvents(config.resendWebhookSecret), events))
  for (const webhook of ['/webhooks/stripe', '/webhooks/resend']) {
    app.all(webhook, (c) => {
      c.header('Allow', 'POST')
      return codedError(c, 405, 'METHOD_NOT_ALLOWED')
    })
  }

  app.use('/graphql', graphqlHeaders())
  if (config.corsOrigins.length > 0) app.use('/graphql', cors({ origin: config.corsOrigins, ...CORS }))
  const message = 'The request is too large.'
  app.use(
    '/graphql',
    bodyLimit({
      maxSize: BODY_LIMIT_BYTES,
      onError: (c) => graphqlAnswer(413, 'PAYLOAD_TOO_LARGE', { message, requestId: c.get('requestId') }),
    }),
  )
  app.all('/graphql', (c) => graphql(c.req.raw, c.get('log'), c.get('requestId')))

  app.notFound((c) => codedError(c, 404, 'NOT_FOUND'))
  app.onError((err, c) => {
    // Nobody is there to read the answer, and a request that broke off is no fault of ours.
    if (c.req.raw.signal.aborted) return codedError(c, 400, 'BAD_REQUEST')
    c.get('log').error({ err }, 'request failed')
    if (err instanceof HTTPException || isOutage(err)) return codedError(c, 503, 'TEMPORARILY_UNAVAILABLE')
    return codedError(c, 500, 'INTERNAL_SERVER_ERROR')
  })
  return app
}
