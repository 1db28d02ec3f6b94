import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { type Clock, transaction } from './database.ts'

/** An answer as it went over the wire, kept so that a repeated request gets the same bytes. */
export interface Answer {
  status: number
  body: string
}

/** How a request with a key ended: acted upon now, answered from memory, or refused because of the key. */
export type KeyedOutcome =
  | { kind: 'acted'; answer: Answer }
  | { kind: 'replayed'; answer: Answer }
  | { kind: 'other-request' }
  | { kind: 'in-progress' }

/** One request under a key. Both providers compare the whole request, not only the key. */
export interface KeyedRequest {
  scope: string
  key: string
  /** Everything that makes the request what it is: method, path, parameters. */
  request: string
  /** Runs before the act while the key is taken: where an injected delay goes. */
  before: () => Promise<void>
  act: () => { answer: Answer; keep: boolean }
}

/** Both providers keep a key for 24 hours; a later request with it is a new one. */
const RETENTION_MS = 24 * 60 * 60 * 1000

/**
 * Gives the function that runs a request under its key. The act and its stored answer are one transaction, so a crash
 * leaves either both or neither; that a request is in progress is known to this process only.
 */
export function openIdempotency(db: DatabaseSync, now: Clock) {
  db.exec(`CREATE TABLE IF NOT EXISTS idempotency (
    scope TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    created_ms INTEGER NOT NULL, PRIMARY KEY (scope, key)) STRICT`)
  const find = db.prepare('SELECT fingerprint, status, body, created_ms FROM idempotency WHERE scope = ? AND key = ?')
  const save = db.prepare('INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?, ?)')
  const running = new Map<string, string>()

  return async ({ scope, key, request, before, act }: KeyedRequest): Promise<KeyedOutcome> => {
    const fingerprint = createHash('sha256').update(request).digest('hex')
    const known = find.get(scope, key)
    if (known && now() - Number(known.created_ms) < RETENTION_MS) {
      if (known.fingerprint !== fingerprint) return { kind: 'other-request' }
      return { kind: 'replayed', answer: { status: Number(known.status), body: String(known.body) } }
    }
    const slot = JSON.stringify([scope, key])
    if (running.has(slot))
      return running.get(slot) === fingerprint ? { kind: 'in-progress' } : { kind: 'other-request' }
    running.set(slot, fingerprint)
    try {
      await before()
      const answer = transaction(db, () => {
        const result = act()
        if (result.keep) save.run(scope, key, fingerprint, result.answer.status, result.answer.body, now())
        return result.answer
      })
      return { kind: 'acted', answer }
    } finally {
      running.delete(slot)
    }
  }
}
