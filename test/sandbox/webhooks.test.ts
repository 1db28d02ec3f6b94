import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openEndpoint, until } from '../far-side/endpoint.ts'
import { openSandbox, pay, sessionParams, WEBHOOK_SECRET } from './harness.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

async function open(answer?: (nth: number) => number, now: () => number = Date.now) {
  const endpoint = await openEndpoint(answer)
  const opened = await openSandbox({ webhookUrl: endpoint.url, now })
  cleanUp.push(endpoint.close, opened.sandbox.close)
  const paid = async () => pay(await opened.stripe.checkout.sessions.create(sessionParams()))
  return { endpoint, ...opened, paid }
}

test('a payment is told by signed events that the official client verifies, the completed session among them', async () => {
  const { endpoint, stripe, paid } = await open()
  await paid()
  await until(() => endpoint.received.length === 4)
  const events = endpoint.received.map(({ body, header }) =>
    stripe.webhooks.constructEvent(body, header('stripe-signature'), WEBHOOK_SECRET),
  )
  expect(events.map((event) => event.type).sort()).toEqual([
    'charge.succeeded',
    'checkout.session.completed',
    'payment_intent.created',
    'payment_intent.succeeded',
  ])
  const completed = events.find((event) => event.type === 'checkout.session.completed')
  expect(completed).toMatchObject({ api_version: '2026-10-28.endive', data: { object: { payment_status: 'paid' } } })
  expect(await stripe.events.retrieve(completed?.id ?? '')).toMatchObject({ type: 'checkout.session.completed' })
})

test('events of a connected account carry it', async () => {
  const { endpoint, stripe } = await open()
  await pay(await stripe.checkout.sessions.create(sessionParams(), { stripeAccount: 'acct_firm' }))
  await until(() => endpoint.received.length === 4)
  for (const { body } of endpoint.received) expect(JSON.parse(body)).toMatchObject({ account: 'acct_firm' })
})

test('an event that is not answered by 2xx is sent again, the same event, until it is', async () => {
  const { endpoint, faults, paid } = await open((nth) => (nth < 3 ? 503 : 200))
  await faults({
    webhooks: { types: ['payment_intent.created', 'payment_intent.succeeded', 'charge.succeeded'], drop: true },
  })
  await paid()
  await until(() => endpoint.received.length === 3)
  expect(new Set(endpoint.received.map(({ body }) => body)).size).toBe(1)
})

test('duplicate: every event comes twice', async () => {
  const { endpoint, faults, paid } = await open()
  await faults({ webhooks: { duplicate: true } })
  await paid()
  await until(() => endpoint.received.length === 8)
  expect(new Set(endpoint.received.map(({ body }) => body)).size).toBe(4)
})

test('delay: the event comes later, and can be listed at once', async () => {
  let now = Date.now()
  const { endpoint, stripe, faults, paid } = await open(undefined, () => now)
  await faults({ webhooks: { delayMs: 60_000 } })
  await paid()
  expect((await stripe.events.list()).data).toHaveLength(4)
  expect(endpoint.received).toHaveLength(0)
  now += 60_000
  await until(() => endpoint.received.length === 4)
})

test('reorder: held events arrive in reverse', async () => {
  const { endpoint, faults, paid } = await open()
  await faults({ webhooks: { holdAndReverse: 4 } })
  await paid()
  await until(() => endpoint.received.length === 4)
  expect(endpoint.types()).toEqual([
    'checkout.session.completed',
    'payment_intent.succeeded',
    'charge.succeeded',
    'payment_intent.created',
  ])
})

test('what is held is released when the fault is switched off', async () => {
  const { endpoint, faults, paid } = await open()
  await faults({ webhooks: { holdAndReverse: 99 } })
  await paid()
  await faults({})
  await until(() => endpoint.received.length === 4)
})

test('drop: the event never comes, and a backfill by events.list finds it page by page', async () => {
  const { endpoint, stripe, faults, paid } = await open()
  await paid()
  await until(() => endpoint.received.length === 4)
  const [newest] = (await stripe.events.list()).data
  await faults({ webhooks: { drop: true } })
  await paid()
  await paid()
  const missed: string[] = []
  for await (const event of stripe.events.list({ ending_before: newest?.id ?? '', limit: 3 })) missed.push(event.type)
  expect(missed).toHaveLength(8)
  expect(missed[0]).toBe('payment_intent.created')
  expect(missed.at(-1)).toBe('checkout.session.completed')
  expect(endpoint.received).toHaveLength(4)
})

test('an endpoint registered after the start gets what happens from then on', async () => {
  const { sandbox, stripe } = await openSandbox()
  const endpoint = await openEndpoint()
  cleanUp.push(endpoint.close, sandbox.close)
  await pay(await stripe.checkout.sessions.create(sessionParams()))
  sandbox.setWebhookUrl(endpoint.url)
  const session = await stripe.checkout.sessions.create(sessionParams())
  await stripe.checkout.sessions.expire(session.id)
  await until(() => endpoint.received.length === 1)
  expect(endpoint.types()).toEqual(['checkout.session.expired'])
})

test('events are listed for 30 days, newest first, by type and by time', async () => {
  let now = Date.now()
  const { sandbox, stripe } = await openSandbox({ now: () => now })
  cleanUp.push(sandbox.close)
  await pay(await stripe.checkout.sessions.create(sessionParams()))
  now += 29 * 86_400_000
  const later = Math.floor(now / 1000)
  await pay(await stripe.checkout.sessions.create(sessionParams()))
  expect((await stripe.events.list()).data).toHaveLength(8)
  expect((await stripe.events.list({ created: { gte: later } })).data).toHaveLength(4)
  const some = await stripe.events.list({ types: ['charge.succeeded', 'payment_intent.created'], limit: 3 })
  expect(some.data.map((event) => event.type)).toEqual([
    'charge.succeeded',
    'payment_intent.created',
    'charge.succeeded',
  ])
  expect(some.has_more).toBe(true)
  now += 2 * 86_400_000
  expect((await stripe.events.list()).data).toHaveLength(4)
})

test('a restart with the same file keeps everything and goes on delivering', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  cleanUp.push(() => rmSync(folder, { recursive: true }))
  const statePath = join(folder, 'state.sqlite')
  const endpoint = await openEndpoint()
  cleanUp.push(endpoint.close)
  const before = await openSandbox({ statePath, webhookUrl: 'http://127.0.0.1:9/nobody' })
  const session = await before.stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' })
  await pay(session)
  await before.sandbox.close()

  const after = await openSandbox({ statePath, webhookUrl: endpoint.url })
  cleanUp.push(after.sandbox.close)
  await until(() => endpoint.received.length === 4)
  expect((await after.stripe.checkout.sessions.retrieve(session.id)).status).toBe('complete')
  const again = await after.stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' })
  expect(again.id).toBe(session.id)
})
