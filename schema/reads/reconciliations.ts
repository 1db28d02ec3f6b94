import { sql } from 'kysely'
import type { Page } from '../paging.ts'
import { type Firmly, ITS_ID } from '../reading.ts'

const reconciliations = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('reconciliation')
    .where('firm_id', '=', firmId)
    .select(['id', 'status', 'step', 'done', 'total', 'started_at', 'finished_at'])

// A NUL in a text, which a stranger's id may hold, is an error to PostgreSQL.
const RECONCILIATION_ID = /^[\w.:-]{1,120}$/

/** Reconciliations of the firm by id. */
export const reconciliationsById = (trx: Firmly, ids: readonly string[], firmId: string) =>
  reconciliations(trx, firmId)
    .where('id', 'in', ['', ...ids.filter((id) => RECONCILIATION_ID.test(id))])
    .execute()

/** One page of the firm's reconciliations, newest first. */
export function reconciliationPage(trx: Firmly, firmId: string, { limit, after }: Page<[string, string]>) {
  let query = reconciliations(trx, firmId).orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit)
  if (after !== null) {
    const [startedAt, id] = after
    query = query.where((is) => is(is.refTuple('started_at', 'id'), '<', is.tuple(new Date(startedAt), id)))
  }
  return query.execute()
}

/** The same page of every reconciliation's differences, in the order they were found, by reconciliation. */
export async function differencePages(trx: Firmly, ids: string[], firmId: string, { limit, after }: Page<number>) {
  let query = trx
    .selectFrom('reconciliation_difference')
    .where('firm_id', '=', firmId)
    .where('reconciliation_id', '=', ITS_ID)
    .select(['reconciliation_id', 'line', 'check', 'code', 'subject', 'matter_id', 'expected', 'found'])
    .orderBy('line')
    .limit(limit)
  if (after !== null) query = query.where('line', '>', after)
  const rows = await trx
    .selectFrom(sql<{ id: string }>`unnest(${ids}::text[])`.as<'each'>(sql`each(id)`))
    .innerJoinLateral(
      () => query.as('difference'),
      (join) => join.onTrue(),
    )
    .selectAll('difference')
    .orderBy('line')
    .execute()
  return Map.groupBy(rows, (row) => row.reconciliation_id)
}

/** What somebody at the firm should look at and that belongs to no matter, oldest first, 100 at most. */
export const firmAttention = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('firm_attention')
    .where('firm_id', '=', firmId)
    .where('cleared_at', 'is', null)
    .select(['code', 'subject_id', 'since'])
    .orderBy('since')
    .limit(100)
    .execute()
