import type { Notice } from '../../activities/books-wire.ts'
import {
  NOTICE_WORKFLOW,
  noticeWorkflowId,
  RECONCILIATION_WITHIN,
  RECONCILIATION_WORKFLOW,
  reconciliationWorkflowId,
} from '../../workflows/books-contract.ts'
import { RETAINER_WORKFLOW, retainerWorkflowId } from '../../workflows/contract.ts'
import type { Database } from '../db/pool.ts'
import { openMatters } from '../reconciliation/open-matters.ts'

/** A workflow that must run, by what the books say. */
export interface Wanted {
  workflowId: string
  workflowType: string
  input: object
  staticSummary: string
  /** After which the engine ends it, where it does not end by itself. */
  workflowExecutionTimeout?: `${number} hours`
}

/**
 * A kind of workflows that must run as long as the books say so. What else the engine runs comes back by itself: payouts and
 * money without a home through the inbox, whose events stay open until they are booked; unreachable accounts with the next look.
 */
export interface WantedKind {
  name: 'matters' | 'reconciliations' | 'notices'
  count(db: Database): Promise<number>
  all(db: Database): AsyncIterable<Wanted>
}

const PAGE = 500

/** The matters' own, which load their state from the books. */
const matters: WantedKind = {
  name: 'matters',
  async count(db) {
    const counted = openMatters(db).select(({ fn }) => fn.countAll<bigint>().as('count'))
    return Number((await counted.executeTakeFirstOrThrow()).count)
  },
  async *all(db) {
    for (let after = ''; ; ) {
      const page = await openMatters(db)
        .select(['matter_id', 'firm_id'])
        .$if(after !== '', (query) => query.where('matter_id', '>', after))
        .orderBy('matter_id')
        .limit(PAGE)
        .execute()
      for (const { matter_id: matterId, firm_id: firmId } of page) {
        yield {
          workflowId: retainerWorkflowId(matterId),
          workflowType: RETAINER_WORKFLOW,
          input: { firmId, matterId },
          staticSummary: 'General retainer of one matter',
        }
      }
      const last = page.at(-1)
      if (!last || page.length < PAGE) return
      after = last.matter_id
    }
  },
}

/** Of a firm's that were under way the newest; it is one at a time. */
const reconciliations: WantedKind = {
  name: 'reconciliations',
  count: async (db) => (await underWay(db)).length,
  async *all(db) {
    for (const { id: reconciliationId, firm_id: firmId } of await underWay(db)) {
      yield {
        workflowId: reconciliationWorkflowId(firmId),
        workflowType: RECONCILIATION_WORKFLOW,
        input: { firmId, reconciliationId },
        staticSummary: 'Reconciliation of a firm’s books',
        workflowExecutionTimeout: RECONCILIATION_WITHIN,
      }
    }
  },
}

const underWay = (db: Database) =>
  db
    .selectFrom('reconciliation')
    .select(['id', 'firm_id'])
    .distinctOn('firm_id')
    .where('status', '=', 'RUNNING')
    .orderBy('firm_id')
    .orderBy('started_at', 'desc')
    .execute()

/** Mails to firms that belong to no matter: booked with what they tell of, and sent by a workflow that may be gone. */
const notices: WantedKind = {
  name: 'notices',
  count: async (db) => (await unsent(db)).length,
  async *all(db) {
    for (const { id, body } of await unsent(db)) {
      yield {
        workflowId: noticeWorkflowId(id),
        workflowType: NOTICE_WORKFLOW,
        input: body as unknown as Notice,
        staticSummary: 'A notice to a firm',
      }
    }
  },
}

const unsent = (db: Database) =>
  db
    .selectFrom('effect')
    .select(['id', 'body'])
    .where('matter_id', 'is', null)
    .where('kind', '=', 'MAIL')
    .where('status', '=', 'PLANNED')
    .orderBy('planned_at')
    .execute()

export const WANTED: readonly WantedKind[] = [matters, reconciliations, notices]
