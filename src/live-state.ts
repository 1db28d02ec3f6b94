import { type Client, isGrpcDeadlineError, isGrpcServiceError, QueryNotRegisteredError } from '@temporalio/client'
import { type LiveState, queries, retainerWorkflowId } from '../workflows/contract.ts'

/** gRPC: FAILED_PRECONDITION. The engine asks no worker while the workflow's task fails again and again. */
const FAILED_PRECONDITION = 9

/** What a matter's workflow holds; null when no worker lets it answer. Throws `WorkflowNotFoundError` where there is none. */
export async function liveState(temporal: Client, matterId: string, timeoutMs: number): Promise<LiveState | null> {
  const handle = temporal.workflow.getHandle(retainerWorkflowId(matterId))
  try {
    return await temporal.withDeadline(Date.now() + timeoutMs, () => handle.query(queries.liveState))
  } catch (error) {
    if (isGrpcDeadlineError(error) || error instanceof QueryNotRegisteredError || isStuck(error)) return null
    throw error
  }
}

function isStuck(error: unknown): boolean {
  const cause = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error
  return isGrpcServiceError(cause) && cause.code === FAILED_PRECONDITION
}
