import { type Connection, isGrpcServiceError } from '@temporalio/client'
import { searchAttributeProblems } from '../search-attributes.ts'
import { type Findings, nothingFound, problem } from './findings.ts'

/** gRPC: NOT_FOUND, PERMISSION_DENIED, UNIMPLEMENTED. */
const NOT_FOUND = 5
const NO_ANSWER = new Set<number>([7, 12])

/** Whether the namespace is there, and has the matters' search attributes: an unregistered one would fail workflow tasks. */
export async function checkEngine(connection: Connection, namespace: string): Promise<Findings> {
  if (await isMissing(connection, namespace)) {
    return problem(
      `The Temporal server has no namespace ${namespace}: run "npm run prepare:neighbours", which makes it, or correct TEMPORAL_NAMESPACE.`,
    )
  }
  const problems = await searchAttributeProblems(connection, namespace)
  return problems.length === 0 ? nothingFound : problem(...problems)
}

/** False where the server will not say: the time-skipping test server cannot, a cloud may not let us ask. */
async function isMissing(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace })
    return false
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error
    if (error.code === NOT_FOUND) return true
    if (NO_ANSWER.has(error.code)) return false
    throw error
  }
}
