import { sql } from 'kysely'
import type { Page } from '../paging.ts'
import { anyOf, type Firmly } from '../reading.ts'

/** Firms by id: the viewer's own, and no other. */
export const firmsById = (trx: Firmly, ids: readonly string[], firmId: string) =>
  trx.selectFrom('firm').selectAll().where('id', '=', firmId).where('id', '=', anyOf(ids)).execute()

/** Clients of the firm by id. */
export const clientsById = (trx: Firmly, ids: readonly string[], firmId: string) =>
  trx
    .selectFrom('client')
    .select(['id', 'name', 'email', 'created_at'])
    .where('firm_id', '=', firmId)
    .where('id', '=', anyOf(ids))
    .execute()

/** One page of the firm's clients by name; with `search`, those whose name or address contains it. */
export function clientPage(
  trx: Firmly,
  firmId: string,
  search: string | null | undefined,
  { limit, after }: Page<[string, string]>,
) {
  let query = trx
    .selectFrom('client')
    .select(['id', 'name', 'email', 'created_at', 'name_key'])
    .where('firm_id', '=', firmId)
    .orderBy('name_key')
    .orderBy('id')
    .limit(limit)
  if (search) {
    const pattern = sql<string>`containing(${search})`
    query = query.where((is) => is.or([is('name_key', 'like', pattern), is(sql`folded(email)`, 'like', pattern)]))
  }
  if (after !== null) query = query.where((is) => is(is.refTuple('name_key', 'id'), '>', is.tuple(...after)))
  return query.execute()
}
