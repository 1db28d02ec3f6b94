import type { Client } from '@temporalio/client'
import type { Database } from '../db/pool.ts'
import { ensureNightlyReconciliation } from '../reconciliation/schedule.ts'
import { ensureRunning, type Mode, type Outcome } from './start.ts'
import { endStrangers } from './strangers.ts'
import { WANTED, type Wanted, type WantedKind } from './wanted.ts'

/** The server takes more at once; the workers, who have each of them load its matter, do not. */
const AT_ONCE = 50

/** What came of one kind of workflows. */
export type Tally = Record<Outcome, number> & { name: WantedKind['name']; total: number; failed: Failure[] }

export interface Failure {
  workflowId: string
  reason: string
}

export interface Recovery {
  tallies: Tally[]
  /** Workflows of matters that the books do not have open: only a restart looks for them, and ends them. */
  ended: number
}

interface RecoveryOptions {
  /** Of the worker, who sees every firm's matters. */
  db: Database
  temporal: Client
  mode: Mode
  /** With `look`, whether what a restart would do is looked for. */
  wouldRestart?: boolean
  /** Told after every workflow. */
  report?: (tally: Tally) => void
}

/**
 * Has the engine run all that the books say must run: every open matter, with its requests, reminders, effects and refunds under
 * way; reconciliations; notices to firms; the nightly schedule. Safe to repeat, and beside a living engine. One that cannot be
 * started keeps no other from it.
 */
export async function recover(options: RecoveryOptions): Promise<Recovery> {
  const { db, temporal, mode, wouldRestart = false } = options
  const tallies: Tally[] = []
  for (const kind of WANTED) tallies.push(await recoverKind(kind, options))
  // After the matters, which are what people wait for.
  if (mode !== 'look') await ensureNightlyReconciliation(temporal)
  // What the lost engine was told is told to the new one at once, whatever time it was given.
  if (mode !== 'look')
    await db.updateTable('inbox').set({ next_try_at: new Date() }).where('booked_at', 'is', null).execute()
  const looksForStrangers = mode === 'restart' || wouldRestart
  const ended = looksForStrangers ? await endStrangers(db, temporal, { look: mode === 'look' }) : 0
  return { tallies, ended }
}

async function recoverKind(kind: WantedKind, { db, temporal, mode, report }: RecoveryOptions): Promise<Tally> {
  const tally: Tally = {
    name: kind.name,
    total: await kind.count(db),
    started: 0,
    restarted: 0,
    running: 0,
    failed: [],
  }
  // Only matters hold what the books could contradict.
  const how = mode === 'restart' && kind.name !== 'matters' ? 'start' : mode
  async function takeFrom(all: AsyncIterable<Wanted>): Promise<void> {
    for await (const wanted of all) {
      try {
        tally[await ensureRunning(temporal, wanted, how)] += 1
      } catch (error) {
        tally.failed.push({ workflowId: wanted.workflowId, reason: reasonOf(error) })
      }
      report?.(tally)
    }
  }
  // One source for all: each takes the next when it is done with its last.
  const all = kind.all(db)
  await Promise.all(Array.from({ length: AT_ONCE }, () => takeFrom(all)))
  return tally
}

const reasonOf = (error: unknown): string => {
  const { cause } = error as { cause?: unknown }
  const deepest = cause instanceof Error ? cause : error
  return deepest instanceof Error ? deepest.message : String(deepest)
}
