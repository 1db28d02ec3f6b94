import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { debitStarted, laterEvents, type Opened, open, paidByCard } from './books.ts'

async function contentOf(stripe: Stripe, payout: Stripe.Payout | undefined, options: Stripe.RequestOptions = {}) {
  const { data } = await stripe.balanceTransactions.list({ payout: payout?.id ?? '', limit: 100 }, options)
  return data.map(({ type, net }) => [type, net]).reverse()
}

const balanceOf = async ({ stripe }: Opened) => {
  const { available, pending } = await stripe.balance.retrieve()
  return [...available, ...pending].reduce((sum, { amount }) => sum + amount, 0)
}

test('a payout takes all that no payout has taken, and can be read back: charges, refunds, disputes, wins, itself', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const first = await paidByCard(opened)
  await stripe.refunds.create({ payment_intent: first, amount: 10_000 })
  const second = await paidByCard(opened, { amountMinor: 50_000 })
  await controls.dispute(second)
  await controls.disputeWon(second)
  const net = 97_070 - 10_000 + 48_520 - 51_500 + 50_000
  expect(await balanceOf(opened)).toBe(net)

  const [payout] = await controls.payOut()
  expect(payout).toMatchObject({ amount: net, status: 'paid', automatic: true, reconciliation_status: 'completed' })
  expect(await contentOf(stripe, payout)).toEqual([
    ['charge', 97_070],
    ['refund', -10_000],
    ['charge', 48_520],
    ['adjustment', -51_500],
    ['adjustment', 50_000],
    ['payout', -net],
  ])
  expect(await stripe.payouts.retrieve(payout?.id ?? '', { expand: ['balance_transaction'] })).toMatchObject({
    balance_transaction: { type: 'payout', amount: -net, net: -net, source: payout?.id },
  })
  expect((await laterEvents(stripe)).slice(-3)).toEqual([
    'payout.created',
    'payout.paid',
    'payout.reconciliation_completed',
  ])
  expect(await balanceOf(opened)).toBe(0)
  expect(await controls.payOut()).toEqual([])

  await paidByCard(opened, { amountMinor: 1000 })
  const [next] = await controls.payOut()
  expect(await contentOf(stripe, next)).toEqual([
    ['charge', 941],
    ['payout', -941],
  ])
})

test('a payout of less than nothing debits the bank account', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const payment_intent = await paidByCard(opened)
  await controls.payOut()
  await stripe.refunds.create({ payment_intent, amount: 30_000 })
  const [payout] = await controls.payOut()
  expect(payout).toMatchObject({ amount: -30_000, status: 'paid' })
  expect(await contentOf(stripe, payout)).toEqual([
    ['refund', -30_000],
    ['payout', 30_000],
  ])
})

test('a payout that fails, even after it was paid, puts its net amount back, and the next one takes it', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  await paidByCard(opened)
  const [payout] = await controls.payOut()
  const failed = await controls.payoutFails(payout?.id ?? '')
  expect(failed).toMatchObject({ status: 'failed', failure_code: 'account_closed' })
  expect(await stripe.payouts.retrieve(failed.id, { expand: ['failure_balance_transaction'] })).toMatchObject({
    failure_balance_transaction: { type: 'payout_failure', amount: 97_070, source: failed.id },
  })
  await expect(controls.payoutFails(failed.id)).rejects.toThrow('failed already')
  expect(await contentOf(stripe, failed)).toEqual([
    ['charge', 97_070],
    ['payout', -97_070],
  ])
  const [next] = await controls.payOut()
  expect(await contentOf(stripe, next)).toEqual([
    ['payout_failure', 97_070],
    ['payout', -97_070],
  ])
})

const isoDay = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

test('a payout arrives and is reconciled in the order and at the time that is set', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const { stripe, controls } = opened
  await paidByCard(opened)
  const [late] = await controls.payOut('', { paidAfterMs: 60_000, reconciledAfterMs: 30_000 })
  expect(late).toMatchObject({ status: 'in_transit', reconciliation_status: 'in_progress' })
  expect(late?.arrival_date, 'the day it arrives, not the time').toBe(Date.parse(isoDay(now)) / 1000)
  await expect(contentOf(stripe, late)).rejects.toMatchObject({ code: 'payout_reconciliation_not_ready' })
  now += 30_000
  expect(await contentOf(stripe, late)).toHaveLength(2)
  now += 30_000
  expect(await stripe.payouts.retrieve(late?.id ?? '')).toMatchObject({ status: 'paid' })
  expect((await laterEvents(stripe)).slice(-2)).toEqual(['payout.reconciliation_completed', 'payout.paid'])

  await paidByCard(opened)
  const [told] = await controls.payOut('', { paidAfterMs: null, reconciledAfterMs: null })
  now += 86_400_000
  expect(await stripe.payouts.retrieve(told?.id ?? '')).toMatchObject({ status: 'in_transit' })
  expect(await controls.payoutArrives(told?.id ?? '')).toMatchObject({ status: 'paid' })
  expect(await controls.payoutReconciles(told?.id ?? '')).toMatchObject({ reconciliation_status: 'completed' })
  expect((await stripe.payouts.list({ status: 'paid' })).data).toHaveLength(2)
})

test('R13: what is on its way is in no payout; what failed is in one, with what took it back and its fee', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const settles = await debitStarted(opened)
  const fails = await debitStarted(opened, 20_000)
  expect(await controls.payOut()).toEqual([])
  await controls.debitSettles(settles)
  const [first] = await controls.payOut()
  expect(await contentOf(stripe, first)).toEqual([
    ['payment', 99_500],
    ['payout', -99_500],
  ])
  await controls.debitFails(fails)
  const [second] = await controls.payOut()
  expect(second?.amount).toBe(-400)
  expect(await contentOf(stripe, second)).toEqual([
    ['payment', 19_840],
    ['payment_failure_refund', -19_840],
    ['stripe_fee', -400],
    ['payout', 400],
  ])
  await controls.debitReturns(settles)
  const [third] = await controls.payOut()
  expect(await contentOf(stripe, third)).toEqual([
    ['adjustment', -101_500],
    ['payout', 101_500],
  ])
})

test('a fee that becomes known late is in the payout after that', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  await controls.behaves({ feeDelayMs: null })
  const paymentId = await paidByCard(opened)
  expect(await controls.payOut()).toEqual([])
  await controls.feeBecomesKnown(paymentId)
  const [payout] = await controls.payOut()
  expect(await contentOf(stripe, payout)).toHaveLength(2)
})

test('money becomes available after its days, or by the payout that takes it', async () => {
  let now = Date.now()
  const opened = await open({ now: () => now })
  const { stripe, controls } = opened
  await paidByCard(opened)
  await debitStarted(opened)
  expect(await stripe.balance.retrieve()).toMatchObject({
    available: [{ amount: 0 }],
    pending: [{ amount: 196_570, currency: 'usd', source_types: { card: 97_070, bank_account: 99_500 } }],
  })
  now += 3 * 86_400_000
  expect(await stripe.balance.retrieve()).toMatchObject({
    available: [{ amount: 97_070 }],
    pending: [{ amount: 99_500, source_types: { card: 0, bank_account: 99_500 } }],
  })
  const [payout] = await controls.payOut()
  expect(payout).toMatchObject({ amount: 97_070 })
  expect((await stripe.balanceTransactions.list({ type: 'payout' })).data).toMatchObject([{ status: 'available' }])
})

test('each currency has its own payout, in its own minor units, and refunds of one unit', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const yen = await paidByCard(opened, { currency: 'jpy', amountMinor: 10_000 })
  const dinar = await paidByCard(opened, { currency: 'kwd', amountMinor: 99_999_990 })
  await stripe.refunds.create({ payment_intent: yen, amount: 1 })
  await expect(stripe.refunds.create({ payment_intent: dinar, amount: 1 })).rejects.toMatchObject({ statusCode: 400 })
  await stripe.refunds.create({ payment_intent: dinar, amount: 10 })
  await controls.dispute(dinar)
  expect((await stripe.disputes.list()).data).toMatchObject([
    { currency: 'kwd', amount: 99_999_980, balance_transactions: [{ fee: 5000 }] },
  ])
  const payouts = await controls.payOut()
  expect(payouts.map(({ currency, amount }) => [currency, amount])).toEqual([
    ['jpy', 10_000 - 320 - 1],
    ['kwd', -2_900_100 - 5000],
  ])
})

test('the largest amount is paid, refunded and paid out to the last cent', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const payment_intent = await paidByCard(opened, { amountMinor: 99_999_999 })
  await stripe.refunds.create({ payment_intent, amount: 99_999_998 })
  await stripe.refunds.create({ payment_intent, amount: 1 })
  const [payout] = await controls.payOut()
  expect(payout?.amount).toBe(-2_900_030)
})

test('a payout made by hand takes money out of the balance and says nothing of which; the next automatic one lists it', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  await paidByCard(opened)
  const part = await controls.payOutByHand('', { amountMinor: 20_000, instant: true })
  expect(part).toMatchObject({
    amount: 20_000,
    automatic: false,
    method: 'instant',
    reconciliation_status: 'not_applicable',
    status: 'paid',
  })
  await expect(contentOf(stripe, part)).rejects.toMatchObject({ statusCode: 400 })
  expect((await laterEvents(stripe)).slice(-2)).toEqual(['payout.created', 'payout.paid'])
  expect(await balanceOf(opened)).toBe(97_070 - 20_000 - 200)

  const [next] = await controls.payOut()
  expect(next).toMatchObject({ amount: 76_870, automatic: true })
  expect(await contentOf(stripe, next)).toEqual([
    ['charge', 97_070],
    ['payout', -20_200],
    ['payout', -76_870],
  ])
})

test('a payout made by hand of all there is can fail, which puts its amount back; of nothing there is none', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  await expect(controls.payOutByHand()).rejects.toThrow('The balance has 0 usd')
  await paidByCard(opened)
  await expect(controls.payOutByHand('', { amountMinor: 97_071 })).rejects.toThrow('The balance has 97070 usd')
  const all = await controls.payOutByHand('', { paidAfterMs: null })
  expect(all).toMatchObject({ amount: 97_070, status: 'in_transit' })
  expect(await controls.payOut()).toEqual([])
  expect(await controls.payoutArrives(all.id)).toMatchObject({
    status: 'paid',
    reconciliation_status: 'not_applicable',
  })
  expect(await controls.payoutReconciles(all.id)).toMatchObject({ reconciliation_status: 'not_applicable' })
  expect(await controls.payoutFails(all.id)).toMatchObject({ status: 'failed' })
  const [next] = await controls.payOut()
  expect(await contentOf(stripe, next)).toEqual([
    ['charge', 97_070],
    ['payout', -97_070],
    ['payout_failure', 97_070],
    ['payout', -97_070],
  ])
})

test('an account that keeps another currency is told all its movements in that one, at a rate', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  await controls.behaves({ settlesIn: { '': { currency: 'cad', rate: 1.37 } } })
  const payment_intent = await paidByCard(opened)
  const { latest_charge } = await stripe.paymentIntents.retrieve(payment_intent, {
    expand: ['latest_charge.balance_transaction'],
  })
  expect(latest_charge).toMatchObject({
    amount: 100_000,
    currency: 'usd',
    balance_transaction: { amount: 137_000, fee: 4014, net: 132_986, currency: 'cad', exchange_rate: 1.37 },
  })
  const dispute = await controls.dispute(payment_intent)
  expect(dispute).toMatchObject({ amount: 100_000, currency: 'usd' })
  expect(await controls.disputeWon(dispute.id, { feeReturned: true })).toMatchObject({
    balance_transactions: [
      { amount: -137_000, fee: 2055, currency: 'cad' },
      { amount: 137_000, fee: -2055, currency: 'cad' },
    ],
  })
  await stripe.refunds.create({ payment_intent, amount: 10_000 })
  expect(await controls.payOut()).toMatchObject([{ amount: 132_986 - 13_700, currency: 'cad' }])
})
