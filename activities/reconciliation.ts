import { heartbeat } from '@temporalio/activity'
import type { Client } from '@temporalio/client'
import { identities } from '../src/books/identities.ts'
import type { Database } from '../src/db/pool.ts'
import type { Difference, Report, Step } from '../src/reconciliation/difference.ts'
import { checkMatters } from '../src/reconciliation/matters.ts'
import { beginRecord, endRecord, recordProgress, unsentNotices } from '../src/reconciliation/record.ts'
import { isUnderWay, unbookedEvents } from '../src/reconciliation/under-way.ts'
import type { ReconciliationInput } from '../workflows/books-contract.ts'
import { beating } from './beating.ts'
import type { Notice } from './books-wire.ts'
import { reading } from './effects.ts'

export interface ReconciliationDependencies {
  db: Database
  temporal: Client
}

/** What a reconciliation came to. */
export interface Ending {
  status: 'CLEAN' | 'DIFFERENCES' | 'FAILED'
  differences: Difference[]
}

export type ReconciliationActivities = ReturnType<typeof reconciliationActivities>

const FIRMS_AT_ONCE = 100

/** What a reconciliation asks of the books and of the matters' workflows, and its record. It changes no money. */
export function reconciliationActivities({ db, temporal }: ReconciliationDependencies) {
  return {
    /** Answers the mails to the firm that are still to be sent: of earlier ones that ended without a word. */
    async beginReconciliation({ firmId, reconciliationId }: ReconciliationInput, atMs: number): Promise<Notice[]> {
      await reading(beginRecord(db, firmId, reconciliationId, new Date(atMs)))
      return await reading(unsentNotices(db, firmId))
    },

    /** Whether the identities of the books hold. */
    async checkBooks({ firmId, reconciliationId }: ReconciliationInput): Promise<Difference[]> {
      await reporting(db, reconciliationId, 'BOOKS')({ done: 0, total: null })
      return atMost(await beating(() => reading(identities(db, firmId))))
    },

    /** Whether every matter's workflow is there and agrees with the matter's books. */
    async checkMatters({ firmId, reconciliationId }: ReconciliationInput): Promise<Difference[]> {
      const report = reporting(db, reconciliationId, 'MATTERS')
      return atMost(await reading(checkMatters({ db, temporal }, firmId, report)))
    },

    /** Provider's events that are in the inbox and not booked. */
    async checkEvents({ firmId }: ReconciliationInput): Promise<Difference[]> {
      return atMost(await reading(unbookedEvents(db, firmId)))
    },

    /** Whether something is on its way that may settle what differs. */
    async isUnderWay({ firmId }: ReconciliationInput): Promise<boolean> {
      return reading(isUnderWay(db, firmId))
    },

    /** Keeps the outcome; answers the mail to the firm while it is still to be sent. */
    async endReconciliation(input: ReconciliationInput, ending: Ending, atMs: number): Promise<Notice | null> {
      const { firmId, reconciliationId: id } = input
      await reading(endRecord(db, { firmId, id, ...ending, at: new Date(atMs) }))
      const [notice] = await reading(unsentNotices(db, firmId, id))
      return notice ?? null
    },

    /** The next firms in the order of their ids. */
    async firmsAfter(firmId: string | null): Promise<string[]> {
      const firms = db
        .selectFrom('firm')
        .select('id')
        .$if(firmId !== null, (query) => query.where('id', '>', firmId ?? ''))
        .orderBy('id')
        .limit(FIRMS_AT_ONCE)
      return (await reading(firms.execute())).map(({ id }) => id)
    },
  }
}

const BETWEEN_RECORDS_MS = 1_000

/** Shows how far a step has come: to the engine every time, in the record once a second. */
export function reporting(db: Database, reconciliationId: string, step: Step): Report {
  let recordedMs = 0
  return async (progress) => {
    heartbeat(progress)
    if (Date.now() - recordedMs < BETWEEN_RECORDS_MS) return
    recordedMs = Date.now()
    await reading(recordProgress(db, reconciliationId, step, progress))
  }
}

const MOST = 1_000

/** So many at once are one trouble; the engine carries no more. */
export function atMost(differences: Difference[]): Difference[] {
  const [first] = differences
  if (!first || differences.length <= MOST) return differences
  const rest = differences.length - MOST
  const more = { ...first, code: 'AND_MORE', subject: first.check, matterId: null, expected: '0', found: String(rest) }
  return [...differences.slice(0, MOST), more]
}
