import { type Context, Hono } from 'hono'
import { transaction } from '../far-side/database.ts'
import type { Answer, KeyedRequest, openIdempotency } from '../far-side/idempotency.ts'
import { intercept, type NodeEnv } from '../far-side/intercept.ts'
import { ApiError, errorBody, invalidRequest } from './errors.ts'
import { expand } from './expand.ts'
import { decodeForm } from './form.ts'
import { newId } from './ids.ts'
import { list, parse, text } from './params.ts'
import { balanceEndpoints } from './resources/balance.ts'
import { balanceTransactionEndpoints } from './resources/balance-transactions.ts'
import { chargeEndpoints } from './resources/charges.ts'
import { checkoutSessionEndpoints } from './resources/checkout-sessions.ts'
import { disputeEndpoints } from './resources/disputes.ts'
import { eventEndpoints } from './resources/events.ts'
import { paymentIntentEndpoints } from './resources/payment-intents.ts'
import { payoutEndpoints } from './resources/payouts.ts'
import { refundEndpoints } from './resources/refunds.ts'
import { API_VERSION, type Call, type Endpoint, type World } from './world.ts'

const ENDPOINTS = [
  ...checkoutSessionEndpoints,
  ...paymentIntentEndpoints,
  ...chargeEndpoints,
  ...refundEndpoints,
  ...disputeEndpoints,
  ...balanceEndpoints,
  ...balanceTransactionEndpoints,
  ...payoutEndpoints,
  ...eventEndpoints,
]

interface Parts {
  world: World
  secretKey: string
  keyed: ReturnType<typeof openIdempotency>
  /** Aborted when the server closes. */
  closing: AbortSignal
}

const Expand = list(text(), 1, 20).default([])

function refuse(error: ApiError): Answer {
  return { status: error.status, body: JSON.stringify(errorBody(error)) }
}

function unauthorized(message: string): ApiError {
  return new ApiError(401, { type: 'invalid_request_error', message }, false)
}

/**
 * Who calls: the connected account, or '' for the platform. Throws 401 for a wrong key, 400 and 403 for the rest, and for an
 * account that is connected no more.
 */
function authenticate(c: Context<NodeEnv>, secretKey: string, disconnected: string[]): string {
  const key = c.req.header('authorization')?.replace(/^Bearer\s+/i, '')
  if (!key) throw unauthorized('You did not provide an API key. Use the Authorization header: Bearer YOUR_SECRET_KEY.')
  if (key !== secretKey) throw unauthorized(`Invalid API Key provided: ${key.slice(0, 8)}***${key.slice(-4)}`)
  const version = c.req.header('stripe-version') ?? API_VERSION
  if (version !== API_VERSION)
    throw invalidRequest(`Invalid Stripe API version: ${version}. The sandbox speaks ${API_VERSION}.`, {}, false)
  const account = c.req.header('stripe-account') ?? ''
  if (account !== '' && (!/^acct_\w+$/.test(account) || disconnected.includes(account))) {
    const message = `The provided key does not have access to account '${account}' (or that account does not exist).`
    throw new ApiError(403, { type: 'invalid_request_error', code: 'account_invalid', message }, false)
  }
  return account
}

// What is refused leaves nothing behind, although the refusal itself may be kept.
function attempt(endpoint: Endpoint, call: Call, paths: string[]): { answer: Answer; keep: boolean } {
  try {
    const { world, account } = call
    const answer = transaction(world.db, () => expand(world, account, endpoint.act(call), paths))
    return { answer: { status: 200, body: JSON.stringify(answer, null, 2) }, keep: true }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { answer: refuse(error), keep: error.executed }
  }
}

function keyRefusal(kind: 'other-request' | 'in-progress', key: string): ApiError {
  const again = 'Keys for idempotent requests can only be used with the same parameters they were first used with.'
  if (kind === 'other-request') {
    const message = `${again} Try using a key other than '${key}' if you meant to execute a different request.`
    return new ApiError(400, { type: 'idempotency_error', message }, false)
  }
  const message = `There is currently another in-progress request using this Idempotent Key (${key}). Please try again later.`
  return new ApiError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message }, false)
}

/** The API under /v1, as the official client calls it: authentication, versions, faults, idempotency, expansion. */
export function stripeApi({ world, secretKey, keyed, closing }: Parts): Hono<NodeEnv> {
  const app = new Hono<NodeEnv>()

  const send = ({ status, body }: Answer, requestId: string, replayed = false) => {
    const headers = { 'content-type': 'application/json', 'request-id': requestId, 'stripe-version': API_VERSION }
    return new Response(body, { status, headers: { ...headers, ...(replayed && { 'idempotent-replayed': 'true' }) } })
  }

  async function handle(c: Context<NodeEnv>, endpoint: Endpoint, requestId: string): Promise<Response> {
    const account = authenticate(c, secretKey, world.behaviour.current().disconnected)
    world.agenda.catchUp()
    const encoded = endpoint.method === 'POST' ? await c.req.text() : new URL(c.req.url).search
    const { expand: expandForm, ...params } = decodeForm(encoded)
    const paths = parse(Expand, expandForm as never)
    const key = endpoint.method === 'POST' ? c.req.header('idempotency-key') : undefined
    const cause = { id: requestId, idempotency_key: key ?? null }
    const call: Call = { world, account, id: c.req.param('id') ?? '', params, cause }

    const act = async (before: () => Promise<void>) => {
      if (key === undefined) {
        await before()
        return send(attempt(endpoint, call, paths).answer, requestId)
      }
      const request = JSON.stringify([c.req.path, call.params, paths])
      const run: KeyedRequest = { scope: account, key, request, before, act: () => attempt(endpoint, call, paths) }
      const outcome = await keyed(run)
      if ('answer' in outcome) return send(outcome.answer, requestId, outcome.kind === 'replayed')
      return send(refuse(keyRefusal(outcome.kind, key)), requestId)
    }
    const failure = (status: number) => {
      const message = 'An error occurred in the sandbox because a test asked for it.'
      return send(refuse(new ApiError(status, { type: 'api_error', message })), requestId)
    }
    const effect = world.faults.takeForCall(c.req.method, c.req.path)
    return intercept(c, { effect, act, failure, closing })
  }

  for (const endpoint of ENDPOINTS) {
    app.on(endpoint.method, endpoint.path, async (c) => {
      const requestId = newId('req_', 14)
      try {
        return await handle(c, endpoint, requestId)
      } catch (error) {
        if (error instanceof ApiError) return send(refuse(error), requestId)
        throw error
      }
    })
  }
  app.all('/v1/*', (c) => {
    const message = `Unrecognized request URL (${c.req.method}: ${c.req.path}).`
    return send(refuse(new ApiError(404, { type: 'invalid_request_error', message })), newId('req_', 14))
  })
  return app
}
