import type { DatabaseSync } from 'node:sqlite'
import { type Clock, transaction } from './database.ts'
import type { FaultSwitches } from './faults.ts'

/** An event on its way to the webhook endpoint. `id` is the same in every attempt: receivers know repeats by it. */
export interface OutgoingEvent {
  id: string
  type: string
  body: string
}

/** One row of the queue, as pages and `GET /_control/deliveries` show it. */
interface Delivery {
  id: number
  eventId: string
  type: string
  state: 'pending' | 'held' | 'delivered' | 'dropped' | 'abandoned'
  attempts: number
  dueMs: number
  lastResult: string | null
}

/** The durable queue of webhooks: at least once, until the endpoint answers 2xx. */
export interface Deliveries {
  /** Queues an event, in the transaction of what it tells of; without an endpoint there is nobody to tell. */
  enqueue(event: OutgoingEvent): void
  /** Registers the endpoint for events from now on, and for those still queued. */
  setUrl(url: string): void
  /** Newest first. */
  recent(limit: number): Delivery[]
  close: () => Promise<void>
}

interface Options {
  db: DatabaseSync
  now: Clock
  faults: FaultSwitches
  url: string | undefined
  /** Gives the headers that prove an attempt genuine. Called anew for each, as signatures carry the time. */
  sign: (event: OutgoingEvent) => Record<string, string>
}

const ATTEMPTS_AT_ONCE = 8
const ATTEMPT_TIMEOUT_MS = 10_000
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 60_000
const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60 * 1000
/** The injected clock may jump, so nobody sleeps longer than this without looking at it. */
const LONGEST_NAP_MS = 1000

/** Opens the queue and goes on with whatever an earlier process left in it. */
export function openDeliveries({ db, now, faults, url, sign }: Options): Deliveries {
  db.exec(`CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, created_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,
    lane TEXT, last_result TEXT) STRICT;
    CREATE INDEX IF NOT EXISTS delivery_due ON delivery (state, due_ms)`)
  const insert = db.prepare(
    'INSERT INTO delivery (event_id, type, body, state, created_ms, due_ms) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const due = db.prepare(`SELECT * FROM delivery WHERE state = 'pending' AND due_ms <= ? ORDER BY due_ms, id LIMIT 64`)
  const nextDue = db.prepare(`SELECT min(due_ms) AS due_ms FROM delivery WHERE state = 'pending' AND due_ms > ?`)
  const held = db.prepare(`SELECT id FROM delivery WHERE state = 'held' ORDER BY id`)
  const release = db.prepare(`UPDATE delivery SET state = 'pending', due_ms = ?, lane = ? WHERE id = ?`)
  const finish = db.prepare('UPDATE delivery SET state = ?, attempts = ?, due_ms = ?, last_result = ? WHERE id = ?')
  const recent = db.prepare(`SELECT id, event_id AS eventId, type, state, attempts, due_ms AS dueMs,
    last_result AS lastResult FROM delivery ORDER BY id DESC LIMIT ?`)

  type Row = ReturnType<typeof due.all>[number]
  const closing = new AbortController()
  const underWay = new Map<number, Promise<void>>()
  // Deliveries of one lane go one at a time, so that "reversed" is what arrives and not only what was started.
  const busyLanes = new Set<unknown>()
  let timer: NodeJS.Timeout | undefined

  async function attempt(row: Row, endpoint: string): Promise<void> {
    const event = { id: String(row.event_id), type: String(row.type), body: String(row.body) }
    let delivered = false
    let result: string
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json; charset=utf-8', ...sign(event) },
        body: event.body,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]),
      })
      await response.body?.cancel()
      delivered = response.ok
      result = String(response.status)
    } catch (error) {
      result = error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection'
    }
    if (closing.signal.aborted) return
    const attempts = Number(row.attempts) + 1
    const tooOld = now() - Number(row.created_ms) > GIVE_UP_AFTER_MS
    const retryMs = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
    finish.run(
      delivered ? 'delivered' : tooOld ? 'abandoned' : 'pending',
      attempts,
      now() + retryMs,
      result,
      row.id as number,
    )
  }

  function pump(): void {
    clearTimeout(timer)
    if (closing.signal.aborted || url === undefined) return
    for (const row of due.all(now())) {
      const id = Number(row.id)
      if (underWay.size >= ATTEMPTS_AT_ONCE) break
      if (underWay.has(id) || (row.lane !== null && busyLanes.has(row.lane))) continue
      if (row.lane !== null) busyLanes.add(row.lane)
      const done = attempt(row, url).finally(() => {
        underWay.delete(id)
        busyLanes.delete(row.lane)
        pump()
      })
      underWay.set(id, done)
    }
    const next = nextDue.get(now())?.due_ms
    if (typeof next === 'number') timer = setTimeout(pump, Math.min(next - now(), LONGEST_NAP_MS))
  }

  function releaseHeld(reversed: boolean): void {
    const ids = held.all().map((row) => Number(row.id))
    const lane = reversed ? `reversed from ${ids.at(-1)}` : null
    // The queue is served by due time: the later an event, the longer ago it pretends to have been due. Of one moment, or a clock that
    // ticks meanwhile makes two due at once.
    const atMs = now()
    transaction(db, () => {
      for (const [i, id] of ids.entries()) release.run(reversed ? atMs - i : atMs, lane, id)
    })
  }

  releaseHeld(false)
  faults.onChange(() => {
    releaseHeld(false)
    pump()
  })
  setImmediate(pump)

  return {
    enqueue(event) {
      if (url === undefined) return
      const fault = faults.forEvent(event.type)
      const state = fault?.drop ? 'dropped' : fault?.holdAndReverse ? 'held' : 'pending'
      for (let copies = fault?.duplicate ? 2 : 1; copies > 0; copies -= 1)
        insert.run(event.id, event.type, event.body, state, now(), now() + (fault?.delayMs ?? 0))
      if (fault?.holdAndReverse && held.all().length >= fault.holdAndReverse) releaseHeld(true)
      // After the transaction this runs in: what is not committed must not be told.
      setImmediate(pump)
    },
    setUrl(newUrl) {
      url = newUrl
      pump()
    },
    recent: (limit) => recent.all(limit) as unknown as Delivery[],
    async close() {
      clearTimeout(timer)
      closing.abort()
      await Promise.all(underWay.values())
    },
  }
}
