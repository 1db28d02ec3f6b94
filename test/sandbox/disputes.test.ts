import { expect, test } from 'vitest'
import { laterEvents, movements, open, paidByCard } from './books.ts'

test('R18: a dispute withdraws its amount and a fee, and says until when it can be answered', async () => {
  let now = Date.parse('2026-11-24T12:00:00Z')
  const opened = await open({ now: () => now })
  const { stripe } = opened
  const payment_intent = await paidByCard(opened, { cardNumber: '4000000000000259' })
  const [dispute] = (await stripe.disputes.list({ payment_intent })).data
  expect(dispute).toMatchObject({
    amount: 100_000,
    status: 'needs_response',
    reason: 'fraudulent',
    is_charge_refundable: false,
    evidence_details: { due_by: Math.floor(now / 1000) + 14 * 86_400 },
    balance_transactions: [{ amount: -100_000, fee: 1500, net: -101_500, reporting_category: 'dispute' }],
  })
  expect(await stripe.disputes.retrieve(dispute?.id ?? '', { expand: ['charge', 'payment_intent'] })).toMatchObject({
    charge: { disputed: true },
    payment_intent: { id: payment_intent },
  })
  expect(await laterEvents(stripe)).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn'])
})

test.each([
  [false, 0],
  [true, -1500],
])(
  'R18: a dispute that is won gives its amount back, and its fee only if Stripe returns it (%s)',
  async (feeReturned, fee) => {
    const opened = await open()
    const { stripe, controls } = opened
    const paymentId = await paidByCard(opened)
    const { id } = await controls.dispute(paymentId, { amountMinor: 30_000, reason: 'product_not_received' })
    const won = await controls.disputeWon(id, { feeReturned })
    expect(won).toMatchObject({ status: 'won', amount: 30_000, reason: 'product_not_received' })
    expect(won.balance_transactions).toMatchObject([
      { amount: -30_000, fee: 1500 },
      { amount: 30_000, fee, net: 30_000 - fee, reporting_category: 'dispute_reversal' },
    ])
    expect((await laterEvents(stripe)).slice(-2)).toEqual(['charge.dispute.closed', 'charge.dispute.funds_reinstated'])
    await expect(controls.disputeLost(id)).rejects.toThrow('is won')
  },
)

test('R18: a dispute can be won in part: only that comes back', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const { id } = await controls.dispute(await paidByCard(opened))
  await expect(controls.disputeWon(id, { amountMinor: 100_001 })).rejects.toThrow('is about less')
  const won = await controls.disputeWon(id, { amountMinor: 60_000 })
  expect(won).toMatchObject({
    status: 'won',
    amount: 100_000,
    balance_transactions: [{ amount: -100_000 }, { amount: 60_000 }],
  })
  expect((await movements(stripe)).at(-1)).toEqual(['adjustment', 60_000, 0])
})

test('R18: a dispute that is lost keeps what it took, and takes it now if it had not', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const first = await paidByCard(opened)
  await controls.dispute(first)
  expect(await controls.disputeLost(first)).toMatchObject({ status: 'lost' })
  const second = await paidByCard(opened)
  await controls.dispute(second, { withdraw: false })
  expect(await movements(stripe)).toHaveLength(3)
  expect(await controls.disputeLost(second)).toMatchObject({ status: 'lost', balance_transactions: [{ fee: 1500 }] })
  expect((await movements(stripe)).at(-1)).toEqual(['adjustment', -100_000, 1500])
})

test('R18: a dispute whose money was never withdrawn gives nothing back when it is won', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const paymentId = await paidByCard(opened)
  const { id } = await controls.dispute(paymentId, { withdraw: false })
  expect(await controls.disputeWon(id)).toMatchObject({ status: 'won', balance_transactions: [] })
  expect(await laterEvents(stripe)).toEqual(['charge.dispute.created', 'charge.dispute.closed'])
})

test('R18: the money can go later than the dispute comes', async () => {
  const opened = await open()
  const { controls } = opened
  const paymentId = await paidByCard(opened)
  const { id } = await controls.dispute(paymentId, { withdraw: false })
  expect(await controls.disputeWithdraws(id)).toMatchObject({ balance_transactions: [{ net: -101_500 }] })
  await expect(controls.disputeWithdraws(id)).rejects.toThrow('withdrawn already')
})

test('R18: an inquiry moves no money, and is closed or becomes a dispute', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const closed = await paidByCard(opened, { cardNumber: '4000000000001976' })
  expect((await stripe.disputes.list()).data).toMatchObject([
    { status: 'warning_needs_response', balance_transactions: [], is_charge_refundable: true },
  ])
  expect(await controls.inquiryCloses(closed)).toMatchObject({ status: 'warning_closed' })
  const escalated = await paidByCard(opened)
  const { id } = await controls.dispute(escalated, { inquiry: true })
  await expect(controls.disputeWon(id)).rejects.toThrow('warning_needs_response')
  expect(await controls.disputeWithdraws(id)).toMatchObject({ status: 'needs_response' })
  expect((await movements(stripe)).at(-1)).toEqual(['adjustment', -100_000, 1500])
  expect((await laterEvents(stripe)).slice(-2)).toEqual(['charge.dispute.updated', 'charge.dispute.funds_withdrawn'])
})

test('R18: an inquiry that becomes a dispute is to be answered once more, until another day', async () => {
  let now = Date.parse('2026-11-24T12:00:00Z')
  const opened = await open({ now: () => now })
  const { controls } = opened
  const inDays = (days: number) => Math.floor(now / 1000) + days * 86_400
  const { id, evidence_details } = await controls.dispute(await paidByCard(opened), { inquiry: true })
  expect(evidence_details).toMatchObject({ due_by: inDays(20) })
  await controls.disputeAnswered(id)
  now += 10 * 86_400_000
  expect(await controls.disputeWithdraws(id)).toMatchObject({
    status: 'needs_response',
    evidence_details: { due_by: inDays(14), has_evidence: false, submission_count: 0 },
    payment_method_details: { card: { case_type: 'chargeback' } },
  })
})

test('R18: a dispute that was answered is under review, and can still be won or lost', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const paymentId = await paidByCard(opened)
  await controls.dispute(paymentId)
  expect(await controls.disputeAnswered(paymentId)).toMatchObject({
    status: 'under_review',
    evidence_details: { has_evidence: true, submission_count: 1 },
  })
  await expect(controls.disputeAnswered(paymentId)).rejects.toThrow('under_review')
  await expect(controls.dispute(paymentId)).rejects.toThrow('disputed already')
  expect((await laterEvents(stripe)).at(-1)).toBe('charge.dispute.updated')
  expect(await controls.disputeWon(paymentId)).toMatchObject({ status: 'won' })
})

test('R18: what cannot be disputed is not: more than was paid, nothing that is left, twice at once', async () => {
  const opened = await open()
  const { stripe, controls } = opened
  const paymentId = await paidByCard(opened)
  await expect(controls.dispute(paymentId, { amountMinor: 100_001 })).rejects.toThrow('nothing')
  await stripe.refunds.create({ payment_intent: paymentId, amount: 60_000 })
  expect(await controls.dispute(paymentId)).toMatchObject({ amount: 40_000 })
  await expect(controls.dispute(paymentId)).rejects.toThrow('disputed already')
  const refunded = await paidByCard(opened)
  await stripe.refunds.create({ payment_intent: refunded })
  await expect(controls.dispute(refunded)).rejects.toThrow('nothing')
})
