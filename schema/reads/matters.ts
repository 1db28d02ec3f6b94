import { anyOf, type Firmly } from '../reading.ts'

/** What a matter is made of. */
export const MATTER_COLUMNS = [
  'matter.id',
  'matter.client_id',
  'matter.number',
  'matter.title',
  'matter.created_at',
] as const

/** Matters of the firm by id. */
export const mattersById = (trx: Firmly, ids: readonly string[], firmId: string) =>
  trx
    .selectFrom('matter')
    .select(MATTER_COLUMNS)
    .where('matter.firm_id', '=', firmId)
    .where('matter.id', '=', anyOf(ids))
    .execute()
