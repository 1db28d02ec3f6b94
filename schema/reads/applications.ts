import { sql } from 'kysely'
import { each, type Firmly, ITS_ID } from '../reading.ts'

const PREFIX = 'application:'

/** Payments of invoices from the retainer, each with when it was reversed, from the books. */
const applications = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('posting')
    .innerJoin('entry', (join) =>
      join.onRef('entry.posting_id', '=', 'posting.id').on('entry.account', '=', 'ACCOUNTS_RECEIVABLE'),
    )
    .innerJoin('invoice', 'invoice.id', 'entry.invoice_id')
    .innerJoin('firm', 'firm.id', 'posting.firm_id')
    .leftJoin('posting as reversal', (join) =>
      join
        .onRef('reversal.firm_id', '=', 'posting.firm_id')
        .on('reversal.key', '=', sql<string>`'application-reversal:' || substr(posting.key, ${PREFIX.length + 1})`),
    )
    .where('posting.firm_id', '=', firmId)
    .where('posting.kind', '=', 'INVOICE_PAID')
    .select((row) => [
      'firm.currency',
      sql<string>`substr(posting.key, ${PREFIX.length + 1})`.as('id'),
      row.ref('posting.matter_id').$notNull().as('matter_id'),
      'invoice.id as invoice_id',
      'entry.amount_minor',
      'posting.at as applied_at',
      'reversal.at as reversed_at',
    ])

// A NUL in a text, which a stranger's id may hold, is an error to PostgreSQL.
const APPLICATION_ID = /^[\w:-]{1,80}$/

/** Applications of the firm by id. */
export const applicationsById = (trx: Firmly, ids: readonly string[], firmId: string) =>
  applications(trx, firmId)
    .where('posting.key', 'in', ['', ...ids.filter((id) => APPLICATION_ID.test(id)).map((id) => PREFIX + id)])
    .execute()

/** What each invoice was paid by, the first 100, oldest first, by invoice. */
export async function applicationsByInvoice(trx: Firmly, invoiceIds: string[], firmId: string) {
  const firsts = applications(trx, firmId).where('entry.invoice_id', '=', ITS_ID).orderBy('posting.id').limit(100)
  const rows = await trx
    .selectFrom(each(invoiceIds))
    .innerJoinLateral(
      () => firsts.as('application'),
      (join) => join.onTrue(),
    )
    .selectAll('application')
    .orderBy('applied_at')
    .execute()
  return Map.groupBy(rows, (row) => row.invoice_id)
}

/** The application that a retainer's entry belongs to, by its posting's key; null for other postings. */
export const applicationIdOf = (postingKey: string): string | null =>
  /^application(?:-reversal)?:(.+)$/.exec(postingKey)?.[1] ?? null
