import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A clock in epoch milliseconds. Tests pass their own to move through years; what is due is judged by it. */
export type Clock = () => number

/**
 * Opens the file that holds everything one of the two stand-ins knows, making its folder if need be.
 * Takes a path or ':memory:'. Every commit is on disk before anything is acknowledged, so SIGKILL loses nothing.
 */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000')
  return db
}

/**
 * Runs `work` in one transaction and gives its result. Within a running transaction it is a part of that one, which is
 * undone alone if it throws.
 */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  const [begin, commit, undo] = db.isTransaction
    ? ['SAVEPOINT part', 'RELEASE part', 'ROLLBACK TO part; RELEASE part']
    : ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK']
  db.exec(begin)
  try {
    const result = work()
    db.exec(commit)
    return result
  } catch (error) {
    db.exec(undo)
    throw error
  }
}
