import { sql } from 'kysely'
import type { Database } from '../db/pool.ts'

const GATHER_MS = 5
/** PostgreSQL takes 7,999 bytes a notification; an id and its comma are 37. */
const IDS_PER_NOTIFICATION = 200

export interface Notifier {
  notify(matterId: string): void
}

/**
 * Wakes subscribers after commits, for many at once: a NOTIFY inside each transaction would make commits wait for one
 * another. A lost one costs nothing but a second: streams also poll.
 */
export function notifier(db: Database): Notifier {
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    timer = undefined
    const ids = [...waiting]
    waiting.clear()
    for (let start = 0; start < ids.length; start += IDS_PER_NOTIFICATION) {
      const some = ids.slice(start, start + IDS_PER_NOTIFICATION).join(',')
      await sql`select pg_notify('matter', ${some})`.execute(db).catch(() => undefined)
    }
  }

  return {
    notify(matterId) {
      waiting.add(matterId)
      timer ??= setTimeout(() => void flush(), GATHER_MS)
    },
  }
}
