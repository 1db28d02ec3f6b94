import { sql } from 'kysely'
import { asFirm, type Database } from '../db/pool.ts'
import { type CurrencyCode, toDecimalString } from '../domain/money.ts'
import { type Days, isAfter, isBefore } from './calendar.ts'

/** The columns of the journal, in order; an export keeps them. */
export const JOURNAL_COLUMNS = ['date', 'entry', 'account', 'debit', 'credit', 'matter', 'reference'] as const

/**
 * One line of an accounting transaction. `date` is the firm's calendar day; lines of the same `entry` balance; amounts are
 * decimal strings of the firm's currency, one of the two is empty; `matter` is its number, empty for none; `reference` is the
 * transaction's key, by which it happened once.
 */
export type JournalRow = Record<(typeof JOURNAL_COLUMNS)[number], string>

const PAGE = 1_000

/**
 * The firm's journal of the days given, in the order in which it was written. Reads a page at a time, so that a long one never
 * has to fit into memory.
 */
export async function* journalRows(db: Database, firmId: string, days: Days): AsyncGenerator<JournalRow> {
  let after = { posting: 0n, line: 0 }
  for (;;) {
    const rows = await asFirm(db, firmId, (trx) => journalPage(firmId, days, after).execute(trx))
    for (const row of rows.rows) yield journalRow(row)
    const last = rows.rows.at(-1)
    if (!last || rows.rows.length < PAGE) return
    after = { posting: last.posting, line: last.line }
  }
}

interface Line {
  posting: bigint
  line: number
  date: string
  account: string
  providerAccount: string | null
  side: 'DEBIT' | 'CREDIT'
  amountMinor: bigint
  currency: CurrencyCode
  matter: string | null
  reference: string
}

function journalPage(firmId: string, days: Days, after: { posting: bigint; line: number }) {
  const at = sql<Date>`posting.at`
  return sql<Line>`
    select posting.id as posting, entry.line, to_char(posting.at at time zone firm.time_zone, 'YYYY-MM-DD') as date,
      entry.account, entry.provider_account as "providerAccount", entry.side, entry.amount_minor as "amountMinor",
      firm.currency, matter.number as matter, posting.key as reference
    from posting
    join firm on firm.id = posting.firm_id
    join entry on entry.posting_id = posting.id
    left join matter on matter.id = entry.matter_id
    where posting.firm_id = ${firmId}::uuid
      and posting.id >= ${after.posting}::bigint and (posting.id, entry.line) > (${after.posting}::bigint, ${after.line}::int)
      and not ${isBefore(at, days)} and not ${isAfter(at, days)}
    order by posting.id, entry.line
    limit ${PAGE}`
}

function journalRow({
  posting,
  date,
  account,
  providerAccount,
  side,
  amountMinor,
  currency,
  ...rest
}: Line): JournalRow {
  const amount = toDecimalString(amountMinor, currency)
  return {
    date,
    entry: posting.toString(),
    account: providerAccount === null ? account : `${account}:${providerAccount}`,
    debit: side === 'DEBIT' ? amount : '',
    credit: side === 'CREDIT' ? amount : '',
    matter: rest.matter ?? '',
    reference: rest.reference,
  }
}
