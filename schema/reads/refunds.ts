import type { Page } from '../paging.ts'
import { each, type Firmly, ITS_ID } from '../reading.ts'

const refunds = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('refund')
    .innerJoin('firm', 'firm.id', 'refund.firm_id')
    .where('refund.firm_id', '=', firmId)
    .select([
      'firm.currency',
      'refund.id',
      'refund.matter_id',
      'refund.amount_minor',
      'refund.other_means_minor',
      'refund.found',
      'refund.at',
    ])

// A NUL in a text, which a stranger's id may hold, is an error to PostgreSQL.
const REFUND_ID = /^[\w-]{1,80}$/

/** Refunds of the firm by id. */
export const refundsById = (trx: Firmly, ids: readonly string[], firmId: string) =>
  refunds(trx, firmId)
    .where('refund.id', 'in', ['', ...ids.filter((id) => REFUND_ID.test(id))])
    .execute()

/** The same page of every matter's refunds, newest first, by matter. The key is when it was commanded, and its id. */
export async function refundPages(
  trx: Firmly,
  matterIds: string[],
  firmId: string,
  { limit, after }: Page<[string, string]>,
) {
  let query = refunds(trx, firmId)
    .where('refund.matter_id', '=', ITS_ID)
    .orderBy('refund.at', 'desc')
    .orderBy('refund.id', 'desc')
    .limit(limit)
  if (after !== null) {
    const [at, id] = after
    query = query.where((is) => is(is.refTuple('refund.at', 'refund.id'), '<', is.tuple(new Date(at), id)))
  }
  const rows = await trx
    .selectFrom(each(matterIds))
    .innerJoinLateral(
      () => query.as('refund'),
      (join) => join.onTrue(),
    )
    .selectAll('refund')
    .select((row) => row.ref('refund.matter_id').$notNull().as('matter_id'))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return Map.groupBy(rows, (row) => row.matter_id)
}

/** The parts of refunds, in the order they were allocated, by refund. */
export async function partsOfRefunds(trx: Firmly, refundIds: string[], firmId: string) {
  const rows = await trx
    .selectFrom('refund_part')
    .innerJoin('firm', 'firm.id', 'refund_part.firm_id')
    .where('refund_part.firm_id', '=', firmId)
    .where('refund_part.refund_id', 'in', ['', ...refundIds])
    .select([
      'firm.currency',
      'refund_part.id',
      'refund_part.refund_id',
      'refund_part.payment_id',
      'refund_part.means',
      'refund_part.status',
      'refund_part.amount_minor',
      'refund_part.provider_id',
      'refund_part.provider_status',
    ])
    .orderBy('refund_part.id')
    .execute()
  return Map.groupBy(rows, (row) => row.refund_id)
}
