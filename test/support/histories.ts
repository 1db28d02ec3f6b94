import path from 'node:path'
import proto from '@temporalio/proto'
import { expect, inject } from 'vitest'
import { keepHistories } from '../replay/keep.ts'
import { failedTasks, type RecordedRun, replayFailures } from './recorded-runs.ts'

export { historiesOf, type RunOf } from './recorded-runs.ts'

/** Today's workflow code, given each history again, takes the same decisions. `npm run histories:record` keeps them. */
export async function expectReplays(runs: RecordedRun[]): Promise<void> {
  expect(await replayFailures(runs, { codePath: inject('workflowBundlePath') }), 'every history replays').toEqual([])
  const folder = process.env['RECORD_HISTORIES_TO']
  const testFile = path.basename(expect.getState().testPath ?? '', '.test.ts')
  if (folder) await keepHistories(folder, testFile, runs)
}

/**
 * No workflow task failed, but for those that new messages overtook; and, where matters were `overrun`, those that the server
 * took away because more came in meanwhile than it buffers (100 events), with the worker's late answers to them.
 */
export function expectNoFailedTasks(runs: RecordedRun[], { overrun = false } = {}): void {
  const failed = failedTasks(runs).filter(({ failure }) => !(overrun && TAKEN_AWAY.includes(failure?.cause)))
  expect(failed, 'no workflow task failed').toEqual([])
}

const { WorkflowTaskFailedCause } = proto.temporal.api.enums.v1
const TAKEN_AWAY: unknown[] = [
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_BAD_UPDATE_WORKFLOW_EXECUTION_MESSAGE,
]
