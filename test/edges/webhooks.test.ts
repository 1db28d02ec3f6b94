import { randomUUID } from 'node:crypto'
import pg from 'pg'
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { effectTag } from '../../src/mail/effect-tag.ts'
import { signEvent } from '../../src/outbox/sign.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { type Edge, RESEND_SECRET, STRIPE_CONNECT_SECRET, STRIPE_SECRET, startEdge } from './edge.ts'

const ADDRESS = 'ada@lovelace.example'

let database: TestDatabase
let edge: Edge
beforeAll(async () => {
  database = await createTestDatabase()
  edge = await startEdge(database.apiUrl)
})
afterAll(async () => {
  await edge?.close()
  await database?.drop()
})

const now = (): number => Math.floor(Date.now() / 1000)

function stripeEvent(change: Record<string, unknown> = {}) {
  const id = `evt_${randomUUID()}`
  return {
    id,
    object: 'event',
    type: 'checkout.session.completed',
    account: 'acct_1',
    data: { object: { id: `cs_${id}`, object: 'checkout.session', customer_email: ADDRESS, amount_total: 90_000 } },
    ...change,
  }
}

interface Signing {
  secret?: string
  at?: number
  to?: Edge
}

function fromStripe(payload: string, { secret = STRIPE_SECRET, at = now(), to = edge }: Signing = {}) {
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: at })
  return post(to, 'stripe', payload, { 'stripe-signature': signature })
}

function post(to: Edge, source: string, body: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${to.url}/webhooks/${source}`, { method: 'POST', body, headers })
}

const row = (id: string) => database.owner.selectFrom('inbox').selectAll().where('id', '=', id).execute()
const rows = async () => (await database.owner.selectFrom('inbox').select('id').execute()).length

async function refusal(answer: Promise<Response>): Promise<[number, unknown]> {
  const response = await answer
  return [response.status, await response.json()]
}
const coded = (status: number, code: string): [number, unknown] => [status, { error: { code } }]

test('R12: a repeated webhook of Stripe is one row, which holds ids and nothing else of the event', async () => {
  const event = stripeEvent()
  const payload = JSON.stringify(event)
  const answers = await Promise.all([fromStripe(payload), fromStripe(payload), fromStripe(payload)])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(await row(event.id)).toMatchObject([
    { source: 'stripe', type: event.type, account: 'acct_1', object_id: `cs_${event.id}`, booked_at: null, tries: 0 },
  ])
  expect(JSON.stringify(await row(event.id), (_, value) => String(value))).not.toContain(ADDRESS)
})

test('R12: the workers are woken after the row is there', async () => {
  const worker = new pg.Client({ connectionString: database.workerUrl })
  await worker.connect()
  try {
    await worker.query('listen inbox')
    const seen: unknown[] = []
    const event = stripeEvent()
    worker.on('notification', () => {
      void worker.query('select from inbox where id = $1', [event.id]).then(({ rowCount }) => seen.push(rowCount))
    })
    await fromStripe(JSON.stringify(event))
    // What was filed before may still ring.
    await until('the worker is woken', async () => seen.includes(1))
  } finally {
    await worker.end()
  }
})

test.each([
  ['refund.failed', 're_1'],
  ['charge.dispute.funds_withdrawn', 'du_1'],
  ['charge.updated', 'ch_1'],
  ['payout.reconciliation_completed', 'po_1'],
])('R13, R17, R18: %s is kept with the object it is about and the account it came from', async (type, id) => {
  const event = stripeEvent({ type, data: { object: { id, object: 'any', amount: 90_000 } } })
  expect((await fromStripe(JSON.stringify(event))).status).toBe(200)
  expect(await row(event.id)).toMatchObject([{ type, object_id: id, account: 'acct_1', booked_at: null }])
})

test('an event that changes nothing here is acknowledged and not kept', async () => {
  const event = stripeEvent({ type: 'customer.created' })
  expect((await fromStripe(JSON.stringify(event))).status).toBe(200)
  expect(await row(event.id)).toEqual([])
})

test('an event of the platform itself has no account', async () => {
  const event = stripeEvent({ account: undefined })
  await fromStripe(JSON.stringify(event))
  expect(await row(event.id)).toMatchObject([{ account: null }])
})

test('R12: events of the own account and of connected ones are taken, each signed by its own endpoint; of no other', async () => {
  const own = stripeEvent({ account: undefined })
  const connected = stripeEvent({ account: 'acct_1' })
  const strange = stripeEvent({ account: 'acct_1' })
  expect((await fromStripe(JSON.stringify(own), { secret: STRIPE_SECRET })).status).toBe(200)
  expect((await fromStripe(JSON.stringify(connected), { secret: STRIPE_CONNECT_SECRET })).status).toBe(200)
  for (const secret of ['whsec_of_another_endpoint', `${STRIPE_SECRET},${STRIPE_CONNECT_SECRET}`]) {
    expect(await refusal(fromStripe(JSON.stringify(strange), { secret }))).toEqual(coded(400, 'INVALID_SIGNATURE'))
  }
  expect(await row(own.id)).toMatchObject([{ account: null }])
  expect(await row(connected.id)).toMatchObject([{ account: 'acct_1' }])
  expect(await row(strange.id)).toEqual([])
})

test('forged, unsigned, changed, stale and future-dated webhooks of Stripe are refused by name and leave no row', async () => {
  const before = await rows()
  const payload = JSON.stringify(stripeEvent())
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: STRIPE_SECRET })
  const send = (body: string, headers: Record<string, string>) => refusal(post(edge, 'stripe', body, headers))
  const forged = coded(400, 'INVALID_SIGNATURE')
  expect(await refusal(fromStripe(payload, { secret: 'whsec_of_somebody_else' }))).toEqual(forged)
  expect(await send(payload, {})).toEqual(forged)
  expect(await send(payload, { 'stripe-signature': 'nonsense' })).toEqual(forged)
  expect(await send(payload.replace('90000', '10'), { 'stripe-signature': signature })).toEqual(forged)
  expect(await send(payload, { 'stripe-signature': `t=${now()},${signature}` })).toEqual(forged)

  const outOfTime = coded(400, 'SIGNATURE_OUT_OF_TIME')
  expect(await refusal(fromStripe(payload, { at: now() - 310 }))).toEqual(outOfTime)
  expect(await refusal(fromStripe(payload, { at: now() + 310 }))).toEqual(outOfTime)
  expect(await rows()).toBe(before)
  expect((await fromStripe(payload, { at: now() - 280 })).status).toBe(200)
})

test('a signed body that is no event is refused as malformed', async () => {
  const withoutObject = stripeEvent({ data: {} })
  const withoutId = stripeEvent({ data: { object: { object: 'checkout.session' } } })
  const bodies = ['{"id": "evt_1", ', 'null', '[]', '"evt"', JSON.stringify(withoutObject), JSON.stringify(withoutId)]
  for (const body of bodies) {
    for (const secret of [STRIPE_SECRET, STRIPE_CONNECT_SECRET]) {
      expect(await refusal(fromStripe(body, { secret })), body).toEqual(coded(400, 'MALFORMED_EVENT'))
    }
  }
})

test('a body of 10 MB is refused before it is read, announced or not', async () => {
  const payload = JSON.stringify(stripeEvent({ padding: 'x'.repeat(10_000_000) }))
  expect(await refusal(fromStripe(payload))).toEqual(coded(413, 'PAYLOAD_TOO_LARGE'))
  const streamed = { method: 'POST', body: new Blob([payload]).stream(), duplex: 'half' } as const
  expect(await refusal(fetch(`${edge.url}/webhooks/stripe`, streamed))).toEqual(coded(413, 'PAYLOAD_TOO_LARGE'))
})

test('while the database is away the provider is asked to try again, and then the event is kept', async () => {
  const away = new URL(database.apiUrl)
  away.port = '1'
  const broken = await startEdge(away.toString())
  const event = stripeEvent()
  try {
    expect(await refusal(fromStripe(JSON.stringify(event), { to: broken }))).toEqual(
      coded(503, 'TEMPORARILY_UNAVAILABLE'),
    )
    expect(broken.logged()).toContain('ECONNREFUSED')
  } finally {
    await broken.close()
  }
  expect((await fromStripe(JSON.stringify(event))).status).toBe(200)
  expect(await row(event.id)).toHaveLength(1)
})

const mailEvent = (type = 'email.bounced', tags?: unknown): string =>
  JSON.stringify({
    type,
    created_at: new Date().toISOString(),
    data: { email_id: 'em_1', to: [ADDRESS], subject: 'Retainer', tags },
  })

const fromResend = (body: string, id = `msg_${randomUUID()}`, headers: Record<string, string> = {}) =>
  post(edge, 'resend', body, { ...signEvent({ id, type: '', body }, RESEND_SECRET), ...headers })

test('a webhook of Resend is kept once by its message id, without address or subject', async () => {
  const id = `msg_${randomUUID()}`
  const body = mailEvent()
  expect((await fromResend(body, id)).status).toBe(200)
  expect((await fromResend(body, id)).status).toBe(200)
  expect(await row(id)).toMatchObject([{ source: 'resend', type: 'email.bounced', account: null, object_id: 'em_1' }])
  expect(JSON.stringify(await row(id), (_, value) => String(value))).not.toContain(ADDRESS)
})

test('a webhook of Resend is kept with the effect that its mail is tagged with, whatever other tags there are', async () => {
  const effectId = `${randomUUID()}.12.3`
  const tagged = Object.fromEntries([effectTag(effectId)].map(({ name, value }) => [name, value]))
  for (const [tags, kept] of [
    [tagged, effectId],
    [{ ...tagged, kind: 'request' }, effectId],
    [{ kind: 'request' }, null],
    ['nonsense', null],
    [{ effect: 'no effect' }, null],
    [{ effect: 'AAAA' }, null],
  ] as const) {
    const id = `msg_${randomUUID()}`
    expect((await fromResend(mailEvent('email.bounced', tags), id)).status).toBe(200)
    expect(await row(id)).toMatchObject([{ object_id: 'em_1', effect_id: kept }])
  }
})

test('forged, unsigned, stale, future-dated and malformed webhooks of Resend are refused by name and leave no row', async () => {
  const before = await rows()
  const body = mailEvent()
  expect(await refusal(post(edge, 'resend', body, {}))).toEqual(coded(400, 'INVALID_SIGNATURE'))
  expect(await refusal(fromResend(body, 'msg_1', { 'svix-signature': 'v1,AAAA' }))).toEqual(
    coded(400, 'INVALID_SIGNATURE'),
  )
  expect(await refusal(fromResend(body, 'msg_1', { 'svix-id': 'msg_2' }))).toEqual(coded(400, 'INVALID_SIGNATURE'))
  expect(await refusal(fromResend(body, 'msg_1', { 'svix-id': `msg ${ADDRESS}` }))).toEqual(
    coded(400, 'INVALID_SIGNATURE'),
  )
  for (const at of [now() - 310, now() + 310]) {
    const late = fromResend(body, 'msg_1', { 'svix-timestamp': String(at) })
    expect(await refusal(late)).toEqual(coded(400, 'SIGNATURE_OUT_OF_TIME'))
  }
  for (const malformed of ['{', 'null', '', '{"type":"email.bounced"}']) {
    expect(await refusal(fromResend(malformed)), malformed).toEqual(coded(400, 'MALFORMED_EVENT'))
  }
  expect((await fromResend(mailEvent('email.opened'))).status).toBe(200)
  expect(await rows()).toBe(before)
})

test('the log holds ids and codes, and neither address nor amount nor signature', () => {
  expect(edge.logged()).toContain('SIGNATURE_OUT_OF_TIME')
  expect(edge.logged()).toContain('cs_evt_')
  for (const secret of [ADDRESS, '90000', STRIPE_SECRET, 'v1=']) expect(edge.logged()).not.toContain(secret)
})
