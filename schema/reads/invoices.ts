import type { ExpressionBuilder } from 'kysely'
import type { DB } from '../../src/db/types.ts'
import type { Page } from '../paging.ts'
import { anyOf, each, type Firmly, ITS_ID } from '../reading.ts'

const invoices = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('invoice')
    .innerJoin('firm', 'firm.id', 'invoice.firm_id')
    .where('invoice.firm_id', '=', firmId)
    .select([
      'firm.currency',
      'invoice.id',
      'invoice.matter_id',
      'invoice.number',
      'invoice.amount_minor',
      'invoice.paid_minor',
      'invoice.recorded_at',
    ])

/** Invoices of the firm by id. */
export const invoicesById = (trx: Firmly, ids: readonly string[], firmId: string) =>
  invoices(trx, firmId).where('invoice.id', '=', anyOf(ids)).execute()

/** The same page of every matter's invoices, newest first, by matter. The key is when it was recorded, and its id. */
export async function invoicePages(
  trx: Firmly,
  matterIds: string[],
  firmId: string,
  { limit, after }: Page<[string, string]>,
) {
  let query = invoices(trx, firmId)
    .where('invoice.matter_id', '=', ITS_ID)
    .orderBy('invoice.recorded_at', 'desc')
    .orderBy('invoice.id', 'desc')
    .limit(limit)
  if (after !== null) query = query.where(behind(after))
  const rows = await trx
    .selectFrom(each(matterIds))
    .innerJoinLateral(
      () => query.as('invoice'),
      (join) => join.onTrue(),
    )
    .selectAll('invoice')
    .orderBy('recorded_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return Map.groupBy(rows, (row) => row.matter_id)
}

/** UNPAID while something is still owed, PAID once nothing is. */
export type InvoiceStatus = 'UNPAID' | 'PAID'

/** One page of the firm's invoices, newest first. */
export function firmInvoicePage(
  trx: Firmly,
  firmId: string,
  status: InvoiceStatus | null | undefined,
  { limit, after }: Page<[string, string]>,
) {
  let query = invoices(trx, firmId).orderBy('invoice.recorded_at', 'desc').orderBy('invoice.id', 'desc').limit(limit)
  if (status) query = query.whereRef('invoice.paid_minor', status === 'PAID' ? '=' : '<', 'invoice.amount_minor')
  if (after !== null) query = query.where(behind(after))
  return query.execute()
}

/** What is older than a place in a list. */
const behind =
  ([recordedAt, id]: [string, string]) =>
  (is: ExpressionBuilder<DB, 'invoice'>) =>
    is(is.refTuple('invoice.recorded_at', 'invoice.id'), '<', is.tuple(new Date(recordedAt), id))
