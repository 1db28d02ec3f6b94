import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { sql } from 'kysely'
import { readBooks, retainerWorkflowId } from '../../workflows/contract.ts'
import type { Database } from '../db/pool.ts'
import { liveState } from '../live-state.ts'
import type { Logger } from '../log.ts'

/** How long what the books hold may wait for a matter's workflow before anybody wonders. */
const UNTRIED_MS = 15_000
/** Matters asked in one look: what waits may also do so for good reasons, such as many mails at once. */
const AT_ONCE = 20
const ASK_AGAIN_AFTER_MS = 60_000
const ANSWER_TIMEOUT_MS = 5_000
/** How long a closed matter is of interest: a worker that was away all that time has not seen it. */
const CLOSED_DAYS = 1

interface Dependencies {
  db: Database
  temporal: Client
  log: Logger
  untriedMs?: number
}

interface MatterRow {
  matterId: string
  version: bigint
}

/**
 * Finds matters whose workflow does not know what their books hold, and has them read the books. That happens when a workflow
 * task is lost after its commit (worker or engine killed, network cut): the engine forgets an update whose first task did not
 * end, and until the matter's next message nothing that the command planned would be carried out, nobody would be reminded, and
 * a matter that closed would not end.
 */
export function mattersBehind({ db, temporal, log, untriedMs = UNTRIED_MS }: Dependencies): () => Promise<void> {
  const askedAtMs = new Map<string, number>()
  /** Closed matters that are known to have ended, at which version: more can come to them still. */
  let endedAt = new Map<string, bigint>()

  async function readIfBehind({ matterId, version }: MatterRow): Promise<void> {
    if (!(await isBehind(temporal, matterId, version))) return
    log.warn({ matterId, version: String(version) }, 'the matter’s workflow is behind its books; it reads them again')
    await temporal.workflow.getHandle(retainerWorkflowId(matterId)).signal(readBooks)
  }

  /** Anew from the books each time, so that what is remembered is no more than what is of interest. */
  async function endClosed(nowMs: number): Promise<void> {
    const closed = await mattersClosed(db, untriedMs)
    const hasEnded = ({ matterId, version }: MatterRow): boolean => endedAt.get(matterId) === version
    endedAt = new Map(closed.filter(hasEnded).map(({ matterId, version }) => [matterId, version]))
    const others = closed.filter((matter) => !hasEnded(matter) && !askedAtMs.has(matter.matterId))
    for (const matter of others.slice(0, AT_ONCE)) {
      askedAtMs.set(matter.matterId, nowMs)
      if (await isRunning(temporal, matter.matterId)) await readIfBehind(matter)
      else endedAt.set(matter.matterId, matter.version)
    }
  }

  return async () => {
    const nowMs = Date.now()
    for (const [matterId, atMs] of askedAtMs) if (atMs + ASK_AGAIN_AFTER_MS < nowMs) askedAtMs.delete(matterId)
    for (const waiting of [mattersWithUntriedEffects, mattersToRemind]) {
      for (const matter of await waiting(db, untriedMs, [...askedAtMs.keys()])) {
        askedAtMs.set(matter.matterId, nowMs)
        await readIfBehind(matter)
      }
    }
    await endClosed(nowMs)
  }
}

async function isBehind(temporal: Client, matterId: string, version: bigint): Promise<boolean> {
  try {
    // Where no worker lets it answer, no task of it may ever have ended: it has read nothing yet.
    const live = await liveState(temporal, matterId, ANSWER_TIMEOUT_MS)
    return live !== null && BigInt(live.version) < version
  } catch (error) {
    // It has no engine, which is for `npm run recover`.
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

async function isRunning(temporal: Client, matterId: string): Promise<boolean> {
  try {
    const { status } = await temporal.workflow.getHandle(retainerWorkflowId(matterId)).describe()
    return status.name === 'RUNNING'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

const longAgo = (untriedMs: number) => sql<Date>`now() - ${untriedMs / 1000} * interval '1 second'`

async function mattersWithUntriedEffects(db: Database, untriedMs: number, but: string[]): Promise<MatterRow[]> {
  return await db
    .selectFrom('effect')
    .innerJoin('retainer', 'retainer.matter_id', 'effect.matter_id')
    .select(['retainer.matter_id as matterId', 'retainer.version'])
    .where('effect.status', '=', 'PLANNED')
    .where('effect.first_tried_at', 'is', null)
    .where('effect.planned_at', '<', longAgo(untriedMs))
    .where('retainer.matter_id', '!=', sql<string>`all(${but}::uuid[])`)
    .groupBy(['retainer.matter_id', 'retainer.version'])
    .orderBy((eb) => eb.fn.min('effect.planned_at'))
    .limit(AT_ONCE)
    .execute()
}

/** Saved options and invoices begin a series of reminders, and no effect tells of it (R9). */
async function mattersToRemind(db: Database, untriedMs: number, but: string[]): Promise<MatterRow[]> {
  return await db
    .selectFrom('retainer')
    .select(['matter_id as matterId', 'version'])
    .where('next_reminder_at', '<', longAgo(untriedMs))
    .where('matter_id', '!=', sql<string>`all(${but}::uuid[])`)
    .orderBy('next_reminder_at')
    .limit(AT_ONCE)
    .execute()
}

/** An empty matter closes at once, and no effect tells of it (R20). */
async function mattersClosed(db: Database, untriedMs: number): Promise<MatterRow[]> {
  return await db
    .selectFrom('retainer')
    .select(['matter_id as matterId', 'version'])
    .where('phase', '=', 'CLOSED')
    .where('updated_at', '>', sql<Date>`now() - ${CLOSED_DAYS} * interval '1 day'`)
    .where('updated_at', '<', longAgo(untriedMs))
    .orderBy('updated_at')
    .execute()
}
