import type { DatabaseSync } from 'node:sqlite'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { transaction } from '../far-side/database.ts'
import type { FaultSwitches } from '../far-side/faults.ts'
import type { Answer, openIdempotency } from '../far-side/idempotency.ts'
import { intercept, type NodeEnv } from '../far-side/intercept.ts'
import { type Email, parseEmail } from './email.ts'
import { ApiError, invalid } from './errors.ts'
import type { Mailbox, StoredEmail } from './mailbox.ts'
import type { Verdict } from './rate-limit.ts'

interface Parts {
  db: DatabaseSync
  mailbox: Mailbox
  apiKey: string
  keyed: ReturnType<typeof openIdempotency>
  faults: Pick<FaultSwitches, 'takeForCall'>
  rateLimit: () => Verdict
  /** Aborted when the server closes. */
  closing: AbortSignal
}

const Paging = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().optional(),
  before: z.string().optional(),
})

const KEY_REFUSALS = {
  'other-request': ['invalid_idempotent_request', 'Same idempotency key used with a different request payload.'],
  'in-progress': [
    'concurrent_idempotent_requests',
    'Same idempotency key used while original request is still in progress.',
  ],
} as const

function publicEmail(email: StoredEmail): object {
  const { id, message_id, created_at, from, to, cc, bcc, reply_to, subject, html, text, tags, last_event } = email
  const envelope = { id, message_id, created_at, from, to, cc, bcc, reply_to, subject }
  return { object: 'email', ...envelope, html, text, tags, last_event, scheduled_at: null }
}

function authenticate(c: Context<NodeEnv>, apiKey: string): void {
  const key = c.req.header('authorization')?.replace(/^Bearer\s+/i, '')
  if (!key) throw new ApiError(401, 'missing_api_key', 'Missing API Key')
  if (key !== apiKey) throw new ApiError(403, 'invalid_api_key', 'API key is invalid')
}

function keyOf(c: Context<NodeEnv>): string | undefined {
  const key = c.req.header('idempotency-key')
  if (key !== undefined && (key.length === 0 || key.length > 256))
    throw new ApiError(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.')
  return key
}

async function emailOf(c: Context<NodeEnv>): Promise<Email> {
  try {
    return parseEmail(await c.req.json())
  } catch (error) {
    throw error instanceof SyntaxError ? invalid('The request body is not valid JSON.') : error
  }
}

/** The part of Resend's API that is spoken: POST /emails, GET /emails, GET /emails/:id. */
export function resendApi({ db, mailbox, apiKey, keyed, faults, rateLimit, closing }: Parts): Hono<NodeEnv> {
  const app = new Hono<NodeEnv>()
  const send = ({ status, body }: Answer) =>
    new Response(body, { status, headers: { 'content-type': 'application/json' } })

  app.use('/emails/*', async (c, next) => {
    authenticate(c, apiKey)
    const { allowed, headers } = rateLimit()
    if (!allowed) {
      const message = 'Too many requests. Please limit the number of requests per second.'
      return c.json(new ApiError(429, 'rate_limit_exceeded', message).body(), 429, headers)
    }
    await next()
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
  })

  const handle = (c: Context<NodeEnv>, act: (before: () => Promise<void>) => Promise<Response>) =>
    intercept(c, {
      effect: faults.takeForCall(c.req.method, c.req.path),
      act,
      closing,
      failure(status) {
        const error = new ApiError(status, 'internal_server_error', 'An error occurred because a test asked for it.')
        const headers = status === 429 ? { 'retry-after': '1' } : {}
        return new Response(JSON.stringify(error.body()), {
          status,
          headers: { 'content-type': 'application/json', ...headers },
        })
      },
    })

  app.post('/emails', async (c) => {
    const key = keyOf(c)
    const email = await emailOf(c)
    const accept = () => ({ status: 200, body: JSON.stringify({ id: mailbox.accept(email, key ?? null).id }) })
    return handle(c, async (before) => {
      if (key === undefined) {
        await before()
        return send(transaction(db, accept))
      }
      const act = () => ({ answer: accept(), keep: true })
      const outcome = await keyed({ scope: 'emails', key, request: JSON.stringify(email), before, act })
      if ('answer' in outcome) return send(outcome.answer)
      const [name, message] = KEY_REFUSALS[outcome.kind]
      throw new ApiError(409, name, message)
    })
  })

  app.get('/emails', (c) =>
    handle(c, async (before) => {
      await before()
      const paging = Paging.safeParse(c.req.query())
      if (!paging.success) throw invalid('The pagination parameters are not valid.')
      const { limit, after, before: newerThan } = paging.data
      const found = mailbox.page({ limit, startingAfter: after, endingBefore: newerThan })
      if (!found) throw new ApiError(404, 'not_found', 'Email not found')
      return c.json({ object: 'list', has_more: found.hasMore, data: found.data.map(publicEmail) })
    }),
  )

  app.get('/emails/:id', (c) =>
    handle(c, async (before) => {
      await before()
      const email = mailbox.get(c.req.param('id'))
      if (!email) throw new ApiError(404, 'not_found', 'Email not found')
      return c.json(publicEmail(email))
    }),
  )
  return app
}
