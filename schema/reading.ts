import { createContextCache } from '@pothos/core'
import DataLoader from 'dataloader'
import { sql, type Transaction } from 'kysely'
import { asFirm } from '../src/db/pool.ts'
import type { DB } from '../src/db/types.ts'
import type { ApiContext, Viewer } from './context.ts'
import { unauthenticated } from './errors.ts'
import { readTogether } from './reads/together.ts'

export type Firmly = Transaction<DB>

/** Who asks. Throws UNAUTHENTICATED when nobody does: the fields' scopes have asked before. */
export function viewerOf({ viewer }: ApiContext): Viewer {
  if (!viewer) throw unauthenticated()
  return viewer
}

const readersOf = createContextCache((context: ApiContext) => readTogether(context.db, viewerOf(context).firmId))

/** Reads as the viewer's firm. The query names the firm all the same; row-level security stands behind it. */
export async function read<T>(context: ApiContext, work: (trx: Firmly, firmId: string) => Promise<T>): Promise<T> {
  const { firmId } = viewerOf(context)
  return readersOf(context)((trx) => work(trx, firmId))
}

/** Writes as the viewer's firm, in a transaction that is nobody else's: it holds or fails as a whole. */
export async function write<T>(context: ApiContext, work: (trx: Firmly, firmId: string) => Promise<T>): Promise<T> {
  const { firmId } = viewerOf(context)
  return asFirm(context.db, firmId, (trx) => work(trx, firmId))
}

/** For node loaders. Nothing is remembered within a request: one request may read, command and read again. */
export const UNREMEMBERED = { cache: false } as const

const loadersOf = createContextCache(() => new Map<string, DataLoader<string, unknown>>())

/**
 * Collects what a list's items ask for at once, so that a page of matters costs one statement per field. `field` names the
 * field and its arguments. A key that `load` leaves out gets `otherwise`.
 */
export function batched<Value>(
  context: ApiContext,
  field: string,
  key: string,
  load: (trx: Firmly, keys: string[], firmId: string) => Promise<Map<string, Value>>,
  otherwise: Value,
): Promise<Value> {
  const loaders = loadersOf(context)
  let loader = loaders.get(field)
  if (!loader) {
    loader = new DataLoader<string, unknown>(async (keys) => {
      const values = await read(context, (trx, firmId) => load(trx, [...new Set(keys)], firmId))
      return keys.map((each) => values.get(each) ?? otherwise)
    }, UNREMEMBERED)
    loaders.set(field, loader)
  }
  return loader.load(key) as Promise<Value>
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const isUuid = (id: string): boolean => UUID.test(id)

const uuids = (ids: readonly string[]): string[] => ids.filter(isUuid)

/** For `where id =`. What cannot be an id at all, whoever sent it, never reaches the database. */
export const anyOf = (ids: readonly string[]) => sql<string>`any(${uuids(ids)}::uuid[])`

/** For `from`: one row an id, to join each with its own page. */
export const each = (ids: readonly string[]) =>
  sql<{ id: string }>`unnest(${uuids(ids)}::uuid[])`.as<'each'>(sql`each(id)`)

/** The id of `each`, inside a lateral join. */
export const ITS_ID = sql<string>`each.id`
