import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { sql } from 'kysely'
import { readBooks, retainerWorkflowId } from '../../workflows/contract.ts'
import type { Database } from '../db/pool.ts'
import { liveState } from '../live-state.ts'
import type { Logger } from '../log.ts'
import { Asked, type MatterRow } from './asked.ts'

/** How long what the books hold may wait for a matter's workflow before anybody wonders. */
const UNTRIED_MS = 15_000
/** Matters asked in one look, all at once: what waits may also do so for good reasons, such as many mails. */
const AT_ONCE = 20
const ANSWER_TIMEOUT_MS = 5_000
/** How long a closed matter is of interest: a worker that was away all that time has not seen it. */
const CLOSED_DAYS = 1

interface Dependencies {
  db: Database
  temporal: Client
  log: Logger
  untriedMs?: number
}

/**
 * Finds matters whose workflow does not know what their books hold, and has them read the books. That happens when a workflow
 * task is lost after its commit (worker or engine killed, network cut): the engine forgets an update whose first task did not
 * end, and until the matter's next message nothing that the command planned would be carried out, nobody would be reminded, and
 * a matter that closed would not end.
 */
export function mattersBehind({ db, temporal, log, untriedMs = UNTRIED_MS }: Dependencies): () => Promise<void> {
  const asked = new Asked()
  /** Closed matters that are known to have ended, at which version: more can come to them still. */
  let endedAt = new Map<string, bigint>()

  /** Whether it was. */
  async function readIfBehind({ matterId, version }: MatterRow): Promise<boolean> {
    if (!(await isBehind(temporal, matterId, version))) return false
    log.warn({ matterId, version: String(version) }, 'the matter’s workflow is behind its books; it reads them again')
    await temporal.workflow.getHandle(retainerWorkflowId(matterId)).signal(readBooks)
    return true
  }

  async function endIfRunning(matter: MatterRow): Promise<boolean> {
    if (await isRunning(temporal, matter.matterId)) return readIfBehind(matter)
    endedAt.set(matter.matterId, matter.version)
    return false
  }

  /** One that cannot be asked keeps no other from being asked. */
  async function ask(matters: MatterRow[], question: (matter: MatterRow) => Promise<boolean>): Promise<void> {
    const answers = await Promise.allSettled(matters.map(question))
    for (const [index, matter] of matters.entries()) {
      const answer = answers[index]
      // An engine that is away is no reason to ask less: what it has lost is to be found as soon as it is back.
      asked.note(matter, answer?.status === 'fulfilled' && !answer.value)
      if (answer?.status === 'rejected')
        log.warn({ matterId: matter.matterId, err: answer.reason }, 'a matter cannot be asked')
    }
  }

  /** Anew from the books each time, so that what is remembered is no more than what is of interest. */
  async function endClosed(): Promise<void> {
    const closed = await mattersClosed(db, untriedMs)
    const hasEnded = ({ matterId, version }: MatterRow): boolean => endedAt.get(matterId) === version
    endedAt = new Map(closed.filter(hasEnded).map(({ matterId, version }) => [matterId, version]))
    const others = closed.filter((matter) => !hasEnded(matter) && !asked.rests(matter))
    await ask(others.slice(0, AT_ONCE), endIfRunning)
  }

  return async () => {
    asked.forget()
    for (const waiting of [mattersWithUntriedEffects, mattersToRemind]) {
      await ask(await waiting(db, untriedMs, asked.resting()), readIfBehind)
    }
    await endClosed()
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

const isNoneOf = (matters: MatterRow[]) =>
  sql<boolean>`(retainer.matter_id, retainer.version) not in (
    select * from unnest(${matters.map(({ matterId }) => matterId)}::uuid[], ${matters.map(({ version }) => String(version))}::bigint[]))`

/** Those with money to carry first: mails can be many, and wait for their provider by the hour. */
async function mattersWithUntriedEffects(db: Database, untriedMs: number, but: MatterRow[]): Promise<MatterRow[]> {
  return await db
    .selectFrom('effect')
    .innerJoin('retainer', 'retainer.matter_id', 'effect.matter_id')
    .select(['retainer.matter_id as matterId', 'retainer.version'])
    .where('effect.status', '=', 'PLANNED')
    .where('effect.first_tried_at', 'is', null)
    .where('effect.planned_at', '<', longAgo(untriedMs))
    .where(isNoneOf(but))
    .groupBy(['retainer.matter_id', 'retainer.version'])
    .orderBy(sql`bool_and(effect.kind = 'MAIL')`)
    .orderBy((eb) => eb.fn.min('effect.planned_at'))
    .limit(AT_ONCE)
    .execute()
}

/** Saved options and invoices begin a series of reminders, and no effect tells of it (R9). */
async function mattersToRemind(db: Database, untriedMs: number, but: MatterRow[]): Promise<MatterRow[]> {
  return await db
    .selectFrom('retainer')
    .select(['matter_id as matterId', 'version'])
    .where('next_reminder_at', '<', longAgo(untriedMs))
    .where(isNoneOf(but))
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
