import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BankedPayout } from '../../activities/books-wire.ts'
import { identities } from '../../src/books/identities.ts'
import { bankOf, line, payoutOf } from './bank.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { refunding, teller } from './teller.ts'

let ledger: Ledger
let tell: ReturnType<typeof teller>
let bank: ReturnType<typeof bankOf>
beforeAll(async () => {
  ledger = await openLedger()
  tell = teller(ledger)
  bank = bankOf(ledger)
})
afterAll(() => ledger.end())

test('a payout is one deposit gross of its transactions, and its fees one withdrawal, dispute fees included', async () => {
  const matter = await ledger.holding(0n)
  const [kept, back] = [await tell.pay(matter, 10_000n), await tell.pay(matter, 5_000n)]
  const refundId = randomUUID()
  await tell.take(matter.matterId, refunding(2_000n, refundId))
  await tell.sent(refundId, () => 'TAKEN')
  await ledger.worker
    .updateTable('refund_part')
    .set({ provider_id: `re_${back}` })
    .where('refund_id', '=', refundId)
    .execute()
  await tell.dispute(kept, `dp_${kept}`, 'paymentReversed')
  const lines = [
    line('CHARGE', 10_000, 320, { paymentId: kept }),
    line('CHARGE', 5_000, 175, { paymentId: back }),
    line('REFUND', -2_000, 0, { refundId: `re_${back}` }),
    line('DISPUTE', -10_000, 1_500, { disputeId: `dp_${kept}` }),
    line('FEE', -25, 0),
  ]
  const moved = await bank.movedBy(() => bank.book(payoutOf(lines)))
  expect(moved).toEqual({ OPERATING: 3_000n - 2_020n, PAYMENTS_HOLDING: -3_000n, MERCHANT_FEES: 2_020n })
  expect((await tell.payment(kept)).fee_minor).toBe(320n)
  const kindOf = ledger.database.owner.selectFrom('payout_line').select(['kind', 'refund_part_id', 'firm_id'])
  const rows = await kindOf.where('refund_part_id', 'is not', null).execute()
  expect(rows).toEqual([{ kind: 'REFUND', refund_part_id: `${refundId}.1`, firm_id: ledger.firm.firmId }])
  expect(await tell.differences()).toEqual([])
})

test('one that took more than it brought is a withdrawal', async () => {
  const matter = await ledger.holding(0n)
  const paid = await tell.pay(matter, 1_000n)
  await tell.dispute(paid, `dp_${paid}`, 'paymentReversed')
  const lines = [
    line('CHARGE', 1_000, 59, { paymentId: paid }),
    line('DISPUTE', -1_000, 1_500, { disputeId: `dp_${paid}` }),
    line('REFUND_FAILURE', -300, 0),
  ]
  const moved = await bank.movedBy(() => bank.book(payoutOf(lines)))
  expect(moved).toEqual({ OPERATING: -300n - 1_559n, OTHER_PROVIDER_ACTIVITY: 300n, MERCHANT_FEES: 1_559n })
})

test('is booked once, however often and by however many it is told', async () => {
  const matter = await ledger.holding(0n)
  const payout = payoutOf([line('CHARGE', 700, 51, { paymentId: await tell.pay(matter, 700n) })])
  const moved = await bank.movedBy(() => Promise.all(Array.from({ length: 8 }, () => bank.book(payout))))
  expect(moved).toEqual({ OPERATING: 649n, PAYMENTS_HOLDING: -700n, MERCHANT_FEES: 51n })
})

test('that failed after it was paid comes off again by its net amount, once, and the firm is told', async () => {
  const matter = await ledger.holding(0n)
  const payout = payoutOf([line('CHARGE', 700, 51, { paymentId: await tell.pay(matter, 700n) })])
  await bank.book(payout)
  const moved = await bank.movedBy(async () => {
    const told = await bank.book({ ...payout, status: 'FAILED', lines: [] })
    expect(told?.notices.map(({ subjectId }) => subjectId)).toEqual([`PAYOUT_FAILED:${payout.payoutId}`])
    await bank.book({ ...payout, status: 'FAILED' })
  })
  expect(moved).toEqual({ OPERATING: -649n, PAYMENTS_HOLDING: 649n })
  expect(await tell.differences()).toEqual([])
})

test('that failed before it was ever paid takes nothing; with its lines, it is booked both ways', async () => {
  const matter = await ledger.holding(0n)
  const never = payoutOf([], { status: 'FAILED', amountMinor: '649' })
  expect(await bank.movedBy(() => bank.book(never))).toEqual({})
  const payout = payoutOf([line('CHARGE', 700, 51, { paymentId: await tell.pay(matter, 700n) })], { status: 'FAILED' })
  expect(await bank.movedBy(() => bank.book(payout))).toEqual({ PAYMENTS_HOLDING: -51n, MERCHANT_FEES: 51n })
})

test('whose lines do not add up to what came to the bank is booked by its lines, and the firm is told', async () => {
  const matter = await ledger.holding(0n)
  const lines = [line('CHARGE', 700, 51, { paymentId: await tell.pay(matter, 700n) })]
  const told = await bank.book(payoutOf(lines, { amountMinor: '650' }))
  expect(told?.notices.length).toBe(1)
  const open = ledger.database.owner.selectFrom('firm_attention').select('code').where('cleared_at', 'is', null)
  expect(await open.where('code', '=', 'PAYOUT_DIFFERS').execute()).toHaveLength(1)
})

test('a payout made by hand is booked by its own amount and fee; failing later, it comes off again', async () => {
  const own = await bank.firmWithItsAccount()
  const payout = payoutOf([line('MANUAL', 9_600, 100)], { account: own.account })
  expect(await bank.movedBy(() => bank.book(payout), own.firmId)).toEqual({
    OPERATING: 9_500n,
    PAYMENTS_HOLDING: -9_600n,
    MERCHANT_FEES: 100n,
  })
  const failed: BankedPayout = { ...payout, status: 'FAILED', lines: [] }
  expect(await bank.movedBy(() => bank.book(failed), own.firmId)).toEqual({
    OPERATING: -9_500n,
    PAYMENTS_HOLDING: 9_500n,
  })
  expect(await bank.movedBy(() => bank.book({ ...failed, payoutId: 'po_never_paid' }), own.firmId)).toEqual({})
  expect(await identities(ledger.worker, own.firmId)).toEqual([])
})

test('what a payout made by hand took is taken from the next automatic one, and what came back is in it again', async () => {
  const own = await bank.firmWithItsAccount()
  const by = payoutOf([line('MANUAL', 6_100, 100)], { account: own.account })
  const back = payoutOf([line('MANUAL', 500, 0)], { account: own.account, status: 'FAILED' })
  const next = payoutOf(
    [
      line('CHARGE', 10_000, 320, { paymentId: own.paid }),
      line('MANUAL', -6_100, 0, { ofPayoutId: by.payoutId }),
      line('MANUAL', -500, 0, { ofPayoutId: back.payoutId }),
      line('PAYOUT_FAILURE', 500, 0, { ofPayoutId: back.payoutId }),
    ],
    { account: own.account },
  )
  const moved = await bank.movedBy(async () => {
    for (const each of [by, back, next]) await bank.book(each)
  }, own.firmId)
  expect(moved).toEqual({ OPERATING: 9_580n, PAYMENTS_HOLDING: -10_000n, MERCHANT_FEES: 420n })
  expect(await identities(ledger.worker, own.firmId)).toEqual([])
})

test('a payout in another currency than the firm’s is not booked, ever, and the firm is told, once', async () => {
  const own = await bank.firmWithItsAccount()
  const lines = [line('CHARGE', 7_000_000, 20_000, { paymentId: own.paid })]
  const told = await bank.inboxOf(payoutOf(lines, { account: own.account, currency: 'JPY' }))
  for (const _ of [1, 2]) {
    const moved = await bank.movedBy(async () => {
      const { notices = [] } = (await bank.book(told)) ?? {}
      expect(notices.map(({ subjectId }) => subjectId)).toEqual([`PAYOUT_CURRENCY:${told.payoutId}`])
    }, own.firmId)
    expect(moved).toEqual({})
  }
  expect(await bank.outcomeOf(told)).toEqual([true, "in another currency than the firm's"])
  const payments = ledger.worker.selectFrom('payment').select('fee_minor').where('id', '=', own.paid)
  expect(await payments.executeTakeFirst()).toEqual({ fee_minor: null })
})
