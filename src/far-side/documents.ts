import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

/** Which page of a list is wanted: both providers page by the id of an object, newest first. */
export interface Page {
  limit: number
  /** Objects older than this one. */
  startingAfter?: string | undefined
  /** Objects newer than this one: of those, the ones next to it. */
  endingBefore?: string | undefined
}

/** Conditions on a list: JSON paths ('$.status') that must equal a value, and bounds on the time of creation in seconds. */
export interface Filter {
  equal?: Record<string, string | undefined>
  oneOf?: { path: string; values: string[] } | undefined
  created?: { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined }
}

/** Objects as JSON by kind and owner, in order of arrival. `owner` keeps accounts apart: '' is the platform itself. */
export interface Documents {
  /** Stores a new object or the new state of a known one (which keeps its place in lists). */
  put(kind: string, owner: string, doc: { id: string; created: number }): void
  get<T>(kind: string, owner: string, id: string): T | undefined
  /** The owner of an object, for pages whose visitors name the object only. */
  ownerOf(kind: string, id: string): string | undefined
  /** Newest first. An unknown cursor gives undefined. */
  list<T>(kind: string, owner: string, page: Page, filter?: Filter): { data: T[]; hasMore: boolean } | undefined
  /** Everything of a kind and of every owner, newest first: for the human pages and the inspection routes. */
  all<T>(kind: string, limit: number): { owner: string; doc: T }[]
}

const BOUNDS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** Gives the object store in the given database, making its table on first use. */
export function openDocuments(db: DatabaseSync): Documents {
  db.exec(`
    CREATE TABLE IF NOT EXISTS document (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, owner TEXT NOT NULL, id TEXT NOT NULL,
      created INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id)) STRICT;
    CREATE INDEX IF NOT EXISTS document_list ON document (kind, owner, seq);`)
  const upsert = db.prepare(`INSERT INTO document (kind, owner, id, created, body) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body`)
  const one = db.prepare('SELECT seq, owner, body FROM document WHERE kind = ? AND id = ?')
  const newest = db.prepare('SELECT owner, body FROM document WHERE kind = ? ORDER BY seq DESC LIMIT ?')

  const find = (kind: string, owner: string, id: string) => {
    const row = one.get(kind, id)
    return row?.owner === owner ? row : undefined
  }

  return {
    put(kind, owner, doc) {
      upsert.run(kind, owner, doc.id, doc.created, JSON.stringify(doc))
    },
    get<T>(kind: string, owner: string, id: string) {
      const row = find(kind, owner, id)
      return row && (JSON.parse(String(row.body)) as T)
    },
    ownerOf(kind, id) {
      const row = one.get(kind, id)
      return row && String(row.owner)
    },
    list<T>(kind: string, owner: string, page: Page, filter: Filter = {}) {
      const where = ['kind = ?', 'owner = ?']
      const values: SQLInputValue[] = [kind, owner]
      const and = (condition: string, ...value: SQLInputValue[]) => {
        where.push(condition)
        values.push(...value)
      }
      const cursorId = page.endingBefore ?? page.startingAfter
      if (cursorId !== undefined) {
        const cursor = find(kind, owner, cursorId)
        if (!cursor) return undefined
        and(page.endingBefore === undefined ? 'seq < ?' : 'seq > ?', Number(cursor.seq))
      }
      for (const [path, value] of Object.entries(filter.equal ?? {}))
        if (value !== undefined) and('json_extract(body, ?) = ?', path, value)
      if (filter.oneOf) {
        const marks = filter.oneOf.values.map(() => '?').join(', ')
        and(`json_extract(body, ?) IN (${marks})`, filter.oneOf.path, ...filter.oneOf.values)
      }
      for (const [name, sql] of Object.entries(BOUNDS)) {
        const bound = filter.created?.[name as keyof typeof BOUNDS]
        if (bound !== undefined) and(`created ${sql} ?`, bound)
      }
      const order = page.endingBefore === undefined ? 'DESC' : 'ASC'
      const sql = `SELECT body FROM document WHERE ${where.join(' AND ')} ORDER BY seq ${order} LIMIT ?`
      const rows = db.prepare(sql).all(...values, page.limit + 1)
      const data = rows.slice(0, page.limit).map((row) => JSON.parse(String(row.body)) as T)
      return { data: order === 'ASC' ? data.reverse() : data, hasMore: rows.length > page.limit }
    },
    all<T>(kind: string, limit: number) {
      return newest
        .all(kind, limit)
        .map((row) => ({ owner: String(row.owner), doc: JSON.parse(String(row.body)) as T }))
    },
  }
}
