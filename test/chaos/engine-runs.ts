import { Client, Connection } from '@temporalio/client'
import { retainerWorkflowId } from '../../workflows/contract.ts'
import type { Practice } from '../practice/practice.ts'
import type { RecordedRun } from '../support/recorded-runs.ts'

const HISTORIES_AT_ONCE = 8

/** The engine itself, past the network that fails. Close the connection. */
export async function engineOf({ stack }: Practice): Promise<Client> {
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' })
  return new Client({ connection, namespace: stack.env.TEMPORAL_NAMESPACE })
}

/** Ids of the workflows that run, but for matters': each has an end, and comes to it when nothing fails any more. */
export async function unfinishedRuns({ workflow }: Client): Promise<string[]> {
  const ids: string[] = []
  for await (const { workflowId } of workflow.list({ query: 'ExecutionStatus = "Running"' })) {
    if (!workflowId.startsWith(retainerWorkflowId(''))) ids.push(workflowId)
  }
  return ids
}

/** The history of every run of every workflow. */
export async function allRuns({ workflow }: Client): Promise<RecordedRun[]> {
  const runs: RecordedRun[] = []
  const listed: { workflowId: string; runId: string }[] = []
  for await (const { workflowId, runId } of workflow.list()) listed.push({ workflowId, runId })
  for (let start = 0; start < listed.length; start += HISTORIES_AT_ONCE) {
    const some = listed.slice(start, start + HISTORIES_AT_ONCE).map(async ({ workflowId, runId }) => ({
      workflowId,
      history: await workflow.getHandle(workflowId, runId).fetchHistory(),
    }))
    runs.push(...(await Promise.all(some)))
  }
  return runs
}
