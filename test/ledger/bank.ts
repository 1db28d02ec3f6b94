import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { BankedPayout, BankedPayoutResult, PayoutLine } from '../../activities/books-wire.ts'
import { trialBalance } from '../../src/books/trial-balance.ts'
import { newRetainer } from '../../src/domain/state.ts'
import { createFirm, createMatter } from '../support/firm.ts'
import { type Ledger, saving } from './ledger.ts'

const DAY = Date.parse('2027-06-03T12:00:00Z')

export const line = (
  kind: PayoutLine['kind'],
  amount: number,
  fee: number,
  of: Partial<PayoutLine> = {},
): PayoutLine => ({
  id: `txn_${randomUUID()}`,
  kind,
  amountMinor: String(amount),
  feeMinor: String(fee),
  paymentId: null,
  refundId: null,
  partId: null,
  disputeId: null,
  ofPayoutId: null,
  firmId: null,
  atMs: DAY,
  ...of,
})

export const payoutOf = (lines: PayoutLine[], change: Partial<BankedPayout> = {}): BankedPayout => ({
  account: 'platform',
  payoutId: `po_${randomUUID()}`,
  status: 'PAID',
  currency: 'USD',
  amountMinor: lines.reduce((sum, each) => sum + BigInt(each.amountMinor) - BigInt(each.feeMinor), 0n).toString(),
  arrivesAtMs: DAY,
  lines,
  inboxId: null,
  ...change,
})

/** Books payouts of the provider, and says what they moved. */
export function bankOf(ledger: Ledger) {
  async function book(payout: BankedPayout): Promise<BankedPayoutResult | undefined> {
    const { rows } = await sql<{ result: BankedPayoutResult }>`
    select book_payout(${JSON.stringify({ ...payout, atMs: DAY })}::jsonb) as result`.execute(ledger.worker)
    return rows[0]?.result
  }

  /** How much each account has moved while `during` ran: positive for a debit. */
  async function movedBy(during: () => Promise<unknown>, firmId = ledger.firm.firmId): Promise<Record<string, bigint>> {
    const balances = async () =>
      new Map((await trialBalance(ledger.worker, firmId)).map(({ account, balanceMinor }) => [account, balanceMinor]))
    const before = await balances()
    await during()
    const after = await balances()
    const moved = [...after].map(([account, balance]) => [account, balance - (before.get(account) ?? 0n)] as const)
    return Object.fromEntries(moved.filter(([, amount]) => amount !== 0n))
  }

  let accounts = 0

  /** A firm, on a given account or one of its own, whose client has paid 100.00 there. */
  async function firmWithItsAccount(shared?: string) {
    const account = shared ?? `acct_own_${(accounts += 1)}`
    const firm = await createFirm(ledger.database.owner)
    const fresh = newRetainer(firm.firmId, await createMatter(ledger.database.owner, firm), 'USD')
    const enabled = await ledger.take(fresh, saving({ enabled: true }))
    async function pays(amountMinor: bigint, paymentId = `pi_${randomUUID()}`): Promise<string> {
      const of = { requestId: null, attemptId: null, method: 'CARD', feeMinor: null, providerAccount: account } as const
      await ledger.take(enabled, { kind: 'paymentSettled', paymentId, amountMinor, ...of })
      return paymentId
    }
    return { firmId: firm.firmId, account, pays, paid: await pays(10_000n) }
  }

  /** The payout as an event of it tells it that came so many days ago. */
  async function inboxOf(payout: BankedPayout, daysAgo = 0): Promise<BankedPayout> {
    const inboxId = `evt_${randomUUID()}`
    const received_at = new Date(Date.now() - daysAgo * 86_400_000)
    const event = { id: inboxId, source: 'stripe', type: 'payout.paid', object_id: payout.payoutId, received_at }
    await ledger.worker.insertInto('inbox').values(event).execute()
    return { ...payout, inboxId }
  }

  async function outcomeOf({ inboxId }: BankedPayout): Promise<[isDone: boolean, outcome: string | null]> {
    const rows = ledger.worker.selectFrom('inbox').select(['booked_at', 'outcome']).where('id', '=', inboxId)
    const { booked_at, outcome } = await rows.executeTakeFirstOrThrow()
    return [booked_at !== null, outcome]
  }

  return { book, movedBy, firmWithItsAccount, inboxOf, outcomeOf }
}
