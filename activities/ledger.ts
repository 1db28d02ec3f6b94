import { ApplicationFailure, activityInfo } from '@temporalio/activity'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../src/db/pool.ts'
import type { CurrencyCode } from '../src/domain/money.ts'
import type { RetainerState } from '../src/domain/state.ts'
import type { Wire } from '../src/domain/wire.ts'
import { isUuid } from '../src/uuid.ts'
import type {
  BankedPayout,
  BankedPayoutResult,
  Notice,
  UnappliedFact,
  UnappliedFactResult,
  UnappliedPayment,
} from './books-wire.ts'
import type { CommitRequest, CommitResult, LoadedMatter } from './commit-wire.ts'
import { codeOf } from './database-errors.ts'

export interface LedgerDependencies {
  db: Database
  /** The hash by which a request's payment link is found. */
  linkHash(requestId: string): Buffer
  /** Tells subscribers, some milliseconds later and for many commits at once, that the matter has news. */
  notify(matterId: string): void
}

/** The books: every function is one transaction and one round trip, and safe to repeat. */
export type LedgerActivities = ReturnType<typeof ledgerActivities>

export function ledgerActivities({ db, linkHash, notify }: LedgerDependencies) {
  return {
    /** Commits one decision of a matter, once per key. @throws CommitRejected when the books can never take it. */
    async commitMatter(request: CommitRequest): Promise<CommitResult> {
      const requests = request.plan.requests.map((row) => ({ ...row, linkHash: linkHash(row.id).toString('hex') }))
      const payload = JSON.stringify({ ...request, plan: { ...request.plan, requests } })
      const result = await one(db, sql<{ result: CommitResult }>`select commit_matter(${payload}::jsonb) as result`)
      notify(request.matterId)
      if (request.plan.transfer) notify(request.plan.transfer.toMatterId)
      return result.result
    },

    /** The matter as the books have it: a first run starts from here, after a lost engine too. */
    async loadMatter(firmId: string, matterId: string): Promise<LoadedMatter> {
      const row = await one(
        db,
        sql<{ currency: CurrencyCode; state: Wire<RetainerState> | null }>`
          select firm.currency, retainer.state from retainer join firm on firm.id = retainer.firm_id
          where retainer.matter_id = ${matterId}::uuid and retainer.firm_id = ${firmId}::uuid`,
      )
      return row
    },

    /** What is still owed on an invoice (R16); nothing on one that the matter does not have. */
    async owedOnInvoice(firmId: string, matterId: string, invoiceId: string): Promise<string> {
      // A person at the Web UI may name anything.
      if (!isUuid(invoiceId)) return '0'
      const row = await one(
        db,
        sql<{ owed: string }>`
          select coalesce(sum(amount_minor - paid_minor), 0)::text as owed from invoice
          where id = ${invoiceId}::uuid and matter_id = ${matterId}::uuid and firm_id = ${firmId}::uuid`,
      )
      return row.owed
    },

    /** Books a payment to unapplied funds (R15); answers the notice to the firm while it is still to be sent. */
    async bookUnapplied(payment: UnappliedPayment, atMs: number): Promise<Notice | null> {
      const payload = JSON.stringify({ ...payment, atMs })
      const row = await one(db, sql<{ notice: Notice | null }>`select book_unapplied(${payload}::jsonb) as notice`)
      return row.notice
    },

    /** Books what happens to a payment without a home (R17, R18), once; or says that a matter has taken it on. */
    async bookUnappliedFact(fact: UnappliedFact, atMs: number): Promise<UnappliedFactResult> {
      const payload = JSON.stringify({ ...fact, atMs })
      const row = await one(
        db,
        sql<{ result: UnappliedFactResult }>`select book_unapplied_fact(${payload}::jsonb) as result`,
      )
      return row.result
    },

    /** Books a payout with all its transactions, once; told later that it failed, takes the net off again. */
    async bookPayout(payout: BankedPayout, atMs: number): Promise<BankedPayoutResult> {
      const payload = JSON.stringify({ ...payout, atMs })
      const row = await one(db, sql<{ result: BankedPayoutResult }>`select book_payout(${payload}::jsonb) as result`)
      return row.result
    },
  }
}

async function one<Row>(db: Database, query: RawBuilder<Row>): Promise<Row> {
  try {
    const { rows } = await query.execute(db)
    const [row] = rows
    if (row === undefined) throw ApplicationFailure.nonRetryable('The ledger knows no such matter.', 'UnknownMatter')
    return row
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error
    throw failureOf(error)
  }
}

/** Codes only: a database's message can quote the row it refused. */
function failureOf(error: unknown): ApplicationFailure {
  const code = codeOf(error)
  // What the books refuse as it is stays refused; a missing column or grant is a deployment's fault, and mended.
  // A uniqueness clash with a concurrent commit, or a statement that took too long on a busy day, is settled by trying again;
  // one that stays is a refusal like any other, for what waits behind it must not wait for ever.
  const mayPass = ['23505', '57014'].includes(code) ? activityInfo().attempt < 5 : !/^(21|22|23|P0)/.test(code)
  return mayPass
    ? ApplicationFailure.retryable(`The database did not take it (${code}).`, 'DatabaseUnavailable')
    : ApplicationFailure.nonRetryable(`The books refused it (${code}).`, 'CommitRejected')
}
