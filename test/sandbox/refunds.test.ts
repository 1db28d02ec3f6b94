import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { debitStarted, laterEvents, movements, open, paidByCard } from './books.ts'

const DAY_MS = 86_400_000

test('R17: a card payment is refunded in parts: at once, from the balance, and the charge counts them', async () => {
  const opened = await open()
  const { stripe } = opened
  const payment_intent = await paidByCard(opened)
  const first = await stripe.refunds.create({ payment_intent, amount: 1, metadata: { refund: 'r1' } })
  expect(first).toMatchObject({ amount: 1, status: 'succeeded', metadata: { refund: 'r1' }, payment_intent })
  const charge = await stripe.charges.retrieve(first.charge as string)
  expect(charge).toMatchObject({ amount_refunded: 1, refunded: false })
  const rest = await stripe.refunds.create({ charge: charge.id, reason: 'requested_by_customer' })
  expect(rest.amount).toBe(99_999)
  expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ amount_refunded: 100_000, refunded: true })
  expect(await movements(stripe)).toEqual([
    ['charge', 100_000, 2930],
    ['refund', -1, 0],
    ['refund', -99_999, 0],
  ])
  expect(await stripe.refunds.retrieve(rest.id, { expand: ['balance_transaction', 'charge'] })).toMatchObject({
    balance_transaction: { amount: -99_999, source: rest.id },
    charge: { id: charge.id },
  })
  for (const params of [{ payment_intent }, { charge: charge.id }])
    expect((await stripe.refunds.list(params)).data.map(({ id }) => id)).toEqual([rest.id, first.id])
  expect(await laterEvents(stripe)).toEqual(['refund.created', 'charge.refunded', 'refund.created', 'charge.refunded'])
})

test('R17: the same key refunds once, and another amount under it is refused', async () => {
  const opened = await open()
  const payment_intent = await paidByCard(opened)
  const refund = (amount: number) =>
    opened.stripe.refunds.create({ payment_intent, amount }, { idempotencyKey: 'refund-1' })
  expect((await refund(500)).id).toBe((await refund(500)).id)
  await expect(refund(600)).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
  expect((await opened.stripe.refunds.list()).data).toHaveLength(1)
})

test('R17: what Stripe refuses is refused: too much, twice, unpaid, disputed, unknown, and no charge named', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const payment_intent = await paidByCard(opened)
  const refund = (params: Stripe.RefundCreateParams) => stripe.refunds.create(params)
  await expect(refund({ payment_intent, amount: 100_001 })).rejects.toMatchObject({ statusCode: 400, param: 'amount' })
  await expect(refund({ payment_intent, amount: 0 })).rejects.toMatchObject({ param: 'amount' })
  await expect(refund({})).rejects.toMatchObject({ statusCode: 400 })
  await expect(refund({ payment_intent: 'pi_x' })).rejects.toMatchObject({ code: 'resource_missing' })
  await expect(refund({ charge: 'ch_x' })).rejects.toMatchObject({ code: 'resource_missing' })
  await controls.dispute(payment_intent, { withdraw: false })
  await expect(refund({ payment_intent })).rejects.toMatchObject({ code: 'refund_disputed_payment' })
  await controls.disputeWon(payment_intent)
  await refund({ payment_intent })
  await expect(refund({ payment_intent })).rejects.toMatchObject({ code: 'charge_already_refunded', statusCode: 400 })
  const lost = await paidByCard(opened)
  await controls.dispute(lost)
  await controls.disputeLost(lost)
  await expect(refund({ payment_intent: lost })).rejects.toMatchObject({ code: 'charge_disputed' })
  const onItsWay = await debitStarted(opened)
  await expect(refund({ payment_intent: onItsWay })).rejects.toMatchObject({ rawType: 'invalid_request_error' })
  expect((await stripe.refunds.list()).data).toHaveLength(1)
})

test('R17: a refund to a bank account is on its way with its balance transaction, and done later', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const { stripe, controls } = opened
  const payment_intent = await debitStarted(opened)
  await controls.debitSettles(payment_intent)
  const refund = await stripe.refunds.create({ payment_intent, amount: 40_000 })
  expect(refund).toMatchObject({
    id: expect.stringMatching(/^pyr_/),
    status: 'pending',
    pending_reason: 'processing',
    balance_transaction: expect.stringMatching(/^txn_/),
  })
  now += 4000
  expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'succeeded' })
  expect((await laterEvents(stripe)).slice(-4)).toEqual([
    'refund.created',
    'charge.refunded',
    'refund.updated',
    'charge.refund.updated',
  ])
  expect((await movements(stripe)).at(-1)).toEqual(['payment_refund', -40_000, 0])
})

test('R17: a bank debit older than 180 days cannot be refunded, a card payment can', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const debit = await debitStarted(opened)
  await opened.controls.debitSettles(debit)
  const card = await paidByCard(opened)
  now += 180 * DAY_MS
  await opened.stripe.refunds.create({ payment_intent: debit, amount: 1 })
  now += 1000
  await expect(opened.stripe.refunds.create({ payment_intent: debit })).rejects.toMatchObject({
    statusCode: 400,
    code: 'charge_not_refundable',
  })
  await opened.stripe.refunds.create({ payment_intent: card })
})

test('R17: a refund that the balance cannot cover waits without a balance transaction, then succeeds', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const { stripe, controls } = opened
  const payment_intent = await paidByCard(opened)
  await controls.behaves({ nextRefunds: ['short_of_balance', 'short_of_balance'] })
  const [byClock, byHand] = [
    await stripe.refunds.create({ payment_intent, amount: 100 }),
    await stripe.refunds.create({ payment_intent, amount: 200 }),
  ]
  expect(byHand).toMatchObject({ status: 'pending', pending_reason: 'insufficient_funds', balance_transaction: null })
  expect((await stripe.refunds.create({ payment_intent, amount: 300 })).status).toBe('succeeded')
  const done = await controls.refundSucceeds(byHand.id)
  expect(done).toMatchObject({ status: 'succeeded', balance_transaction: expect.any(String) })
  expect(done).not.toHaveProperty('pending_reason')
  now += 4000
  expect(await stripe.refunds.retrieve(byClock.id)).toMatchObject({ status: 'succeeded' })
  expect((await movements(stripe)).slice(1)).toEqual([
    ['refund', -300, 0],
    ['refund', -200, 0],
    ['refund', -100, 0],
  ])
})

test('R17: a refund that is refused for want of balance is remembered under its key for a day; under another it is asked anew', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const { stripe, controls } = opened
  const payment_intent = await paidByCard(opened)
  const refund = (idempotencyKey: string) => stripe.refunds.create({ payment_intent, amount: 100 }, { idempotencyKey })
  const fromMemory = { headers: expect.objectContaining({ 'idempotent-replayed': 'true' }) }
  const refused = { code: 'balance_insufficient', statusCode: 400 }
  await controls.behaves({ withoutBalance: [''] })
  await expect(refund('k')).rejects.toMatchObject({
    ...refused,
    headers: expect.not.objectContaining(fromMemory.headers),
  })
  await expect(controls.refundByHand(payment_intent, 100)).rejects.toThrow('insufficient funds')
  await controls.behaves({ withoutBalance: [] })
  await expect(refund('k')).rejects.toMatchObject({ ...refused, ...fromMemory })
  expect(await refund('k-1')).toMatchObject({ status: 'succeeded' })
  now += DAY_MS
  expect(await refund('k')).toMatchObject({ status: 'succeeded' })
  expect((await movements(stripe)).slice(1)).toHaveLength(2)
})

test('R17: a refund fails after it was taken: the balance gets it back and the charge is not refunded by it', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const { stripe, controls } = opened
  const payment_intent = await paidByCard(opened, { cardNumber: '4000000000005126' })
  const refund = await stripe.refunds.create({ payment_intent })
  expect(refund.status).toBe('succeeded')
  now += 4000
  const failed = await stripe.refunds.retrieve(refund.id, { expand: ['failure_balance_transaction'] })
  expect(failed).toMatchObject({
    status: 'failed',
    failure_reason: 'expired_or_canceled_card',
    failure_balance_transaction: { type: 'refund_failure', amount: 100_000, source: refund.id },
  })
  expect((await stripe.charges.list()).data).toMatchObject([{ amount_refunded: 0, refunded: false }])
  expect((await laterEvents(stripe)).slice(-3)).toEqual(['refund.updated', 'charge.refund.updated', 'refund.failed'])
  await expect(controls.refundFails(refund.id)).rejects.toThrow('failed already')
})

test('R17: a refund fails before it was taken: no money has moved', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const payment_intent = await paidByCard(opened)
  await controls.behaves({ nextRefunds: ['short_of_balance'], refundSettlesAfterMs: null })
  await stripe.refunds.create({ payment_intent })
  const failed = await controls.refundFails(payment_intent, 'declined')
  expect(failed).toMatchObject({ status: 'failed', failure_reason: 'declined', balance_transaction: null })
  expect(failed).not.toHaveProperty('failure_balance_transaction')
  expect(await movements(stripe)).toEqual([['charge', 100_000, 2930]])
})

test('R17: a refund made by hand at the provider carries no metadata', async () => {
  const opened = await open()
  const payment_intent = await paidByCard(opened)
  expect(await opened.controls.refundByHand(payment_intent, 700)).toMatchObject({ amount: 700, metadata: {} })
  await expect(opened.controls.refundByHand(payment_intent, 99_301)).rejects.toThrow('greater than unrefunded amount')
  await expect(opened.controls.refundByHand('pi_nobody')).rejects.toThrow('no payment pi_nobody')
})
