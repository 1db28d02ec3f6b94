import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BankedPayoutResult } from '../../activities/books-wire.ts'
import { identities } from '../../src/books/identities.ts'
import { newRetainer } from '../../src/domain/state.ts'
import { createFirm, createMatter } from '../support/firm.ts'
import { bankOf, line, payoutOf } from './bank.ts'
import { type Ledger, NOON, openLedger, saving } from './ledger.ts'
import { teller } from './teller.ts'

const DAY_MS = 24 * 60 * 60 * 1000

let ledger: Ledger
let tell: ReturnType<typeof teller>
let bank: ReturnType<typeof bankOf>
beforeAll(async () => {
  ledger = await openLedger()
  tell = teller(ledger)
  bank = bankOf(ledger)
})
afterAll(() => ledger.end())

test('of an account that several firms share is split by whose payment each line is of, its fees too; the rest is a difference of both', async () => {
  const other = await createFirm(ledger.database.owner)
  const theirs = newRetainer(other.firmId, await createMatter(ledger.database.owner, other), 'USD')
  const enabled = await ledger.take(theirs, saving({ enabled: true }))
  const theirPayment = `pi_${randomUUID()}`
  const facts = {
    providerAccount: 'platform',
    requestId: null,
    attemptId: null,
    method: 'CARD',
    feeMinor: null,
  } as const
  await ledger.take(enabled, { kind: 'paymentSettled', paymentId: theirPayment, amountMinor: 900n, ...facts })
  const ours = await tell.pay(await ledger.holding(0n), 400n)
  const lines = [
    line('CHARGE', 900, 56, { paymentId: theirPayment }),
    line('CHARGE', 400, 42, { paymentId: ours }),
    line('FEE', -13, 0),
    line('OTHER', -10, 0),
  ]
  let told: BankedPayoutResult | undefined
  const payout = payoutOf(lines)
  const movedTheirs = await bank.movedBy(async () => {
    const moved = await bank.movedBy(async () => {
      told = await bank.book(payout)
    })
    expect([moved['OPERATING'], moved['PAYMENTS_HOLDING']]).toEqual([400n - (moved['MERCHANT_FEES'] ?? 0n), -400n])
    expect(moved['MERCHANT_FEES'], 'a fee of nothing is shared as much as theirs moved').toBe(46n)
  }, other.firmId)
  expect(movedTheirs).toEqual({ OPERATING: 835n, PAYMENTS_HOLDING: -900n, MERCHANT_FEES: 65n })
  expect(told).toMatchObject({ firmIds: [ledger.firm.firmId, other.firmId].toSorted(), unplacedLines: 1 })
  const both = [ledger.firm.firmId, other.firmId]
  for (const firmId of both) {
    expect(await identities(ledger.worker, firmId)).toMatchObject([
      { code: 'PAYOUT_LINE_UNPLACED', found: 'OTHER -10' },
    ])
  }

  // It comes back, and with the next one to the bank again: each has what was its own.
  expect(await bank.movedBy(() => bank.book({ ...payout, status: 'FAILED' }), other.firmId)).toEqual({
    OPERATING: -835n,
    PAYMENTS_HOLDING: 835n,
  })
  const back = line('PAYOUT_FAILURE', 1_179, 0, { ofPayoutId: payout.payoutId })
  expect(await bank.movedBy(() => bank.book(payoutOf([back])), other.firmId)).toEqual({
    OPERATING: 835n,
    PAYMENTS_HOLDING: -835n,
  })
})

describe('money on the account that is no payment of a client', () => {
  test('comes to the bank by an account of its own, and never out of payments holding', async () => {
    const own = await bank.firmWithItsAccount()
    const lines = [
      line('CHARGE', 10_000, 320, { paymentId: own.paid }),
      line('CHARGE', 50_000, 1_480, { paymentId: 'pi_web_shop' }),
      line('REFUND', -2_000, 0, { paymentId: 'pi_web_shop', refundId: 're_web_shop' }),
      line('OTHER', -7_000, 0),
    ]
    expect(await bank.movedBy(() => bank.book(payoutOf(lines, { account: own.account })), own.firmId)).toEqual({
      OPERATING: 51_000n - 1_800n,
      PAYMENTS_HOLDING: -10_000n,
      OTHER_PROVIDER_ACTIVITY: -41_000n,
      MERCHANT_FEES: 1_800n,
    })
    expect(await identities(ledger.worker, own.firmId)).toEqual([])
  })

  test('is not the firm’s in a payout from before its first payment there', async () => {
    const own = await bank.firmWithItsAccount()
    const payout = payoutOf([line('OTHER', 900, 0), line('FEE', -10, 0)], {
      account: own.account,
      arrivesAtMs: NOON - 86_400_000,
    })
    const told = await bank.inboxOf(payout)
    expect(await bank.movedBy(() => bank.book(told), own.firmId)).toEqual({})
    expect(await bank.outcomeOf(told)).toEqual([true, 'before any client paid on its account'])
    expect(
      await bank.movedBy(() => bank.book(payoutOf([line('OTHER', 900, 0)], { account: own.account })), own.firmId),
    ).toEqual({
      OPERATING: 900n,
      OTHER_PROVIDER_ACTIVITY: -900n,
    })
  })

  test('R12: is the client’s after all in a payout by hand that overtook the event of the first payment', async () => {
    const account = 'acct_overtaken'
    const firm = await firmAskingAt(account)
    const told = await bank.inboxOf(payoutOf([line('MANUAL', 9_600, 0)], { account }))
    await firm.asks()
    expect(await bank.movedBy(() => bank.book(told), firm.firmId)).toEqual({})
    expect(await bank.outcomeOf(told)).toEqual([false, 'a first payment in it is not booked yet'])

    await firm.paysFirst('pi_overtaken')
    expect(await bank.movedBy(() => bank.book(told), firm.firmId)).toEqual({
      OPERATING: 9_600n,
      PAYMENTS_HOLDING: -9_600n,
    })
    expect(await bank.outcomeOf(told)).toEqual([true, 'booked'])
  })

  test('R12: is the client’s in a payout by hand though an outage put the booking of the first payment off for days', async () => {
    const account = 'acct_booked_late'
    const firm = await firmAskingAt(account, NOON - 4 * DAY_MS)
    await firm.asks()
    await firm.paysFirst('pi_late')
    const atMs = NOON - 2 * DAY_MS
    const byHand = payoutOf([line('MANUAL', 9_600, 0, { atMs })], { account, arrivesAtMs: atMs })
    expect(await bank.movedBy(async () => bank.book(await bank.inboxOf(byHand)), firm.firmId)).toEqual({
      OPERATING: 9_600n,
      PAYMENTS_HOLDING: -9_600n,
    })
    // The next automatic one brings the rest, and nothing a second time.
    const rest = [
      line('CHARGE', 10_000, 0, { paymentId: 'pi_late', firmId: firm.firmId }),
      line('MANUAL', -9_600, 0, { ofPayoutId: byHand.payoutId, atMs }),
    ]
    expect(await bank.movedBy(() => bank.book(payoutOf(rest, { account })), firm.firmId)).toEqual({
      OPERATING: 400n,
      PAYMENTS_HOLDING: -400n,
    })
    expect(await identities(ledger.worker, firm.firmId)).toEqual([])
  })

  test('is the firm’s own in a payout by hand that waited for a first payment in vain', async () => {
    const account = 'acct_in_vain'
    const firm = await firmAskingAt(account)
    await firm.asks()
    const told = await bank.inboxOf(payoutOf([line('MANUAL', 9_600, 0)], { account }), 1)
    expect(await bank.movedBy(() => bank.book(told), firm.firmId)).toEqual({
      OPERATING: 9_600n,
      OTHER_PROVIDER_ACTIVITY: -9_600n,
    })
    expect(await bank.outcomeOf(told)).toEqual([true, 'booked'])
  })

  test('R13: is a fee where a failed debit’s is collected by itself, before any payment on the account', async () => {
    const account = 'acct_fee_alone'
    const firm = await firmAskingAt(account)
    await firm.asks()
    const told = await bank.inboxOf(payoutOf([line('FEE', -400, 0)], { account }))
    expect(await bank.movedBy(() => bank.book(told), firm.firmId)).toEqual({ OPERATING: -400n, MERCHANT_FEES: 400n })
    expect(await bank.outcomeOf(told)).toEqual([true, 'booked'])
  })

  test('R13: is booked at once when it is the fee of a debit that failed, before any payment on the account', async () => {
    const account = 'acct_failed_debit'
    const firm = await firmAskingAt(account)
    await firm.asks()
    const of = { paymentId: 'pi_failed_debit', firmId: firm.firmId }
    const lines = [line('OTHER', 20_000, 500, of), line('OTHER', -20_000, 0, of)]
    const told = await bank.inboxOf(payoutOf(lines, { account }))
    expect(await bank.movedBy(() => bank.book(told), firm.firmId)).toEqual({ OPERATING: -500n, MERCHANT_FEES: 500n })
    expect(await bank.outcomeOf(told)).toEqual([true, 'booked'])
    expect(await identities(ledger.worker, firm.firmId)).toEqual([])
  })

  test('of an account that no client has paid on is nobody’s, though a firm is connected to it', async () => {
    const { firmId } = await createFirm(ledger.database.owner, { stripeAccount: 'acct_never_paid' })
    const told = await bank.book(payoutOf([line('OTHER', 90_000, 0)], { account: 'acct_never_paid' }))
    expect(told).toMatchObject({ firmIds: [], unplacedLines: 0 })
    expect(await identities(ledger.worker, firmId)).toEqual([])
  })
})

test('a payout waits for its lines’ own events, and lets the firm that a charge was made for have what is booked late', async () => {
  const own = await bank.firmWithItsAccount()
  await bank.firmWithItsAccount(own.account)
  const late = `pi_${randomUUID()}`
  const of = { paymentId: late, firmId: own.firmId }
  const told = await bank.inboxOf(payoutOf([line('CHARGE', 7_000, 200, of)], { account: own.account }))
  expect(await bank.movedBy(() => bank.book(told), own.firmId)).toEqual({})
  expect(await bank.outcomeOf(told)).toEqual([false, `${told.lines[0]?.id} in it is not booked yet`])
  await own.pays(7_000n, late)
  expect(await bank.movedBy(() => bank.book(told), own.firmId)).toMatchObject({ PAYMENTS_HOLDING: -7_000n })
  expect(await bank.outcomeOf(told)).toEqual([true, 'booked'])

  const lost = payoutOf([line('CHARGE', 500, 0, { paymentId: 'pi_lost', firmId: own.firmId })], {
    account: own.account,
  })
  const old = await bank.inboxOf(lost, 4)
  expect(await bank.movedBy(() => bank.book(old), own.firmId), 'not for ever').toMatchObject({
    PAYMENTS_HOLDING: -500n,
  })
  expect(await identities(ledger.worker, own.firmId)).toMatchObject([
    { code: 'PAYOUT_LINE_AMOUNT', expected: null, found: '500' },
  ])
})

test('a line that could be nobody’s is booked when it is told again and its payment is known by then', async () => {
  const own = await bank.firmWithItsAccount()
  await bank.firmWithItsAccount(own.account)
  const late = `pi_${randomUUID()}`
  const payout = payoutOf(
    [line('CHARGE', 10_000, 30, { paymentId: own.paid }), line('CHARGE', 700, 20, { paymentId: late })],
    { account: own.account },
  )
  expect(await bank.book(payout)).toMatchObject({ unplacedLines: 1 })
  await own.pays(700n, late)
  const moved = await bank.movedBy(async () => {
    expect(await bank.book(payout)).toMatchObject({ unplacedLines: 0 })
    await bank.book(payout)
  }, own.firmId)
  expect(moved).toEqual({ OPERATING: 680n, PAYMENTS_HOLDING: -700n, MERCHANT_FEES: 20n })
  expect(await identities(ledger.worker, own.firmId)).toEqual([])
})

test('thousands of lines that are nobody’s are booked at once, however many payments the account has seen', async () => {
  const own = await bank.firmWithItsAccount()
  await sql`
    insert into payment (firm_id, id, method, provider_account, amount_minor, settled_at)
    select ${own.firmId}::uuid, 'pi_crowd_' || n, 'CARD', ${own.account}, 1, now() from generate_series(1, 50000) as n`.execute(
    ledger.database.owner,
  )
  const lines = Array.from({ length: 3_000 }, (_, n) => line('CHARGE', 1, 0, { paymentId: `pi_foreign_${n}` }))
  const startedAt = performance.now()
  expect(await bank.book(payoutOf(lines, { account: own.account }))).toMatchObject({ unplacedLines: 0 })
  // A fraction of a second; looked up one by one it would be minutes.
  expect(performance.now() - startedAt, 'in ms').toBeLessThan(20_000)
})

/** A firm whose matter's client can pay at its account since then, and has not; and the client's first payment there. */
async function firmAskingAt(account: string, sinceMs?: number) {
  const firm = await createFirm(ledger.database.owner, { stripeAccount: account })
  const matter = newRetainer(firm.firmId, await createMatter(ledger.database.owner, firm), 'USD')
  const enabled = await ledger.take(matter, saving({ enabled: true }))
  const paysFirst = (paymentId: string) =>
    ledger.take(enabled, {
      kind: 'paymentSettled',
      paymentId,
      amountMinor: 10_000n,
      requestId: null,
      attemptId: null,
      method: 'CARD',
      feeMinor: null,
      providerAccount: account,
    })
  return { firmId: firm.firmId, asks: () => pageOpen(matter, account, sinceMs), paysFirst }
}

/** A page at the provider on which the matter's client can pay, since the day before. */
async function pageOpen(
  { firmId, matterId }: { firmId: string; matterId: string },
  account: string,
  atMs = NOON - DAY_MS,
): Promise<void> {
  await ledger.database.owner
    .insertInto('attempt')
    .values({
      id: randomUUID(),
      firm_id: firmId,
      matter_id: matterId,
      request_id: `${matterId}-r1`,
      amount_minor: 10_000n,
      status: 'OPEN',
      session_id: `cs_${randomUUID()}`,
      stripe_account: account,
      expires_at: new Date(Date.now() + 3_600_000),
      created_at: new Date(atMs),
    })
    .execute()
}
