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

/** Mails a firm what needs its attention and belongs to no matter; a mail that was sent meanwhile is not sent again. */
export async function notice(planned: Notice): Promise<void> {
  await mailNotice(planned)
}

export async function mailNotice(planned: Notice): Promise<void> {
  await mail.sendMail.executeWithOptions({ summary: attentionSummary(planned) }, [planned])
}
