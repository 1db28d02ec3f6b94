import { type Client, isGrpcServiceError, ScheduleAlreadyRunning, ServiceError } from '@temporalio/client'
import { NIGHT_WITHIN, NIGHTLY_SCHEDULE, NIGHTLY_WORKFLOW } from '../../workflows/books-contract.ts'
import { TASK_QUEUES } from '../../workflows/contract.ts'

/** gRPC: UNIMPLEMENTED, what the time-skipping test server answers. */
const UNIMPLEMENTED = 12

/**
 * Has the books of every firm reconciled at 03:00 UTC each night. A schedule that exists is left as its operator has it: paused,
 * or at another hour. One that 0.1.0 made sets its nights no end, and gets that.
 */
export async function ensureNightlyReconciliation(temporal: Client): Promise<void> {
  try {
    await temporal.schedule.create({
      scheduleId: NIGHTLY_SCHEDULE,
      spec: { calendars: [{ hour: 3, comment: 'Every night, UTC' }] },
      action: {
        type: 'startWorkflow',
        workflowType: NIGHTLY_WORKFLOW,
        workflowId: NIGHTLY_SCHEDULE,
        taskQueue: TASK_QUEUES.retainer,
        args: [{ afterFirmId: null }],
        workflowExecutionTimeout: NIGHT_WITHIN,
      },
      policies: { overlap: 'SKIP', catchupWindow: '6 hours' },
    })
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return endNights(temporal)
    const cause = error instanceof ServiceError ? error.cause : error
    if (isGrpcServiceError(cause) && cause.code === UNIMPLEMENTED) return
    throw error
  }
}

async function endNights(temporal: Client): Promise<void> {
  const schedule = temporal.schedule.getHandle(NIGHTLY_SCHEDULE)
  if ((await schedule.describe()).action.workflowExecutionTimeout) return
  await schedule.update((now) => ({ ...now, action: { ...now.action, workflowExecutionTimeout: NIGHT_WITHIN } }))
}
