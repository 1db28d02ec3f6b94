import type { Page } from '../paging.ts'
import { each, type Firmly, ITS_ID } from '../reading.ts'

const disputes = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('dispute')
    .innerJoin('firm', 'firm.id', 'dispute.firm_id')
    .where('dispute.firm_id', '=', firmId)
    .select([
      'firm.currency',
      'dispute.id',
      'dispute.matter_id',
      'dispute.payment_id',
      'dispute.status',
      'dispute.amount_minor',
      'dispute.withdrawn_minor',
      'dispute.reinstated_minor',
      'dispute.deadline',
      'dispute.opened_at',
    ])

// A NUL in a text, which a stranger's id may hold, is an error to PostgreSQL.
const DISPUTE_ID = /^[\w-]{1,80}$/

/** Disputes of the firm by id. */
export const disputesById = (trx: Firmly, ids: readonly string[], firmId: string) =>
  disputes(trx, firmId)
    .where('dispute.id', 'in', ['', ...ids.filter((id) => DISPUTE_ID.test(id))])
    .execute()

/** The same page of every matter's disputes, newest first, by matter. The key is when it was opened, and its id. */
export async function disputePages(
  trx: Firmly,
  matterIds: string[],
  firmId: string,
  { limit, after }: Page<[string, string]>,
) {
  let query = disputes(trx, firmId)
    .where('dispute.matter_id', '=', ITS_ID)
    .orderBy('dispute.opened_at', 'desc')
    .orderBy('dispute.id', 'desc')
    .limit(limit)
  if (after !== null) {
    const [openedAt, id] = after
    query = query.where((is) =>
      is(is.refTuple('dispute.opened_at', 'dispute.id'), '<', is.tuple(new Date(openedAt), id)),
    )
  }
  const rows = await trx
    .selectFrom(each(matterIds))
    .innerJoinLateral(
      () => query.as('dispute'),
      (join) => join.onTrue(),
    )
    .selectAll('dispute')
    .select((row) => row.ref('dispute.matter_id').$notNull().as('matter_id'))
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return Map.groupBy(rows, (row) => row.matter_id)
}
