import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { IDENTITY_COUNT, identities } from '../../src/books/identities.ts'
import { createFirm } from '../support/firm.ts'
import { invoicing, type Ledger, openLedger } from './ledger.ts'
import { refunding, teller, transferring } from './teller.ts'

let ledger: Ledger
let tell: ReturnType<typeof teller>

/** Books with something of everything in them. */
beforeAll(async () => {
  ledger = await openLedger()
  tell = teller(ledger)
  const [matter, other] = [await ledger.holding(0n), await ledger.holding(0n)]
  const paid = await tell.pay(matter, 5_000n)
  await tell.take(matter.matterId, invoicing(300n))
  await tell.take(matter.matterId, transferring(other.matterId, 200n))
  await tell.take(matter.matterId, refunding(100n))
  await tell.dispute(paid, `dp_${paid}`, 'disputeOpened')
  await tell.dispute(paid, `dp_${paid}`, 'paymentReversed', { amountMinor: 1_000n })
  await tell.bookUnapplied(700n)
  const { firmId } = ledger.firm
  const line = { id: 'txn_1', kind: 'CHARGE', paymentId: paid, amountMinor: 5_000, feeMinor: 175, atMs: 0 }
  const payout = {
    account: 'platform',
    payoutId: 'po_1',
    status: 'PAID',
    currency: 'USD',
    amountMinor: 4_825,
    arrivesAtMs: 0,
    atMs: 0,
  }
  await sql`select book_payout(${JSON.stringify({ ...payout, lines: [line] })}::jsonb)`.execute(ledger.worker)
  expect(await identities(ledger.worker, firmId)).toEqual([])
})
afterAll(() => ledger.end())

/** What breaks each identity, done to the tables behind the ledger's back. */
const DAMAGE: Record<string, string> = {
  POSTING_UNBALANCED: "update entry set amount_minor = amount_minor + 1 where account = 'BILLINGS_CONTROL'",
  FIRM_UNBALANCED: "update entry set amount_minor = amount_minor + 1 where account = 'BILLINGS_CONTROL'",
  ENTRIES_OF_ANOTHER_FIRM: "update entry set firm_id = gen_random_uuid() where account = 'BILLINGS_CONTROL'",
  INVOICE_REST: 'update invoice set paid_minor = paid_minor - 1',
  BALANCE: 'update retainer set balance_minor = balance_minor + 1',
  RETAINER_LIABILITY: 'update retainer set balance_minor = balance_minor + 1',
  STATE: `update retainer set state = state || '{"version": 1}'`,
  ENTRY_CHAIN:
    "update entry set balance_before_minor = balance_before_minor + 1, balance_after_minor = balance_after_minor + 1 where kind = 'TRANSFER'",
  VERSIONS: "update command set version = version + 1000 where kind = 'transferIn'",
  REVERSED_PAYMENTS_RECEIVABLE: `update retainer set state = state || '{"receivableMinor": "1"}'`,
  REFUNDS_IN_FLIGHT: "update refund_part set status = 'TAKEN'",
  PAYMENT_POSTED: 'update payment set amount_minor = amount_minor + 1',
  UNAPPLIED_FUNDS: 'update payment set unapplied_minor = unapplied_minor + 1',
  PAYMENT_REFUNDED: 'update payment set refunded_minor = refunded_minor + 1',
  PAYMENT_OVER_REFUNDED: "update refund_part set status = 'TAKEN', amount_minor = 5001",
  PAYMENT_REVERSED: 'update payment set reversed_minor = reversed_minor + 1',
  DISPUTE_POSTED: 'update dispute set withdrawn_minor = withdrawn_minor + 1',
  REFUND_PARTS: 'update refund set amount_minor = amount_minor + 1',
  TRANSFER_POSTED: 'delete from transfer',
  PAYMENTS_HOLDING:
    "update entry set provider_account = 'acct_other' where account = 'PAYMENTS_HOLDING' and kind = 'PAYOUT'",
  OTHER_PROVIDER_ACTIVITY: 'update payout set other_minor = other_minor + 1',
  PAYOUT_LINE_AMOUNT: "update payout_line set amount_minor = amount_minor + 1 where kind = 'CHARGE'",
  RECEIVABLE_WITHOUT_MATTER: 'update payment set reversed_minor = reversed_minor + 1 where matter_id is null',
  MERCHANT_FEES: 'update payout set fees_minor = fees_minor + 1',
  PAYOUT_LINES: 'update payout_line set amount_minor = amount_minor + 1',
  PAYOUT_LINE_UNPLACED: 'update payout_line set firm_id = null',
  EVENT_NOT_BOOKED:
    "insert into inbox (id, source, type, object_id, received_at) values ('evt_1', 'stripe', 'x', 'y', now() - interval '61 minutes')",
}

test.each(Object.entries(DAMAGE))('%s is found', async (code, damage) => {
  const undone = new Error('undone')
  const work = ledger.database.owner.transaction().execute(async (trx) => {
    await sql.raw(damage).execute(trx)
    const found = await identities(trx, ledger.firm.firmId)
    expect(found.filter((difference) => difference.code === code)).not.toEqual([])
    for (const difference of found) expect(difference).toMatchObject({ check: 'BOOKS', subject: expect.any(String) })
    throw undone
  })
  await expect(work).rejects.toBe(undone)
})

test('every identity has been seen to find something', () => {
  expect(Object.keys(DAMAGE)).toHaveLength(IDENTITY_COUNT)
})

test('what breaks one firm’s books is no difference of another’s', async () => {
  const other = await createFirm(ledger.database.owner)
  await ledger.database.owner
    .updateTable('firm')
    .set({ stripe_account: `acct_${randomUUID()}` })
    .where('id', '=', other.firmId)
    .execute()
  const undone = new Error('undone')
  const work = ledger.database.owner.transaction().execute(async (trx) => {
    for (const damage of Object.values(DAMAGE).slice(3)) await sql.raw(damage).execute(trx)
    expect(await identities(trx, other.firmId)).toEqual([])
    throw undone
  })
  await expect(work).rejects.toBe(undone)
})
