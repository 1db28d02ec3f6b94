import type { Client } from '@temporalio/client'
import type { ApiContext } from '../../schema/context.ts'
import { queries, retainerWorkflowId } from '../../workflows/contract.ts'

const ANSWER_WITHIN_MS = 2_000

/**
 * Asks a matter's workflow what it holds at this moment. Null when it does not answer in time or was never started: what the
 * books hold is there all the same. The caller has made sure that the matter is the firm's.
 */
export function askLiveState(temporal: Client): ApiContext['liveState'] {
  return async (_firmId, matterId) => {
    try {
      return await temporal.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
        temporal.workflow.getHandle(retainerWorkflowId(matterId)).query(queries.liveState),
      )
    } catch {
      return null
    }
  }
}
