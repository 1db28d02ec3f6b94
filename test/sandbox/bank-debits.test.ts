import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { type Opened, open } from './books.ts'
import { debit, pay, sessionParams } from './harness.ts'

const BOTH: ('card' | 'us_bank_account')[] = ['card', 'us_bank_account']
const EXPAND = ['payment_intent.latest_charge.balance_transaction']

async function debited({ stripe }: Opened, accountNumber?: string, amountMinor = 100_000) {
  const session = await stripe.checkout.sessions.create({
    ...sessionParams(amountMinor),
    allowed_payment_method_types: BOTH,
  })
  expect((await debit(session, accountNumber)).status).toBe(303)
  const after = await stripe.checkout.sessions.retrieve(session.id)
  return { session: after, paymentId: after.payment_intent as string }
}

const typesOf = async (stripe: Stripe) =>
  (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type).reverse()

test('R13: a confirmed debit is complete and unpaid, its intent processing, its charge pending', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  await controls.behaves({ debitSettlesAfterMs: null })
  const { session } = await debited(opened)
  expect(session).toMatchObject({ status: 'complete', payment_status: 'unpaid', url: null })
  const { payment_intent } = await stripe.checkout.sessions.retrieve(session.id, { expand: EXPAND })
  expect(payment_intent).toMatchObject({
    status: 'processing',
    amount_received: 0,
    latest_charge: {
      id: expect.stringMatching(/^py_/),
      status: 'pending',
      paid: false,
      payment_method_details: { type: 'us_bank_account', us_bank_account: { last4: '6789' } },
      balance_transaction: { type: 'payment', amount: 100_000, fee: 500, status: 'pending' },
    },
  })
  expect(await typesOf(stripe)).toEqual([
    'payment_intent.created',
    'charge.pending',
    'payment_intent.processing',
    'checkout.session.completed',
  ])
  expect(await (await fetch(`${opened.sandbox.url}/c/pay/${session.id}`)).text()).toContain('was confirmed')
  expect((await debit({ url: `${opened.sandbox.url}/c/pay/${session.id}` })).status).toBe(303)
  expect((await stripe.charges.list()).data).toHaveLength(1)
})

test('R13: a debit settles when told, once, and the session says so', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  await controls.behaves({ debitSettlesAfterMs: null })
  const { session, paymentId } = await debited(opened)
  expect(await controls.debitSettles(paymentId)).toMatchObject({ status: 'succeeded', paid: true })
  await expect(controls.debitSettles(paymentId)).rejects.toThrow('not on its way')
  await expect(controls.debitFails(paymentId)).rejects.toThrow('not on its way')
  expect(await stripe.checkout.sessions.retrieve(session.id, { expand: EXPAND })).toMatchObject({
    payment_status: 'paid',
    payment_intent: { status: 'succeeded', amount_received: 100_000, latest_charge: { status: 'succeeded' } },
  })
  expect((await typesOf(stripe)).slice(4)).toEqual([
    'charge.succeeded',
    'payment_intent.succeeded',
    'checkout.session.async_payment_succeeded',
  ])
})

test('R13: a debit settles by itself after the time that was set, by the clock', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const { session } = await debited(opened)
  now += 3999
  expect(await opened.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'unpaid' })
  now += 1
  expect(await opened.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'paid' })
})

test.each([
  ['000111111113', 'account_closed'],
  ['000111111116', 'no_account'],
  ['000222222227', 'insufficient_funds'],
  ['000333333335', 'debit_not_authorized'],
])(
  'R13: a debit of the account %s fails with %s, gives back what was booked, and costs a fee',
  async (number, code) => {
    let now = Date.now()
    const opened = await open({ now: () => now })
    const { stripe } = opened
    const { session } = await debited(opened, number)
    now += 4000
    const after = await stripe.checkout.sessions.retrieve(session.id, { expand: EXPAND })
    expect(after).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
      payment_intent: {
        status: 'requires_payment_method',
        last_payment_error: { code },
        latest_charge: { status: 'failed', failure_code: code, failure_balance_transaction: expect.any(String) },
      },
    })
    expect((await typesOf(stripe)).slice(4)).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'checkout.session.async_payment_failed',
    ])
    const moves = (await stripe.balanceTransactions.list()).data
    expect(moves.map(({ type, amount, fee, reporting_category }) => [type, amount, fee, reporting_category])).toEqual([
      ['stripe_fee', -400, 0, 'fee'],
      ['payment_failure_refund', -100_000, -500, 'charge_failure'],
      ['payment', 100_000, 500, 'charge'],
    ])
    expect(moves.reduce((sum, { net }) => sum + net, 0)).toBe(-400)
  },
)

test('R18: a debit that comes back after settling is a dispute lost from the start that nobody can contest', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  await controls.behaves({ debitSettlesAfterMs: null })
  const { paymentId } = await debited(opened)
  await expect(controls.debitReturns(paymentId)).rejects.toThrow('no settled debit')
  await controls.debitSettles(paymentId)
  const returned = await controls.debitReturns(paymentId, 'debit_not_authorized')
  expect(returned).toMatchObject({
    amount: 100_000,
    status: 'lost',
    reason: 'debit_not_authorized',
    is_charge_refundable: false,
    evidence_details: { due_by: 0 },
    balance_transactions: [{ type: 'adjustment', amount: -100_000, fee: 1500, net: -101_500, source: returned.id }],
  })
  await expect(controls.debitReturns(paymentId)).rejects.toThrow('no settled debit')
  expect((await typesOf(stripe)).slice(7)).toEqual([
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.closed',
  ])
  expect((await stripe.charges.list()).data).toMatchObject([{ status: 'succeeded', disputed: true }])
})

test('R18: the account that comes back does so by itself, after settling', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const { session } = await debited(opened, '000555555559')
  now += 4000
  expect(await opened.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'paid' })
  expect((await opened.stripe.disputes.list()).data).toEqual([])
  now += 4000
  expect((await opened.stripe.disputes.list()).data).toMatchObject([{ status: 'lost', amount: 100_000 }])
})

test('what a control has decided stays, whatever the account would have done later', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const { session, paymentId } = await debited(opened, '000222222227')
  await opened.controls.debitSettles(paymentId)
  now += 60_000
  expect(await opened.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'paid' })
})

test('the account that stays on its way does, until it is told', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const { session, paymentId } = await debited(opened, '000000000009')
  now += 30 * 86_400_000
  expect(await opened.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'unpaid' })
  await opened.controls.debitFails(paymentId, 'account_closed')
  expect((await opened.stripe.charges.list()).data).toMatchObject([{ failure_code: 'account_closed' }])
})

test('a held back fee of a debit becomes known when told; of one that failed first, never', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  await controls.behaves({ feeDelayMs: null, debitSettlesAfterMs: null })
  const settled = await debited(opened)
  await controls.debitSettles(settled.paymentId)
  expect((await stripe.balanceTransactions.list()).data).toEqual([])
  await controls.feeBecomesKnown(settled.paymentId)
  expect((await stripe.balanceTransactions.list()).data).toMatchObject([{ type: 'payment', fee: 500 }])
  const failed = await debited(opened)
  await controls.debitFails(failed.paymentId)
  expect(await controls.feeBecomesKnown(failed.paymentId)).toMatchObject({ balance_transaction: null })
  expect(await stripe.events.list({ type: 'charge.updated' })).toMatchObject({ data: [{ type: 'charge.updated' }] })
})

test('bank accounts are for US dollars, and for sessions that allow them', async () => {
  const { sandbox, stripe } = await open()
  const euros = sessionParams()
  const [item] = euros.line_items ?? []
  if (item?.price_data) item.price_data.currency = 'eur'
  await expect(stripe.checkout.sessions.create({ ...euros, allowed_payment_method_types: BOTH })).rejects.toMatchObject(
    { statusCode: 400, param: 'allowed_payment_method_types' },
  )

  const byCard = await stripe.checkout.sessions.create(sessionParams())
  expect((await debit(byCard)).status).toBe(402)
  expect(await (await fetch(byCard.url ?? '')).text()).not.toContain('account_number')
  const byBank = await stripe.checkout.sessions.create({
    ...sessionParams(),
    allowed_payment_method_types: ['us_bank_account'],
  })
  expect(byBank.payment_method_types).toEqual(['us_bank_account'])
  expect((await pay(byBank)).status).toBe(402)
  expect((await debit(byBank, '123456789012')).status).toBe(402)
  const both = await stripe.checkout.sessions.create({ ...sessionParams(), allowed_payment_method_types: BOTH })
  const page = await (await fetch(both.url ?? '')).text()
  for (const text of ['4242 4242 4242 4242', '0001 2345 6789', 'US bank account', 'Card']) expect(page).toContain(text)
  // A browser sends both numbers; the method that is chosen decides.
  const form = { email: 'c@example.com', card_number: '4000000000000002', account_number: '000123456789' }
  const send = (method: string) =>
    fetch(`${sandbox.url}/c/pay/${both.id}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ ...form, method }),
    })
  expect((await send('card')).status).toBe(402)
  expect((await send('us_bank_account')).status).toBe(303)
})
