import { type Client, isGrpcServiceError } from '@temporalio/client'
import proto, { type temporal } from '@temporalio/proto'
import type { Database } from '../../src/db/pool.ts'
import {
  accountUnreachableWorkflowId,
  payoutWorkflowId,
  reconciliationWorkflowId,
  unappliedFactsWorkflowId,
  unappliedPaymentWorkflowId,
} from '../../workflows/books-contract.ts'
import { retainerWorkflowId } from '../../workflows/contract.ts'

const { WorkflowExecutionInfo } = proto.temporal.api.workflow.v1
const { DescribeWorkflowExecutionResponse } = proto.temporal.api.workflowservice.v1
const { History } = proto.temporal.api.history.v1

/** What the engine keeps of a run, as its own bytes. */
export interface EngineRecord {
  workflowId: string
  runId: string
  /** Where it was found: the list (visibility), the description (memo, heartbeats, pending failures), or the history. */
  part: 'list' | 'description' | 'history'
  bytes: Uint8Array
}

interface Run {
  workflowId: string
  /** Without: the newest. */
  runId?: string
}

/**
 * All that the engine keeps of every run in the client's namespace. The test server cannot list: there every workflow that
 * the books could have given rise to is looked for, with the runs it continued from, and `otherRuns`.
 */
export async function* engineRecords(
  client: Client,
  owner: Database,
  otherRuns: Run[] = [],
): AsyncGenerator<EngineRecord> {
  const listed = await list(client)
  yield* listed
  const queue: Run[] = listed.length > 0 ? [...listed] : [...(await expectedRuns(owner)), ...otherRuns]
  const seen = new Set<string>()
  for (let run = queue.shift(); run; run = queue.shift()) {
    if (run.runId && seen.has(run.runId)) continue
    const description = await describe(client, run)
    if (!description) continue
    const { workflowId, runId } = description
    if (seen.has(runId)) continue
    seen.add(runId)
    yield description
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    yield { workflowId, runId, part: 'history', bytes: History.encode(history).finish() }
    const before = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId
    if (before) queue.push({ workflowId, runId: before })
  }
}

/** Nothing where the server cannot list. */
async function list({ workflowService, options: { namespace } }: Client): Promise<EngineRecord[]> {
  const records: EngineRecord[] = []
  let nextPageToken: Uint8Array | null = null
  do {
    try {
      const page: temporal.api.workflowservice.v1.IListWorkflowExecutionsResponse =
        await workflowService.listWorkflowExecutions({ namespace, nextPageToken })
      for (const execution of page.executions ?? []) {
        const { workflowId, runId } = execution.execution ?? {}
        const bytes = WorkflowExecutionInfo.encode(execution).finish()
        records.push({ workflowId: workflowId ?? '', runId: runId ?? '', part: 'list', bytes })
      }
      nextPageToken = page.nextPageToken ?? null
    } catch (error) {
      if (hasCode(error, UNIMPLEMENTED)) return []
      throw error
    }
  } while (nextPageToken && nextPageToken.length > 0)
  return records
}

async function describe(
  { workflowService, options: { namespace } }: Client,
  { workflowId, runId = '' }: Run,
): Promise<EngineRecord | null> {
  try {
    const description = await workflowService.describeWorkflowExecution({ namespace, execution: { workflowId, runId } })
    return {
      workflowId,
      runId: description.workflowExecutionInfo?.execution?.runId ?? runId,
      part: 'description',
      bytes: DescribeWorkflowExecutionResponse.encode(description).finish(),
    }
  } catch (error) {
    if (hasCode(error, NOT_FOUND)) return null
    throw error
  }
}

/** gRPC's codes. */
const NOT_FOUND = 5
const UNIMPLEMENTED = 12
const hasCode = (error: unknown, code: number): boolean => isGrpcServiceError(error) && error.code === code

async function expectedRuns(owner: Database): Promise<Run[]> {
  const matters = await owner.selectFrom('matter').select('id').execute()
  const firms = await owner.selectFrom('firm').select(['id', 'stripe_account']).execute()
  const payments = await owner.selectFrom('payment').select('id').execute()
  const events = await owner.selectFrom('inbox').select(['id', 'account']).execute()
  const payouts = await owner.selectFrom('payout').select(['account', 'id']).distinct().execute()
  const accounts = new Set([...firms.map((firm) => firm.stripe_account), ...events.map((event) => event.account)])
  return [
    ...matters.map(({ id }) => retainerWorkflowId(id)),
    ...payments.map(({ id }) => unappliedPaymentWorkflowId(id)),
    ...events.map(({ id }) => unappliedFactsWorkflowId(id)),
    ...payouts.map(({ account, id }) => payoutWorkflowId(account, id)),
    ...[...accounts].flatMap((account) => (account === null ? [] : [accountUnreachableWorkflowId(account)])),
    ...firms.map(({ id }) => reconciliationWorkflowId(id)),
  ].map((workflowId) => ({ workflowId }))
}
