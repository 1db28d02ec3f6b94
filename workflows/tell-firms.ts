import { proxyActivities } from '@temporalio/workflow'
import type { Notice } from '../activities/books-wire.ts'
import type { CourierActivities } from '../activities/courier-wire.ts'
import { TASK_QUEUES } from './contract.ts'
import { attentionSummary } from './summaries.ts'

const mail = proxyActivities<CourierActivities>({
  taskQueue: TASK_QUEUES.mail,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** Mails firms what needs their attention and belongs to no matter. */
export async function tellFirms(notices: Notice[]): Promise<void> {
  await Promise.all(
    notices.map((notice) => mail.sendMail.executeWithOptions({ summary: attentionSummary(notice) }, [notice])),
  )
}
