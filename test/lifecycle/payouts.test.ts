import { Client } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trialBalance } from '../../src/books/trial-balance.ts'
import { toDecimalString } from '../../src/domain/money.ts'
import { payoutWorkflowId } from '../../workflows/books-contract.ts'
import { createFirm, type TestFirm } from '../support/firm.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'

const BANK = { accountNumber: '000123456789' }
const PAYOUT_KINDS = ['PAYOUT', 'PAYOUT_FEES', 'PAYOUT_FAILED']

let life: Lifecycle
let firms = 0
beforeAll(async () => {
  life = await startLifecycle({ reconciles: true })
  await life.sandbox.behaves({ debitSettlesAfterMs: null })
})
afterAll(() => life?.end())

/** A firm with an account of its own, so that every payout is its own, and a matter that has asked for 1,000.00. */
async function atItsOwnAccount(): Promise<{ account: string; firm: TestFirm; matter: MatterDriver }> {
  const account = `acct_payouts_${(firms += 1)}`
  const firm = await createFirm(life.database.owner, { stripeAccount: account })
  const matter = await life.matter({ firm })
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  return { account, firm, matter }
}

/** The firm's postings of payouts: `PAYOUT DEBIT OPERATING 900.00`. */
async function banked({ firmId }: TestFirm): Promise<string[]> {
  const rows = await life.database.owner
    .selectFrom('entry')
    .select(['kind', 'side', 'account', 'amount_minor'])
    .where('firm_id', '=', firmId)
    .where('kind', 'in', PAYOUT_KINDS)
    .orderBy('posting_id')
    .orderBy('line')
    .execute()
  return rows.map((row) => `${row.kind} ${row.side} ${row.account} ${toDecimalString(row.amount_minor, 'USD')}`)
}

async function balanceOf({ firmId }: TestFirm, account: string): Promise<bigint> {
  const rows = await trialBalance(life.database.owner, firmId)
  return rows.filter((row) => row.account === account).reduce((sum, row) => sum + row.balanceMinor, 0n)
}

const attentionOf = ({ firmId }: TestFirm) =>
  life.database.owner
    .selectFrom('firm_attention')
    .select(['code', 'subject_id'])
    .where('firm_id', '=', firmId)
    .execute()

const lines = ({ firmId }: TestFirm) =>
  life.database.owner
    .selectFrom('payout_line')
    .select(['kind', 'amount_minor', 'fee_minor', 'payment_id'])
    .where('firm_id', '=', firmId)
    .orderBy('at')
    .orderBy('kind')
    .execute()

describe('the books: a payout is one deposit, gross, and one withdrawal of all its fees', () => {
  test('of a payment and a refund, whose lines are kept to be ticked', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    const payment = await matter.paysOnline('1000.00')
    await life.news.deliver()
    await matter.refund('100.00')
    await life.sandbox.payOut(account)
    await life.news.deliver({ reversed: true })
    expect(await banked(firm)).toEqual([
      'PAYOUT DEBIT OPERATING 900.00',
      'PAYOUT CREDIT PAYMENTS_HOLDING 900.00',
      'PAYOUT_FEES DEBIT MERCHANT_FEES 29.30',
      'PAYOUT_FEES CREDIT OPERATING 29.30',
    ])
    expect(await lines(firm)).toEqual([
      { kind: 'CHARGE', amount_minor: 100_000n, fee_minor: 2930n, payment_id: payment },
      expect.objectContaining({ kind: 'REFUND', amount_minor: -10_000n, fee_minor: 0n }),
    ])
    expect(await balanceOf(firm, 'PAYMENTS_HOLDING'), 'all is paid out').toBe(0n)
    expect((await matter.payment(payment)).fee_minor).toBe(2930n)
  })

  test('of a payment: its workflow shows an operator what is in it and for whom, and ends with that', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    await matter.paysOnline('1000.00')
    await life.news.deliver()
    const [paidOut] = await life.sandbox.payOut(account)
    await life.news.deliver()
    // A client that does not let the engine leap while it waits.
    const { workflow } = new Client({ connection: life.engine.connection })
    const handle = workflow.getHandle(payoutWorkflowId(account, paidOut?.id ?? ''))
    expect(await handle.result()).toEqual({
      firmIds: [firm.firmId],
      unplacedLines: 0,
      content: {
        status: 'PAID',
        currency: 'USD',
        grossMinor: '100000',
        feesMinor: '2930',
        netMinor: '97070',
        lines: 1,
      },
    })
    const { currentDetails = '' } = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')
    for (const row of ['Gross | 1000.00 USD', 'Fees | 29.30 USD', 'Net | **970.70 USD**', 'Lines | 1', firm.firmId]) {
      expect(currentDetails).toContain(row)
    }
  })

  test('that holds a dispute and its fee takes more than it brings: the bank is debited', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    const payment = await matter.paysOnline('1000.00')
    await life.news.deliver()
    await life.sandbox.payOut(account)
    await life.news.deliver()
    const { id } = await life.sandbox.dispute(payment)
    const [payout] = await life.sandbox.payOut(account)
    expect(payout?.amount).toBe(-101_500)
    await life.news.deliver()
    expect((await banked(firm)).slice(4)).toEqual([
      'PAYOUT CREDIT OPERATING 1000.00',
      'PAYOUT DEBIT PAYMENTS_HOLDING 1000.00',
      'PAYOUT_FEES DEBIT MERCHANT_FEES 15.00',
      'PAYOUT_FEES CREDIT OPERATING 15.00',
    ])
    expect(await balanceOf(firm, 'PAYMENTS_HOLDING')).toBe(0n)

    await life.sandbox.disputeWon(id, { feeReturned: true })
    await life.sandbox.payOut(account)
    await life.news.deliver()
    expect((await banked(firm)).slice(-2), 'the fee comes back').toEqual([
      'PAYOUT_FEES CREDIT MERCHANT_FEES 15.00',
      'PAYOUT_FEES DEBIT OPERATING 15.00',
    ])
  })

  test('is booked when it has arrived and its content is known, whichever is told first', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    await matter.paysOnline('1000.00')
    await life.news.deliver()
    const [payout] = await life.sandbox.payOut(account, { paidAfterMs: null, reconciledAfterMs: null })
    await life.sandbox.payoutReconciles(payout?.id ?? '')
    await life.news.deliver()
    expect(await banked(firm)).toEqual([])
    await life.sandbox.payoutArrives(payout?.id ?? '')
    await life.news.deliver()
    expect(await banked(firm)).toHaveLength(4)
  })

  test('that fails takes its net off the bank again; the next one brings it', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    await matter.paysOnline('1000.00')
    await life.news.deliver()
    const [payout] = await life.sandbox.payOut(account)
    await life.news.deliver()
    await life.sandbox.payoutFails(payout?.id ?? '')
    await life.news.deliver()
    expect((await banked(firm)).slice(4)).toEqual([
      'PAYOUT_FAILED DEBIT PAYMENTS_HOLDING 970.70',
      'PAYOUT_FAILED CREDIT OPERATING 970.70',
    ])
    expect(await balanceOf(firm, 'OPERATING')).toBe(0n)
    const told = await life.database.owner
      .selectFrom('firm_attention')
      .select('code')
      .where('firm_id', '=', firm.firmId)
      .execute()
    expect(told).toEqual([{ code: 'PAYOUT_FAILED' }])
    await life.sandbox.payOut(account)
    await life.news.deliver()
    expect(await balanceOf(firm, 'PAYMENTS_HOLDING')).toBe(0n)
    expect(await balanceOf(firm, 'OPERATING')).toBe(97_070n)
  })

  test('that failed before we heard that it had arrived books both', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    await matter.paysOnline('1000.00')
    await life.news.deliver()
    const [payout] = await life.sandbox.payOut(account)
    await life.sandbox.payoutFails(payout?.id ?? '')
    await life.news.deliver({ reversed: true })
    expect(await banked(firm)).toHaveLength(6)
  })

  test('that a person made by hand is booked by its own amount and fee, and counted in the next one', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    await matter.paysOnline('1000.00')
    await life.news.deliver()
    const byHand = await life.sandbox.payOutByHand(account, { amountMinor: 40_000, instant: true })
    await life.news.deliver()
    const [deposit, ...rest] = await banked(firm)
    expect(deposit).toMatch(/^PAYOUT DEBIT OPERATING 40\d\.\d\d$/)
    expect(rest).toHaveLength(3)
    expect(await balanceOf(firm, 'OPERATING')).toBe(BigInt(byHand.amount))
    await life.sandbox.payOut(account)
    await life.news.deliver()
    expect(await balanceOf(firm, 'PAYMENTS_HOLDING'), 'all is paid out').toBe(0n)
    expect(await life.reconcile(firm)).toEqual([])
  })

  test('made by hand that comes back is off the bank again', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    await matter.paysOnline('1000.00')
    await life.news.deliver()
    const { id } = await life.sandbox.payOutByHand(account, { amountMinor: 40_000 })
    await life.news.deliver()
    await life.sandbox.payoutFails(id)
    await life.news.deliver()
    expect(await balanceOf(firm, 'OPERATING')).toBe(0n)
    await life.sandbox.payOut(account)
    await life.news.deliver()
    expect(await balanceOf(firm, 'PAYMENTS_HOLDING')).toBe(0n)
    expect(await balanceOf(firm, 'OPERATING')).toBe(97_070n)
  })

  test('that came back and whose content is never told is given up after days, and the firm is told', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    await matter.paysOnline('1000.00')
    await life.news.deliver()
    const [payout] = await life.sandbox.payOut(account, { paidAfterMs: null, reconciledAfterMs: null })
    const id = payout?.id ?? ''
    await life.sandbox.payoutFails(id)
    const received_at = new Date(Date.now() - 6 * 86_400_000)
    const event = { id: `evt_${id}`, source: 'stripe', type: 'payout.failed', account, object_id: id, received_at }
    await life.database.owner.insertInto('inbox').values(event).execute()
    await life.news.booked()
    expect(await attentionOf(firm)).toEqual([{ code: 'PAYOUT_UNKNOWN', subject_id: id }])
    expect(await banked(firm)).toEqual([])
    await life.sandbox.payoutReconciles(id)
    await life.news.deliver()
    expect(await banked(firm), 'told after all').toHaveLength(6)
  })

  test('told before the refund that is in it waits for that', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    const payment = await matter.paysOnline('1000.00')
    await life.news.deliver()
    await life.sandbox.refundByHand(payment, 10_000)
    await life.sandbox.payOut(account)
    await life.news.deliver({ reversed: true })
    expect((await banked(firm))[0]).toBe('PAYOUT DEBIT OPERATING 900.00')
    expect(await balanceOf(firm, 'PAYMENTS_HOLDING')).toBe(0n)
    expect(await balanceOf(firm, 'OTHER_PROVIDER_ACTIVITY')).toBe(0n)
  })

  test('a debit that failed costs its fee and brings nothing (R13)', async () => {
    const { account, firm, matter } = await atItsOwnAccount()
    await life.sandbox.debitFails(await matter.paysOnline('600.00', BANK))
    await life.news.deliver()
    await matter.paysOnline('1000.00')
    await life.news.deliver()
    await life.sandbox.payOut(account)
    await life.news.deliver()
    const [, , fees] = await banked(firm)
    expect(fees).toBe('PAYOUT_FEES DEBIT MERCHANT_FEES 33.30')
    expect(await balanceOf(firm, 'PAYMENTS_HOLDING')).toBe(0n)
  })

  test('a fee that becomes known late is noted with its payment', async () => {
    const { account, matter } = await atItsOwnAccount()
    await life.sandbox.behaves({ feeDelayMs: null })
    const payment = await matter.paysOnline('1000.00')
    await life.news.deliver()
    expect((await matter.payment(payment)).fee_minor).toBeNull()
    await life.sandbox.feeBecomesKnown(payment)
    await life.sandbox.behaves({ feeDelayMs: 0 })
    await life.news.deliver()
    expect((await matter.payment(payment)).fee_minor).toBe(2930n)
    await life.sandbox.payOut(account)
  })

  test('of an account that two firms share is booked by each for what is its own', async () => {
    const one = await createFirm(life.database.owner)
    const other = await createFirm(life.database.owner)
    for (const [firm, amount] of [
      [one, '300.00'],
      [other, '200.00'],
    ] as const) {
      const matter = await life.matter({ firm })
      await matter.save({ initial: amount })
      await matter.createOnline()
      await matter.paysOnline(amount)
    }
    await life.news.deliver()
    await life.sandbox.payOut()
    await life.news.deliver()
    expect((await banked(one))[0]).toBe('PAYOUT DEBIT OPERATING 300.00')
    expect((await banked(other))[0]).toBe('PAYOUT DEBIT OPERATING 200.00')
  })
})
