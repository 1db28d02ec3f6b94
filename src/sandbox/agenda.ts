import type { DatabaseSync } from 'node:sqlite'
import { type Clock, transaction } from '../far-side/database.ts'

/** Things that happen by themselves at a later time (a session expires, a fee becomes known), kept across restarts. */
export interface Agenda {
  /** Plans `task` for the object at the given time, in the transaction of what gives rise to it. */
  plan(task: string, account: string, objectId: string, dueMs: number): void
  /** Says how a task is done. A task must be harmless when it is no longer called for. */
  on(task: string, run: (account: string, objectId: string) => void): void
  /** Does whatever is due by now, in order of its time. Called before every request, so that no answer is out of date. */
  catchUp(): void
}

/** Opens the agenda in the given database. */
export function openAgenda(db: DatabaseSync, now: Clock): Agenda {
  db.exec(`CREATE TABLE IF NOT EXISTS agenda (id INTEGER PRIMARY KEY AUTOINCREMENT, task TEXT NOT NULL,
    account TEXT NOT NULL, object_id TEXT NOT NULL, due_ms INTEGER NOT NULL) STRICT`)
  const insert = db.prepare('INSERT INTO agenda (task, account, object_id, due_ms) VALUES (?, ?, ?, ?)')
  const due = db.prepare('SELECT * FROM agenda WHERE due_ms <= ? ORDER BY due_ms, id')
  const remove = db.prepare('DELETE FROM agenda WHERE id = ?')
  const tasks = new Map<string, (account: string, objectId: string) => void>()
  return {
    plan: (task, account, objectId, dueMs) => void insert.run(task, account, objectId, dueMs),
    on: (task, run) => void tasks.set(task, run),
    catchUp() {
      for (const row of due.all(now()))
        transaction(db, () => {
          tasks.get(String(row.task))?.(String(row.account), String(row.object_id))
          remove.run(row.id as number)
        })
    },
  }
}
