import type { Client } from '@temporalio/client'
import proto, { type temporal } from '@temporalio/proto'
import { Worker, type WorkerOptions } from '@temporalio/worker'

type History = temporal.api.history.v1.IHistory

/** One run of a workflow. Without a run id: the newest. */
export interface RunOf {
  workflowId: string
  runId?: string
}

export interface RecordedRun {
  workflowId: string
  history: History
}

const { EventType, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1

/** The histories of these runs and of all runs that continued as new into them, newest first. */
export async function historiesOf(client: Client, runs: RunOf[]): Promise<RecordedRun[]> {
  const recorded = new Map<string, RecordedRun>()
  for (const { workflowId, runId } of runs) {
    for (let run: string | undefined = runId ?? (await newestRun(client, workflowId)); run && !recorded.has(run); ) {
      const history = await client.workflow.getHandle(workflowId, run).fetchHistory()
      recorded.set(run, { workflowId, history })
      run = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined
    }
  }
  return [...recorded.values()]
}

/** What goes otherwise when today's workflow code is given each history again. */
export async function replayFailures(
  runs: RecordedRun[],
  workflowBundle: NonNullable<WorkerOptions['workflowBundle']>,
): Promise<{ workflowId: string; error: string }[]> {
  // A run that has just begun has decided nothing yet, and its replay would wait for ever.
  const decided = runs.filter(({ history }) =>
    history.events?.some((event) => event.workflowTaskCompletedEventAttributes),
  )
  const failures = []
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, decided)) {
    if (error) failures.push({ workflowId, error: error.message })
  }
  return failures
}

/** A new message came before the task that continues as new: the engine has the task done again. */
const OVERTAKEN = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND

/** The workflow tasks that failed, but for those that new messages overtook. */
export function failedTasks(runs: RecordedRun[]) {
  return runs.flatMap(({ workflowId, history }) =>
    (history.events ?? [])
      .filter(({ eventType }) => eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)
      .map(({ workflowTaskFailedEventAttributes: failure }) => ({ workflowId, failure }))
      .filter(({ failure }) => failure?.cause !== OVERTAKEN),
  )
}

async function newestRun(client: Client, workflowId: string): Promise<string> {
  return (await client.workflow.getHandle(workflowId).describe()).runId
}
