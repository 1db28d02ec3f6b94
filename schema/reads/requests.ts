import type { RequestStatus } from '../../src/domain/plan.ts'
import type { Page } from '../paging.ts'
import { each, type Firmly, ITS_ID } from '../reading.ts'
import { isOverdue } from './overdue.ts'

const requests = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('request')
    .innerJoin('firm', 'firm.id', 'request.firm_id')
    .innerJoin('retainer', 'retainer.matter_id', 'request.matter_id')
    .where('request.firm_id', '=', firmId)
    .select([
      'firm.currency',
      'request.id',
      'request.matter_id',
      'request.number',
      'request.kind',
      'request.status',
      'request.amount_minor',
      'request.received_minor',
      'request.opened_at',
      'request.last_sent_at',
      'request.closed_at',
      isOverdue(firmId).as('overdue'),
    ])

// A NUL in a text, which a stranger's id may hold, is an error to PostgreSQL.
const REQUEST_ID = /^[\w-]{1,80}$/

/** Requests of the firm by id. */
export const requestsById = (trx: Firmly, ids: readonly string[], firmId: string) =>
  requests(trx, firmId)
    .where('request.id', 'in', ['', ...ids.filter((id) => REQUEST_ID.test(id))])
    .execute()

/** The same page of every matter's requests, newest first, by matter. */
export async function requestPages(trx: Firmly, matterIds: string[], firmId: string, { limit, after }: Page<number>) {
  let query = requests(trx, firmId)
    .where('request.matter_id', '=', ITS_ID)
    .orderBy('request.number', 'desc')
    .limit(limit)
  if (after !== null) query = query.where('request.number', '<', after)
  const rows = await trx
    .selectFrom(each(matterIds))
    .innerJoinLateral(
      () => query.as('request'),
      (join) => join.onTrue(),
    )
    .selectAll('request')
    .orderBy('number', 'desc')
    .execute()
  return Map.groupBy(rows, (row) => row.matter_id)
}

export interface RequestFilter {
  status?: RequestStatus | null | undefined
  overdue?: boolean | null | undefined
}

/** One page of the firm's requests, newest first. */
export function firmRequestPage(
  trx: Firmly,
  firmId: string,
  { status, overdue }: RequestFilter,
  { limit, after }: Page<[string, string]>,
) {
  let query = requests(trx, firmId).orderBy('request.opened_at', 'desc').orderBy('request.id', 'desc').limit(limit)
  if (status) query = query.where('request.status', '=', status)
  if (overdue != null) query = query.where(isOverdue(firmId), 'is', overdue)
  if (after !== null) {
    const [openedAt, id] = after
    query = query.where((is) =>
      is(is.refTuple('request.opened_at', 'request.id'), '<', is.tuple(new Date(openedAt), id)),
    )
  }
  return query.execute()
}
