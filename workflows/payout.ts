import { allHandlersFinished, condition, proxyActivities, setHandler } from '@temporalio/workflow'
import type { PayoutActivities } from '../activities/payouts.ts'
import { type PayoutInput, payoutTold } from './books-contract.ts'
import { TASK_QUEUES } from './contract.ts'
import { tellFirms } from './tell-firms.ts'

const payments = proxyActivities<PayoutActivities>({
  taskQueue: TASK_QUEUES.payments,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/**
 * One payout of the provider: one deposit, gross of what it contains, and one withdrawal of its fees. Lives as long as there are
 * events about it, which it takes one after the other.
 */
export async function payout(input: PayoutInput): Promise<void> {
  const told: string[] = []
  const description = 'Something happened to the payout: it is read again, and what is new is booked.'
  setHandler(payoutTold, (inboxId) => void told.push(inboxId), { description })
  await condition(() => told.length > 0)
  for (let inboxId = told.shift(); inboxId !== undefined; inboxId = told.shift()) {
    const summary = `Read and book payout ${input.payoutId}`
    const { notices } = await payments.bookPayoutOf.executeWithOptions({ summary }, [input, inboxId])
    await tellFirms(notices)
  }
  await condition(allHandlersFinished)
}
