import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import { TASK_QUEUES } from '../../workflows/contract.ts'
import type { Wanted } from './wanted.ts'

/**
 * `start`: what does not run. `restart`: all of it afresh from the books, what runs is terminated. `look`: nothing is changed, and
 * what does not run is told as if it had been started.
 */
export type Mode = 'start' | 'restart' | 'look'

/** What became of a workflow that must run. */
export type Outcome = 'started' | 'restarted' | 'running'

/** How long the server may take; the SDK has tried again meanwhile. */
const WITHIN_MS = 30_000

/** Has one workflow run. Beside a living engine it disturbs nothing but in the mode `restart`. Safe to repeat. */
export function ensureRunning(temporal: Client, wanted: Wanted, mode: Mode): Promise<Outcome> {
  return temporal.withDeadline(Date.now() + WITHIN_MS, async () => {
    if (mode === 'look') return (await isRunning(temporal, wanted)) ? 'running' : 'started'
    if (await start(temporal, wanted, 'FAIL')) return 'started'
    if (mode === 'start') return 'running'
    await start(temporal, wanted, 'TERMINATE_EXISTING')
    return 'restarted'
  })
}

/** Whether it was started; one that runs is met by `conflictPolicy`. */
async function start(
  temporal: Client,
  { workflowId, workflowType, input, ...described }: Wanted,
  workflowIdConflictPolicy: 'FAIL' | 'TERMINATE_EXISTING',
): Promise<boolean> {
  try {
    await temporal.workflow.start(workflowType, {
      workflowId,
      taskQueue: TASK_QUEUES.retainer,
      args: [input],
      workflowIdConflictPolicy,
      // The engine may still know how an earlier one ended.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      ...described,
    })
    return true
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false
    throw error
  }
}

async function isRunning(temporal: Client, { workflowId }: Wanted): Promise<boolean> {
  try {
    return (await temporal.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}
