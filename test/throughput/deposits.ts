import { randomUUID } from 'node:crypto'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import Stripe from 'stripe'
import type { AppEnv } from '../../src/api/request-log.ts'
import { createLogger } from '../../src/log.ts'
import type { Matter } from '../../src/simulation/world/matter.ts'
import type { World } from '../../src/simulation/world/world.ts'
import { receive } from '../../src/webhooks/receive.ts'
import { stripeEvents } from '../../src/webhooks/stripe.ts'
import type { Line } from './line.ts'

const SECRET = 'whsec_throughput'
const POLL_MS = 2

/**
 * Deposits on these matters by turns, each told by a signed webhook over HTTP and done when the books have it. So many clients
 * have paid at the provider's page already; nobody has been told.
 */
export async function openDeposits(world: World, matters: Matter[], count: number): Promise<Line> {
  const stripe = stripeOf(world)
  const paid: string[] = []
  for (let n = 0; n < count; n += 1) paid.push(await payment(world, stripe, matters[n % matters.length] as Matter))
  // By their own names, or the worker would find them missing and ask the provider.
  const events = new Map(
    (await world.sandbox.events()).map((event) => [(event.data.object as { id: string }).id, event]),
  )
  const endpoint = await openEndpoint(world)
  const booked = awaitingBooked(world)
  return {
    async send() {
      const objectId = paid.shift()
      if (!objectId) throw new Error('More deposits than were prepared.')
      const event = events.get(objectId)
      const payload = JSON.stringify(event)
      const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET })
      const response = await fetch(endpoint.url, {
        method: 'POST',
        headers: { 'stripe-signature': signature },
        body: payload,
      })
      if (!response.ok) throw new Error(`The webhook was answered ${response.status}.`)
      return booked.of(event?.id ?? '')
    },
    async close() {
      booked.stop()
      await endpoint.close()
    },
  }
}

function stripeOf({ workerConfig }: World): Stripe {
  const { secretKey, apiUrl = '' } = workerConfig.stripe
  const { hostname, port } = new URL(apiUrl)
  return new Stripe(secretKey, { host: hostname, port, protocol: 'http', telemetry: false })
}

/** A client has paid $1.00 on the provider's page: the session's id. */
async function payment({ sandbox, database }: World, stripe: Stripe, matter: Matter): Promise<string> {
  const attemptId = randomUUID()
  const { open_request_id: requestId } = await matter.row()
  const { id } = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [
      { quantity: 1, price_data: { currency: 'usd', unit_amount: 100, product_data: { name: 'A retainer' } } },
    ],
    metadata: { firmId: matter.firmId, matterId: matter.id, attemptId, requestId },
    success_url: 'http://127.0.0.1:9/',
  })
  await database.owner
    .insertInto('attempt')
    .values({
      id: attemptId,
      firm_id: matter.firmId,
      matter_id: matter.id,
      request_id: requestId ?? '',
      amount_minor: 100n,
      status: 'OPEN',
      session_id: id,
      expires_at: new Date(Date.now() + 3_600_000),
      created_at: new Date(),
    })
    .execute()
  await sandbox.pay(id)
  return id
}

/** The API's webhook endpoint, alone. */
async function openEndpoint({ inbox }: World): Promise<{ url: string; close(): Promise<void> }> {
  const log = createLogger('throughput', { level: 'error' })
  const app = new Hono<AppEnv>()
  app.use(async (c, next) => {
    c.set('log', log)
    await next()
  })
  app.post('/webhooks/stripe', receive(stripeEvents([SECRET]), inbox))
  const { promise: port, resolve } = Promise.withResolvers<number>()
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => resolve(info.port))
  return {
    url: `http://127.0.0.1:${await port}/webhooks/stripe`,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}

/** Looks for what has been booked, for all who wait at once. The moment is PostgreSQL's, so looking late changes no figure. */
function awaitingBooked({ database }: World): { of(eventId: string): Promise<number>; stop(): void } {
  const waiting = new Map<string, (atMs: number) => void>()
  let stopped = false

  async function look(): Promise<void> {
    while (!stopped) {
      const ids = [...waiting.keys()]
      const query = database.owner.selectFrom('inbox').select(['id', 'booked_at']).where('booked_at', 'is not', null)
      const rows = ids.length > 0 ? await query.where('id', 'in', ids).execute() : []
      for (const { id, booked_at: at } of rows) {
        waiting.get(id)?.(at?.getTime() ?? 0)
        waiting.delete(id)
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }
  void look()
  return {
    of: (eventId) => new Promise((resolve) => waiting.set(eventId, resolve)),
    stop() {
      stopped = true
    },
  }
}
