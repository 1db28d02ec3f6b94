import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { Notice } from '../activities/books-wire.ts'
import type { CourierActivities, EffectOutcome } from '../activities/courier-wire.ts'
import type { EffectFailure } from '../src/domain/events.ts'
import { TASK_QUEUES } from './contract.ts'
import { attentionSummary } from './summaries.ts'

const mail = proxyActivities<CourierActivities>({
  taskQueue: TASK_QUEUES.mail,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** What an operator reads at the top of the page. Mail is the one way to tell a firm that does not look: a person has to. */
const NOT_TOLD: Record<EffectFailure, string> = {
  REFUSED: '**The firm was not told**: the mail was refused. Tell it, and correct its address for notices.',
  FATE_UNKNOWN: '**The firm may not have been told**: whether the mail went out is not known. Ask it.',
}

/** Mails a firm what needs its attention and belongs to no matter; a mail that was sent meanwhile is not sent again. */
export async function notice(planned: Notice): Promise<EffectOutcome> {
  const result = await mailNotice(planned)
  if (result.outcome === 'failed') setCurrentDetails(NOT_TOLD[result.reason])
  return result
}

/** The mail itself, for runs of 0.1.0, which send it by themselves, too. */
export async function mailNotice(planned: Notice): Promise<EffectOutcome> {
  return await mail.sendMail.executeWithOptions({ summary: attentionSummary(planned) }, [planned])
}
