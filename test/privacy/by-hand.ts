import type { WorkflowHandle } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import { temporal } from '@temporalio/proto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'

const { CommandType } = temporal.api.enums.v1
const TASK_QUEUE = { name: 'by-hand' }
const hour = msToTs('1 hour')

/** A worker of one activity, played by hand, for what only a misbehaving one would tell the engine. */
export class PollingByHand {
  readonly #engine: TestWorkflowEnvironment
  readonly #run: WorkflowHandle

  constructor(engine: TestWorkflowEnvironment, run: WorkflowHandle) {
    this.#engine = engine
    this.#run = run
  }

  /** Begins an activity that tells this in a heartbeat, or fails with this and is due again in an hour. */
  async activity({ heartbeat, stackTrace }: { heartbeat?: string; stackTrace?: string }): Promise<WorkflowHandle> {
    const { workflowService, options } = this.#engine.client
    const shared = { namespace: options.namespace, identity: 'by hand' }
    const polling = <T>(poll: () => Promise<T>) => this.#engine.connection.withDeadline(Date.now() + 30_000, poll)
    const { taskToken } = await polling(() =>
      workflowService.pollWorkflowTaskQueue({ ...shared, taskQueue: TASK_QUEUE }),
    )
    const scheduleActivityTaskCommandAttributes = {
      activityId: '1',
      activityType: { name: 'anything' },
      taskQueue: TASK_QUEUE,
      startToCloseTimeout: hour,
      retryPolicy: { initialInterval: hour, backoffCoefficient: 1, maximumInterval: hour },
    }
    const commandType = CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK
    await workflowService.respondWorkflowTaskCompleted({
      ...shared,
      taskToken,
      commands: [{ commandType, scheduleActivityTaskCommandAttributes }],
    })
    const activity = await polling(() => workflowService.pollActivityTaskQueue({ ...shared, taskQueue: TASK_QUEUE }))
    const told = { ...shared, taskToken: activity.taskToken }
    if (heartbeat) {
      const payload = {
        metadata: { encoding: Buffer.from('json/plain') },
        data: Buffer.from(JSON.stringify(heartbeat)),
      }
      await workflowService.recordActivityTaskHeartbeat({ ...told, details: { payloads: [payload] } })
    }
    if (stackTrace) {
      const failure = { message: 'failed', stackTrace, source: 'test', applicationFailureInfo: { type: 'Error' } }
      await workflowService.respondActivityTaskFailed({ ...told, failure })
    }
    return this.#run
  }
}
