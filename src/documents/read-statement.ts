import { type Kysely, sql } from 'kysely'
import type { Days } from '../books/calendar.ts'
import { type Statement, statement } from '../books/statement.ts'
import { asFirm, type Database } from '../db/pool.ts'
import type { DB } from '../db/types.ts'

/** A statement with all that its page names. */
export interface PrintableStatement extends Statement {
  firmName: string
  timeZone: string
  currency: string
  clientName: string
  matterNumber: string
  matterTitle: string
  phase: string
  /** What a reader finds a movement by, by posting: an invoice's number, a cheque's, a payment's id (a refund's: to which it goes back), another matter's number. */
  references: Map<bigint, string>
}

/** Reads a matter's statement as its firm; null when the firm has no such matter. */
export function readStatement(
  db: Database,
  { firmId, matterId }: { firmId: string; matterId: string },
  days: Days,
): Promise<PrintableStatement | null> {
  return asFirm(db, firmId, async (trx) => {
    const about = await trx
      .selectFrom('matter')
      .innerJoin('firm', 'firm.id', 'matter.firm_id')
      .innerJoin('client', 'client.id', 'matter.client_id')
      .innerJoin('retainer', 'retainer.matter_id', 'matter.id')
      .select([
        'firm.name as firmName',
        'firm.time_zone as timeZone',
        'firm.currency',
        'client.name as clientName',
        'matter.number as matterNumber',
        'matter.title as matterTitle',
        'retainer.phase',
      ])
      .where('matter.firm_id', '=', firmId)
      .where('matter.id', '=', matterId)
      .executeTakeFirst()
    if (!about) return null
    const found = await statement(trx, firmId, matterId, days)
    const postingIds = found.lines.map(({ postingId }) => postingId)
    return { ...about, ...found, references: await referencesOf(trx, matterId, postingIds) }
  })
}

async function referencesOf(trx: Kysely<DB>, matterId: string, postingIds: bigint[]): Promise<Map<bigint, string>> {
  const { rows } = await sql<{ id: bigint; reference: string | null }>`
    select posting.id, coalesce(invoice.number, other.number, memo.body, back.payments,
      substring(posting.key from '^(?:payment|assignment|dispute):([^:]+)')) as reference
    from posting
    left join entry as owed on owed.posting_id = posting.id and owed.account = 'ACCOUNTS_RECEIVABLE'
    left join invoice on invoice.id = owed.invoice_id
    left join entry as partner on partner.posting_id = posting.id and partner.account = 'RETAINER'
      and partner.matter_id <> ${matterId}::uuid
    left join matter as other on other.id = partner.matter_id
    left join lateral (
      select string_agg(distinct part.payment_id, ', ') as payments from refund_part as part
      where posting.kind in ('REFUND_COMMANDED', 'REFUND_FAILED', 'REFUNDED_AT_PROVIDER')
        and part.firm_id = posting.firm_id and part.means = 'ONLINE'
        and split_part(posting.key, ':', 2) in (part.refund_id, part.id)
    ) as back on true
    left join command on command.firm_id = posting.firm_id and command.key = posting.command_key
    left join memo on memo.firm_id = command.firm_id and memo.key = command.key and memo.input_hash = command.input_hash
    where posting.id = any (${postingIds.map(String)}::bigint[])`.execute(trx)
  return new Map(rows.flatMap(({ id, reference }) => (reference === null ? [] : [[id, reference] as const])))
}
