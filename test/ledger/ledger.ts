import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { CommitRequest, CommitResult } from '../../activities/commit-wire.ts'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { decide } from '../../src/domain/decide.ts'
import type { Command, Fact } from '../../src/domain/events.ts'
import { NO_OPTIONS } from '../../src/domain/options.ts'
import { projectionOf } from '../../src/domain/projection.ts'
import { newRetainer, type RetainerState } from '../../src/domain/state.ts'
import { fromWire, toWire } from '../../src/domain/wire.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createFirm, createMatter, type TestFirm } from '../support/firm.ts'

export const NOON = Date.parse('2027-06-01T16:00:00Z')

/** The books as the worker's login reaches them, without workflow or activities between. */
export interface Ledger {
  database: TestDatabase
  worker: Database
  firm: TestFirm
  /** A matter with its retainer enabled and this balance, of the firm's client or of another one. */
  holding(amountMinor: bigint, of?: TestFirm): Promise<RetainerState>
  commit(request: CommitRequest): Promise<CommitResult>
  /** Decides on the newest state and commits; on a stale one again, as the workflow does. */
  take(before: RetainerState, event: Command | Fact, key?: string): Promise<RetainerState>
  end(): Promise<void>
}

export async function openLedger(): Promise<Ledger> {
  const database = await createTestDatabase()
  const worker = openDatabase(database.workerUrl, { name: 'test-ledger', max: 20 })
  const firm = await createFirm(database.owner)
  let seconds = 0

  async function commit(request: CommitRequest): Promise<CommitResult> {
    const payload = JSON.stringify(request)
    const { rows } = await sql<{ result: CommitResult }>`select commit_matter(${payload}::jsonb) as result`.execute(
      worker,
    )
    const [row] = rows
    if (!row) throw new Error('The books did not answer.')
    return row.result
  }

  async function take(
    before: RetainerState,
    event: Command | Fact,
    key: string = randomUUID(),
  ): Promise<RetainerState> {
    seconds += 1
    const { request, after } = deciding(before, event, key, NOON + seconds * 1_000)
    const result = await commit(request)
    if (result.outcome === 'refused') throw new Error(`Refused: ${result.refusal.code}`)
    if (result.outcome === 'stale') return take(fromWire<RetainerState>(result.state), event, key)
    if (result.outcome === 'repeated') return result.state ? fromWire<RetainerState>(result.state) : before
    return after
  }

  return {
    database,
    worker,
    firm,
    commit,
    take,
    async holding(amountMinor, of = firm) {
      const fresh = newRetainer(of.firmId, await createMatter(database.owner, of), 'USD')
      const enabled = await take(fresh, saving({ enabled: true }))
      if (amountMinor === 0n) return enabled
      const paymentId = randomUUID()
      return take(enabled, { kind: 'recordOfflinePayment', paymentId, currency: 'USD', amountMinor })
    },
    async end() {
      await worker.destroy()
      await database.drop()
    },
  }
}

export const saving = (change: { enabled: boolean; currency?: 'USD' | 'EUR' }): Command => ({
  kind: 'saveOptions',
  currency: change.currency ?? 'USD',
  options: { ...NO_OPTIONS, enabled: change.enabled },
})

export const invoicing = (amountMinor: bigint, number: string = randomUUID().slice(0, 8)): Command => ({
  kind: 'recordInvoice',
  invoiceId: randomUUID(),
  number,
  currency: 'USD',
  amountMinor,
})

/** What the workflow would ask the books to commit for `event`, decided on `before`. */
export function deciding(before: RetainerState, event: Command | Fact, key: string = randomUUID(), atMs = NOON) {
  const { state, plan, answer } = decide(before, { ...event, atMs })
  const request: CommitRequest = {
    firmId: before.firmId,
    matterId: before.matterId,
    key,
    inputHash: 'input',
    kind: event.kind,
    atMs,
    expectedVersion: before.version,
    currency: state.currency,
    inboxId: null,
    inboxKeys: [],
    overtakenBy: [],
    answer: toWire(answer),
    plan: toWire(plan),
    state: toWire(state),
    projection: toWire(projectionOf(state)),
  }
  return { request, after: state }
}

/** PostgreSQL's SQLSTATE of a statement that is refused. */
export async function sqlStateOf(statement: Promise<unknown>): Promise<string> {
  try {
    await statement
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'it was done'
}
