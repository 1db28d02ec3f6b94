import { patched, proxyActivities } from '@temporalio/workflow'
import type { Notice } from '../activities/books-wire.ts'
import type { NoticeActivities } from '../activities/notices.ts'
import { TASK_QUEUES } from './contract.ts'
import { mailNotice } from './notice.ts'

const notices = proxyActivities<NoticeActivities>({
  taskQueue: TASK_QUEUES.retainer,
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
})

/**
 * Has firms told what needs their attention and belongs to no matter, each by a workflow of its own: while a mail cannot be sent,
 * whoever found it goes on and ends. Otherwise a payout's next event would wait for Resend, and so would the next reconciliation.
 * By an activity and not as a child: the engine that skips time stops its clock for a child that outlives its parent.
 */
export async function tellFirms(planned: Notice[]): Promise<void> {
  if (planned.length === 0) return
  // Runs that 0.1.0 began mail by themselves.
  if (!patched('notices-by-themselves')) {
    await Promise.all(planned.map(mailNotice))
    return
  }
  await notices.startNotices.executeWithOptions({ summary: 'Have firms told of it' }, [planned])
}
