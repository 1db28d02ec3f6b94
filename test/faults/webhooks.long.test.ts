import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/pool.ts'
import { payByLink } from '../../src/demo/payer.ts'
import { DEMO_FIRM_ID } from '../../src/identity/demo-firm.ts'
import { askedMatter, mailsTo, startWholeStack, type WholeStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

let whole: WholeStack
beforeAll(async () => {
  whole = await startWholeStack()
})
afterAll(() => whole?.stack.stop())

async function sandboxFaults(faults: object): Promise<void> {
  const response = await fetch(`${whole.sandboxUrl}/_control/faults`, { method: 'POST', body: JSON.stringify(faults) })
  expect(response.status).toBe(200)
}

const mailCounts = async () => ({
  client: (await mailsTo(whole.outboxUrl, 'ada.byron@client.example')).length,
  firm: (await mailsTo(whole.outboxUrl, 'office@hartvale.example')).length,
})

test('R12: a payment whose events come twice and in the wrong order posts once and is told once', async () => {
  const { desk } = whole
  const { matterId, payUrl } = await askedMatter(desk, '1000.00')
  const before = await mailCounts()
  await sandboxFaults({ webhooks: { duplicate: true, holdAndReverse: 4 } })
  await payByLink(payUrl, '400.00')
  await payByLink(payUrl, '100.00')
  await sandboxFaults({})
  expect(await desk.settled(matterId, { balance: '500.00' })).toEqual({ amountDue: '500.00', balance: '500.00' })
  await until('every delivery is through', async () => {
    const deliveries = (await (await fetch(`${whole.sandboxUrl}/_control/deliveries`)).json()) as { state: string }[]
    return deliveries.length > 0 && deliveries.every(({ state }) => state === 'delivered')
  })
  expect(await desk.settled(matterId)).toEqual({ amountDue: '500.00', balance: '500.00' })
  expect(await mailCounts()).toEqual({ client: before.client + 2, firm: before.firm + 2 })
})

test('R12: a forged event moves no money', async () => {
  const { desk, stack } = whole
  const { matterId } = await askedMatter(desk, '1000.00')
  const event = {
    id: 'evt_forged',
    object: 'event',
    type: 'checkout.session.completed',
    data: { object: { id: 'cs_forged', object: 'checkout.session' } },
  }
  const forged = await fetch(`${stack.urls.api}/webhooks/stripe`, {
    method: 'POST',
    headers: { 'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` },
    body: JSON.stringify(event),
  })
  expect([forged.status, await forged.json()]).toMatchObject([400, { error: { code: 'INVALID_SIGNATURE' } }])
  expect(await desk.settled(matterId)).toEqual({ amountDue: '1000.00', balance: '0.00' })
})

test('R12: a payment whose events never arrive is found at the provider', async () => {
  const { desk } = whole
  const { matterId, payUrl } = await askedMatter(desk, '1000.00')
  await sandboxFaults({ webhooks: { drop: true } })
  await payByLink(payUrl, '1000.00')
  await sandboxFaults({})
  expect(await desk.settled(matterId, { balance: '1000.00' })).toEqual({ amountDue: '0.00', balance: '1000.00' })
}, 300_000)

test('R5, R14: the provider that timed out after having acted opens one page, and it can be paid', async () => {
  const { desk } = whole
  const { matterId, payUrl } = await askedMatter(desk, '1000.00')
  await sandboxFaults({
    calls: [{ path: '/v1/checkout/sessions', times: 2, effect: { kind: 'disconnect', afterActing: true } }],
  })
  await payByLink(payUrl, '1000.00')
  expect(await desk.settled(matterId, { balance: '1000.00' })).toEqual({ amountDue: '0.00', balance: '1000.00' })
})

test('R15: a payment that no matter can take is kept in the firm’s unapplied funds, and the firm is told', async () => {
  const { stack, sandboxUrl, outboxUrl } = whole
  const { hostname, port } = new URL(sandboxUrl)
  const stripe = new Stripe('sk_test_sandbox', { host: hostname, port, protocol: 'http', telemetry: false })
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [
      { quantity: 1, price_data: { currency: 'usd', unit_amount: 12_300, product_data: { name: 'A retainer' } } },
    ],
    metadata: { firmId: DEMO_FIRM_ID, matterId: randomUUID(), attemptId: randomUUID() },
    success_url: 'http://127.0.0.1:9/',
  })
  const before = (await mailsTo(outboxUrl, 'office@hartvale.example')).length
  const paid = await fetch(session.url ?? '', {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ email: 'a@client.example', card_number: '4242424242424242' }),
  })
  expect(paid.status).toBe(303)
  const db = openDatabase(stack.env.DATABASE_URL, { name: 'test', max: 1 })
  try {
    const entries = await until('it is booked', async () => {
      const rows = await db
        .selectFrom('entry')
        .select(['account', 'side', 'amount_minor', 'matter_id'])
        .where('kind', '=', 'UNAPPLIED_PAYMENT')
        .orderBy('line')
        .execute()
      return rows.length > 0 && rows
    })
    expect(entries).toEqual([
      { account: 'PAYMENTS_HOLDING', side: 'DEBIT', amount_minor: 12_300n, matter_id: null },
      { account: 'UNAPPLIED_FUNDS', side: 'CREDIT', amount_minor: 12_300n, matter_id: null },
    ])
  } finally {
    await db.destroy()
  }
  await until(
    'the firm is told',
    async () => (await mailsTo(outboxUrl, 'office@hartvale.example')).length === before + 1,
  )
})
