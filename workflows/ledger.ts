import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
  TemporalFailure,
} from '@temporalio/workflow'
import type { CommitRequest, CommitResult } from '../activities/commit-wire.ts'
import type { LedgerActivities } from '../activities/ledger.ts'

const now = proxyLocalActivities<LedgerActivities>({
  startToCloseTimeout: '2 seconds',
  retry: { maximumAttempts: 1 },
})
const patiently = proxyActivities<LedgerActivities>({
  // Longer than PostgreSQL lets a statement take: what came of it is heard.
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
})

/** The ledger will never take this commit: a fault of ours, shown to the asker; the matter goes on. */
export const isCommitRejected = (error: unknown): boolean =>
  error instanceof ApplicationFailure && error.type === 'CommitRejected'

/**
 * Commits one decision. The first try is local: one round trip, no events of its own. Should PostgreSQL be away, the matter
 * waits in a regular activity, which does not hold its workflow task; so it does where that is asked for: `letTaskEnd`.
 * @throws what `isCommitRejected` tells
 */
export async function commit(letTaskEnd: boolean, request: CommitRequest): Promise<CommitResult> {
  const { kind } = request
  if (letTaskEnd) return await commitPatiently(request, `Commit ${kind}; more waits`)
  try {
    return await now.commitMatter.executeWithOptions({ summary: `Commit ${kind}` }, [request])
  } catch (error) {
    const reason = reasonOf(error)
    if (isCommitRejected(reason) || !(reason instanceof TemporalFailure)) throw reason
  }
  return await commitPatiently(request, `Commit ${kind}; the database was away`)
}

async function commitPatiently(request: CommitRequest, summary: string): Promise<CommitResult> {
  try {
    return await patiently.commitMatter.executeWithOptions({ summary }, [request])
  } catch (error) {
    throw reasonOf(error)
  }
}

/** The matter as the books have it: where every first run starts. */
export const loadMatter = (firmId: string, matterId: string) =>
  patiently.loadMatter.executeWithOptions({ summary: 'Load the matter from its books' }, [firmId, matterId])

/**
 * Why an activity failed. A regular one's failure comes wrapped; a local one's bare, but for a time-out, which is wrapped
 * when it happens and bare when it is read back from history (temporalio/sdk-rust#436): whoever looks at the wrapping decides
 * otherwise in a replay.
 */
const reasonOf = (error: unknown): unknown => (error instanceof ActivityFailure ? (error.cause ?? error) : error)
