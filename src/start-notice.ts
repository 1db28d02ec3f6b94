import type { Client } from '@temporalio/client'
import type { Notice } from '../activities/books-wire.ts'
import { NOTICE_WORKFLOW, noticeWorkflowId } from '../workflows/books-contract.ts'
import { TASK_QUEUES } from '../workflows/contract.ts'

/** Starts the workflow that mails a firm this notice; one that is at it already goes on. */
export async function startNotice(temporal: Client, notice: Notice): Promise<void> {
  await temporal.workflow.start(NOTICE_WORKFLOW, {
    workflowId: noticeWorkflowId(notice.id),
    taskQueue: TASK_QUEUES.retainer,
    args: [notice],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'A notice to a firm',
  })
}
