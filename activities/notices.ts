import type { Client } from '@temporalio/client'
import { NOTICE_WORKFLOW, noticeWorkflowId } from '../workflows/books-contract.ts'
import { TASK_QUEUES } from '../workflows/contract.ts'
import type { Notice } from './books-wire.ts'

export type NoticeActivities = ReturnType<typeof noticeActivities>

/** Notices to firms of what belongs to no matter. */
export function noticeActivities({ temporal }: { temporal: Client }) {
  return {
    /** Starts a workflow for each mail; one that is at it already, for whoever found the same before or for a recovery, goes on. */
    async startNotices(notices: Notice[]): Promise<void> {
      await Promise.all(
        notices.map((notice) =>
          temporal.workflow.start(NOTICE_WORKFLOW, {
            workflowId: noticeWorkflowId(notice.id),
            taskQueue: TASK_QUEUES.retainer,
            args: [notice],
            workflowIdConflictPolicy: 'USE_EXISTING',
            staticSummary: 'A notice to a firm',
          }),
        ),
      )
    },
  }
}
