import { type SelectQueryBuilder, sql } from 'kysely'
import type { DB } from '../../src/db/types.ts'
import type { RetainerPhase } from '../../src/domain/projection.ts'
import type { Page } from '../paging.ts'
import { anyOf, type Firmly } from '../reading.ts'
import { MATTER_COLUMNS } from './matters.ts'
import { isOverdue } from './overdue.ts'

export interface MatterFilter {
  phase?: RetainerPhase | null | undefined
  phases?: RetainerPhase[] | null | undefined
  search?: string | null | undefined
  attention?: boolean | null | undefined
  belowMinimum?: boolean | null | undefined
  requestOverdue?: boolean | null | undefined
  enabled?: boolean | null | undefined
  clientId?: string | null | undefined
}

/** Each order by what it sorts by, and by what among equals: no two matters have the same two. */
const ORDERS = {
  NUMBER: ['matter.number', 'matter.id'],
  TITLE: ['matter.title_key', 'matter.number'],
  CLIENT: ['client.name_key', 'matter.number'],
  BALANCE: ['retainer.balance_minor', 'retainer.matter_id'],
  AMOUNT_DUE: ['retainer.amount_due_minor', 'retainer.matter_id'],
  LAST_ACTIVITY: ['retainer.updated_at', 'retainer.matter_id'],
} as const

export type MatterOrderField = keyof typeof ORDERS

export interface MatterOrder {
  field: MatterOrderField
  direction: 'ASC' | 'DESC'
}

/** A matter's place in an order: the two it is sorted by, as texts. */
export type MatterPlace = [value: string, among: string]

/** One page of the firm's matters in an order, each with its place. */
export async function matterPage(
  trx: Firmly,
  firmId: string,
  filter: MatterFilter,
  { field, direction }: MatterOrder,
  { limit, after }: Page<MatterPlace>,
) {
  const [value, among] = ORDERS[field]
  const way = direction === 'ASC' ? 'asc' : 'desc'
  let query = filtered(matters(trx, firmId), firmId, filter).orderBy(value, way).orderBy(among, way).limit(limit)
  if (after !== null) {
    const [beyond, atLeast] = direction === 'ASC' ? (['>', '>='] as const) : (['<', '<='] as const)
    const place = [typed(field, after[0]), after[1]] as const
    query = query
      .where((is) => is(is.refTuple(value, among), beyond, is.tuple(...place)))
      // Said again of the one column, for what the two are not in one index.
      .where(value, atLeast, place[0])
  }
  const rows = await query.select([`${value} as value`, `${among} as among`]).execute()
  return rows.map(({ value: sorted, among: tie, ...row }) => ({ ...row, place: placeOf(sorted, tie) }))
}

const matters = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('matter')
    .innerJoin('retainer', 'retainer.matter_id', 'matter.id')
    .innerJoin('client', 'client.id', 'matter.client_id')
    .select(MATTER_COLUMNS)
    .where('matter.firm_id', '=', firmId)
    .where('retainer.firm_id', '=', firmId)
    .where('client.firm_id', '=', firmId)

type Query<Row> = SelectQueryBuilder<DB, 'matter' | 'retainer' | 'client', Row>

function filtered<Row>(all: Query<Row>, firmId: string, filter: MatterFilter): Query<Row> {
  const { phase, phases, search, attention, belowMinimum, requestOverdue, enabled, clientId } = filter
  let query = all
  if (phase) query = query.where('retainer.phase', '=', phase)
  if (phases) query = query.where('retainer.phase', '=', sql<string>`any(${phases}::text[])`)
  if (attention != null) query = query.where('retainer.attention_count', attention ? '>' : '=', 0)
  if (belowMinimum != null) query = query.where(sql.ref('retainer.below_minimum'), 'is', belowMinimum)
  if (enabled != null) query = query.where('retainer.enabled', '=', enabled)
  if (clientId != null) query = query.where('matter.client_id', '=', anyOf([clientId]))
  if (search) query = query.where('matter.id', 'in', sql<string>`(select matters_containing(${search}))`)
  if (requestOverdue != null) {
    query = query.where((is) => {
      const overdue = is
        .selectFrom('request')
        .select('request.matter_id')
        .where('request.firm_id', '=', firmId)
        .whereRef('request.matter_id', '=', 'matter.id')
        .where(isOverdue(firmId))
      return requestOverdue ? is.exists(overdue) : is.not(is.exists(overdue))
    })
  }
  return query
}

/** A text of a cursor as its column has it. */
function typed(field: MatterOrderField, text: string): string | bigint | Date {
  if (field === 'LAST_ACTIVITY') return new Date(text)
  return field === 'BALANCE' || field === 'AMOUNT_DUE' ? BigInt(text) : text
}

const placeOf = (value: string | bigint | Date, among: string): MatterPlace => [
  value instanceof Date ? value.toISOString() : String(value),
  among,
]
