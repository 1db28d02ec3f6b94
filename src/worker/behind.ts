import { type Client, QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client'
import { sql } from 'kysely'
import { queries, readBooks, retainerWorkflowId } from '../../workflows/contract.ts'
import type { Database } from '../db/pool.ts'
import type { Logger } from '../log.ts'

/** How long a planned effect may go untried before anybody wonders. */
const UNTRIED_MS = 15_000
/** Matters asked in one look: effects may also wait for good reasons, such as many mails at once. */
const AT_ONCE = 20
const ASK_AGAIN_AFTER_MS = 60_000
const ANSWER_TIMEOUT_MS = 5_000

interface Dependencies {
  db: Database
  temporal: Client
  log: Logger
  untriedMs?: number
}

/**
 * Finds matters whose workflow does not know what their books hold, and has them read the books. That happens when a workflow
 * task is lost after its commit (worker or engine killed, network cut): the engine forgets an update whose first task did not
 * end, and nothing that the command planned would be carried out until the matter's next message.
 */
export function mattersBehind({ db, temporal, log, untriedMs = UNTRIED_MS }: Dependencies): () => Promise<void> {
  const askedAtMs = new Map<string, number>()

  async function isBehind(matterId: string, version: bigint): Promise<boolean> {
    try {
      const handle = temporal.workflow.getHandle(retainerWorkflowId(matterId))
      const live = await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () => handle.query(queries.liveState))
      return BigInt(live.version) < version
    } catch (error) {
      // It has no engine, which is for `npm run recover`, or no task of it has ever ended: it has read nothing yet.
      if (error instanceof WorkflowNotFoundError || error instanceof QueryNotRegisteredError) return false
      throw error
    }
  }

  return async () => {
    const nowMs = Date.now()
    for (const [matterId, atMs] of askedAtMs) if (atMs + ASK_AGAIN_AFTER_MS < nowMs) askedAtMs.delete(matterId)
    const untried = await mattersWithUntriedEffects(db, untriedMs, [...askedAtMs.keys()])
    for (const { matterId, version } of untried) {
      askedAtMs.set(matterId, nowMs)
      if (!(await isBehind(matterId, version))) continue
      log.warn({ matterId, version: String(version) }, 'the matter’s workflow is behind its books; it reads them again')
      await temporal.workflow.getHandle(retainerWorkflowId(matterId)).signal(readBooks)
    }
  }
}

async function mattersWithUntriedEffects(
  db: Database,
  untriedMs: number,
  but: string[],
): Promise<{ matterId: string; version: bigint }[]> {
  return await db
    .selectFrom('effect')
    .innerJoin('retainer', 'retainer.matter_id', 'effect.matter_id')
    .select(['retainer.matter_id as matterId', 'retainer.version'])
    .where('effect.status', '=', 'PLANNED')
    .where('effect.first_tried_at', 'is', null)
    .where('effect.planned_at', '<', sql<Date>`now() - ${untriedMs / 1000} * interval '1 second'`)
    .where('retainer.matter_id', '!=', sql<string>`all(${but}::uuid[])`)
    .groupBy(['retainer.matter_id', 'retainer.version'])
    .orderBy((eb) => eb.fn.min('effect.planned_at'))
    .limit(AT_ONCE)
    .execute()
}
