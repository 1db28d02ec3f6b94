import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
  TemporalFailure,
} from '@temporalio/workflow'
import type { CommitRequest, CommitResult } from '../activities/commit-wire.ts'
import type { LedgerActivities } from '../activities/ledger.ts'
import { commitSummary } from './summaries.ts'

const now = proxyLocalActivities<LedgerActivities>({
  startToCloseTimeout: '2 seconds',
  retry: { maximumAttempts: 1 },
})
const patiently = proxyActivities<LedgerActivities>({
  // Longer than PostgreSQL lets a statement take: what came of it is heard.
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
})

const DATABASE_AWAY = 'the database was away'

/** The ledger will never take this commit: a fault of ours, shown to the asker; the matter goes on. */
export const isCommitRejected = (error: unknown): boolean =>
  error instanceof ApplicationFailure && error.type === 'CommitRejected'

/**
 * Commits one decision. The first try is local: one round trip, no events of its own. Should PostgreSQL be away, the matter
 * waits in a regular activity, which does not hold its workflow task; so it does where that is asked for: `letTaskEnd`.
 * @throws what `isCommitRejected` tells
 */
export async function commit(letTaskEnd: boolean, request: CommitRequest): Promise<CommitResult> {
  const summary = commitSummary(request)
  const later = (why: string) =>
    bare(patiently.commitMatter.executeWithOptions({ summary: `${summary}; ${why}` }, [request]))
  if (letTaskEnd) return await later('more waits')
  return await elsePatiently(
    () => now.commitMatter.executeWithOptions({ summary }, [request]),
    () => later(DATABASE_AWAY),
  )
}

async function elsePatiently<T>(soon: () => Promise<T>, later: () => Promise<T>): Promise<T> {
  try {
    return await soon()
  } catch (error) {
    const reason = reasonOf(error)
    if (isCommitRejected(reason) || !(reason instanceof TemporalFailure)) throw reason
  }
  return await later()
}

async function bare<T>(activity: Promise<T>): Promise<T> {
  try {
    return await activity
  } catch (error) {
    throw reasonOf(error)
  }
}

/** The matter as the books have it: where every first run starts. */
export const loadMatter = (firmId: string, matterId: string) =>
  patiently.loadMatter.executeWithOptions({ summary: 'Load the matter from its books' }, [firmId, matterId])

/** What is still owed on an invoice of the matter, as the books have it; tried as a commit is. */
export async function owedOnInvoice(firmId: string, matterId: string, invoiceId: string): Promise<bigint> {
  const of: [string, string, string] = [firmId, matterId, invoiceId]
  const summary = 'Look up what is owed on the invoice'
  const owed = await elsePatiently(
    () => now.owedOnInvoice.executeWithOptions({ summary }, of),
    () => bare(patiently.owedOnInvoice.executeWithOptions({ summary: `${summary}; ${DATABASE_AWAY}` }, of)),
  )
  return BigInt(owed)
}

/**
 * Why an activity failed. A regular one's failure comes wrapped; a local one's bare, but for a time-out, which is wrapped
 * when it happens and bare when it is read back from history (temporalio/sdk-rust#436): whoever looks at the wrapping decides
 * otherwise in a replay.
 */
const reasonOf = (error: unknown): unknown => (error instanceof ActivityFailure ? (error.cause ?? error) : error)
