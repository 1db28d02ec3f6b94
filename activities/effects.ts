import { ApplicationFailure, activityInfo } from '@temporalio/activity'
import { NoResultError, sql } from 'kysely'
import type { Database } from '../src/db/pool.ts'
import type { EffectFailure } from '../src/domain/events.ts'
import type { EffectOutcome } from './courier-wire.ts'
import { codeOf } from './database-errors.ts'

/** How long after a try a provider is sure to know the request again by its key. */
const SAME_KEY_MS = 23 * 60 * 60 * 1000

/** An effect as the books have it, just before its provider is called. */
export interface EffectRow {
  firmId: string
  matterId: string | null
  status: 'PLANNED' | 'DONE' | 'CANCELLED' | 'FAILED'
  /** Why it was given up. */
  failure: EffectFailure | null
  /** The request to the provider, once fixed. */
  prepared: unknown
  firstTriedAtMs: number | null
  /** Since when a try of a mail is without an answer. */
  unansweredSinceMs: number | null
  plannedAtMs: number
}

/**
 * Now. The engine's word counts where it is ahead, as in tests that skip time; this machine's where the try waited for a
 * worker since it was scheduled.
 */
export const engineNowMs = (): number => Math.max(activityInfo().currentAttemptScheduledTimestampMs, Date.now())

/** @throws retryable when the database is away, with its code only. That there is no such row is an answer. */
export async function reading<T>(query: Promise<T>): Promise<T> {
  try {
    return await query
  } catch (error) {
    if (error instanceof ApplicationFailure || error instanceof NoResultError) throw error
    throw ApplicationFailure.retryable(`The database did not answer (${codeOf(error)}).`, 'DatabaseUnavailable')
  }
}

export async function readEffect(db: Database, effectId: string): Promise<EffectRow> {
  const row = await reading(
    db
      .selectFrom('effect')
      .select(['firm_id', 'matter_id', 'status', 'failure', 'prepared'])
      .select(['first_tried_at', 'unanswered_since', 'planned_at'])
      .where('id', '=', effectId)
      .executeTakeFirst(),
  )
  if (!row) throw ApplicationFailure.nonRetryable('The books know no such effect.', 'UnknownEffect')
  return {
    firmId: row.firm_id,
    matterId: row.matter_id,
    status: row.status as EffectRow['status'],
    failure: row.failure as EffectFailure | null,
    prepared: row.prepared,
    firstTriedAtMs: row.first_tried_at?.getTime() ?? null,
    unansweredSinceMs: row.unanswered_since?.getTime() ?? null,
    plannedAtMs: row.planned_at.getTime(),
  }
}

/**
 * Fixes the request, marks the try, and asks whether the effect is still wanted, all in one statement: the request as it was
 * first fixed, or null when the effect was cancelled meanwhile and nothing may be sent. `evenIfCancelled` is for finding out
 * what became of an earlier try.
 */
export async function beginTry<Request>(
  db: Database,
  effectId: string,
  request: Request,
  { evenIfCancelled = false, triedAt = new Date(engineNowMs()) } = {},
): Promise<Request | null> {
  const row = await reading(
    db
      .updateTable('effect')
      .set({
        prepared: sql`coalesce(prepared, ${JSON.stringify(request)}::jsonb)`,
        first_tried_at: sql`coalesce(first_tried_at, ${triedAt})`,
        unanswered_since: sql`coalesce(unanswered_since, ${triedAt})`,
        last_tried_at: triedAt,
      })
      .where('id', '=', effectId)
      .$if(!evenIfCancelled, (query) => query.where('status', '=', 'PLANNED'))
      .returning('prepared')
      .executeTakeFirst(),
  )
  return row ? (row.prepared as Request) : null
}

/**
 * The try begun at this instant was answered: it has not done it. Unless another one, earlier or begun meanwhile, may have, the
 * request is fixed no longer: the next try asks for what is right then.
 */
export async function noteNotDone(db: Database, effectId: string, triedAt: Date): Promise<void> {
  await reading(
    db
      .updateTable('effect')
      .set({ unanswered_since: null, prepared: null })
      .where('id', '=', effectId)
      .where('unanswered_since', '=', triedAt)
      .where('last_tried_at', '=', triedAt)
      .execute(),
  )
}

export async function finish(db: Database, effectId: string, status: 'DONE' | 'CANCELLED'): Promise<void> {
  await reading(
    db
      .updateTable('effect')
      .set({ status, finished_at: new Date(engineNowMs()) })
      .where('id', '=', effectId)
      .execute(),
  )
}

/** Whether the provider may have forgotten the key of a try that it did not answer: then trying again could do it twice. */
export const keyMayBeForgotten = ({ unansweredSinceMs }: EffectRow): boolean =>
  unansweredSinceMs !== null && engineNowMs() - unansweredSinceMs > SAME_KEY_MS

/**
 * The same for an effect of which no try is noted: books that were restored from a backup have forgotten what was tried since, and
 * the provider has forgotten the key of what is this old.
 */
export const mayHaveBeenTriedUnnoted = ({ plannedAtMs }: EffectRow): boolean =>
  engineNowMs() - plannedAtMs > SAME_KEY_MS

/** Gives an effect up, for a reason that is told again should the telling be lost. */
export async function giveUp(db: Database, effectId: string, reason: EffectFailure): Promise<EffectOutcome> {
  await reading(
    db
      .updateTable('effect')
      .set({ status: 'FAILED', failure: reason, finished_at: new Date(engineNowMs()) })
      .where('id', '=', effectId)
      .execute(),
  )
  return { outcome: 'failed', reason }
}
