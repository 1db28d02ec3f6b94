import { expect, test } from 'vitest'
import { open, paidByCard } from './books.ts'

const MINE = { stripeAccount: 'acct_mine' }

test('refunds, disputes, payouts and balance transactions of one account are unknown in every other', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const paymentId = await paidByCard(opened, MINE)
  const refund = await stripe.refunds.create({ payment_intent: paymentId, amount: 100 }, MINE)
  const dispute = await controls.dispute(paymentId)
  const [payout] = await controls.payOut('acct_mine')
  const { data: mine } = await stripe.balanceTransactions.list({ payout: payout?.id ?? '' }, MINE)
  expect(mine).toHaveLength(4)

  for (const other of [{}, { stripeAccount: 'acct_other' }]) {
    const missing = { statusCode: 404, code: 'resource_missing' }
    const unknown: [string, () => Promise<unknown>][] = [
      ['refund', () => stripe.refunds.retrieve(refund.id, {}, other)],
      ['dispute', () => stripe.disputes.retrieve(dispute.id, {}, other)],
      ['payout', () => stripe.payouts.retrieve(payout?.id ?? '', {}, other)],
      ['balance_transaction', () => stripe.balanceTransactions.retrieve(mine[0]?.id ?? '', {}, other)],
      ['payout', () => stripe.balanceTransactions.list({ payout: payout?.id ?? '' }, other)],
      ['payment_intent', () => stripe.refunds.create({ payment_intent: paymentId }, other)],
    ]
    for (const [name, call] of unknown)
      await expect(call()).rejects.toMatchObject({ ...missing, message: expect.stringContaining(`No such ${name}:`) })
    expect((await stripe.refunds.list({}, other)).data).toEqual([])
    expect((await stripe.disputes.list({}, other)).data).toEqual([])
    expect((await stripe.payouts.list({}, other)).data).toEqual([])
    expect((await stripe.balanceTransactions.list({}, other)).data).toEqual([])
    expect((await stripe.balance.retrieve({}, other)).pending).toMatchObject([{ amount: 0 }])
  }
  const events = await stripe.events.list({ limit: 100 }, MINE)
  expect(new Set(events.data.map(({ account }) => account))).toEqual(new Set(['acct_mine']))
  expect((await stripe.events.list()).data).toEqual([])
})

test('a payout is of one account only', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  await paidByCard(opened, MINE)
  await paidByCard(opened, { stripeAccount: 'acct_other', amountMinor: 1000 })
  expect(await controls.payOut()).toEqual([])
  const [payout] = await controls.payOut('acct_other')
  expect(payout).toMatchObject({ amount: 941 })
  expect((await stripe.balance.retrieve({}, MINE)).pending).toMatchObject([{ amount: 97_070 }])
})

test('an account that is connected no more is refused, whatever is asked, and no key keeps the refusal', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const paymentId = await paidByCard(opened, MINE)
  await controls.behaves({ disconnected: ['acct_mine'] })
  const keyed = { ...MINE, idempotencyKey: 'refund-1' }
  const refund = () => stripe.refunds.create({ payment_intent: paymentId, amount: 100 }, keyed)
  for (const call of [refund, () => stripe.events.list({}, MINE)]) {
    await expect(call()).rejects.toMatchObject({
      type: 'StripePermissionError',
      statusCode: 403,
      code: 'account_invalid',
    })
  }
  expect((await stripe.refunds.list()).data).toEqual([])
  await controls.behaves({ disconnected: [] })
  expect(await refund()).toMatchObject({ status: 'succeeded' })
})
