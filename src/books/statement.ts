import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/types.ts'
import type { PostingKind } from '../domain/plan.ts'
import { type Days, isAfter, isBefore } from './calendar.ts'

/** A matter's retainer over some days. Amounts are minor units of the firm's currency. */
export interface Statement {
  openingMinor: bigint
  lines: StatementLine[]
  /** The opening and all lines together: what the liability account held for the matter at the end of the last day. */
  closingMinor: bigint
}

export interface StatementLine {
  /** The accounting transaction: its number, its key, and what it was. */
  postingId: bigint
  key: string
  kind: PostingKind
  at: Date
  /** The firm's calendar day of it, `YYYY-MM-DD`. */
  day: string
  /** Positive into the retainer, negative out of it. */
  amountMinor: bigint
  /** The retainer after it. */
  balanceMinor: bigint
}

/**
 * The statement of a matter's retainer for the firm's calendar days `days` (R20: over its whole life, with both sides open, the
 * final statement). Of a matter that the firm does not have: an empty one.
 */
export async function statement(db: Kysely<DB>, firmId: string, matterId: string, days: Days): Promise<Statement> {
  const at = sql<Date>`entry.at`
  const { rows } = await sql<StatementLine & { isBefore: boolean }>`
    select posting.id as "postingId", posting.key, posting.kind, entry.at,
      to_char(entry.at at time zone firm.time_zone, 'YYYY-MM-DD') as day,
      moved."amountMinor", ${isBefore(at, days)} as "isBefore",
      sum(moved."amountMinor") over (order by ${isBefore(at, days)} desc, entry.posting_id, entry.line)::bigint as "balanceMinor"
    from entry
    join posting on posting.id = entry.posting_id
    join firm on firm.id = entry.firm_id
    cross join lateral (
      select case entry.side when 'CREDIT' then entry.amount_minor else -entry.amount_minor end as "amountMinor"
    ) as moved
    where entry.firm_id = ${firmId}::uuid and entry.matter_id = ${matterId}::uuid and entry.account = 'RETAINER'
      and not ${isAfter(at, days)}
    order by "isBefore" desc, entry.posting_id, entry.line`.execute(db)
  const openingMinor = rows.findLast((row) => row.isBefore)?.balanceMinor ?? 0n
  const lines = rows.filter((row) => !row.isBefore)
  return { openingMinor, lines, closingMinor: lines.at(-1)?.balanceMinor ?? openingMinor }
}
