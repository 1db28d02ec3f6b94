import { PAYOUT_WORKFLOW, payoutTold, payoutWorkflowId } from '../../../workflows/books-contract.ts'
import { TASK_QUEUES } from '../../../workflows/contract.ts'
import { payoutFate } from '../../provider/payout-fate.ts'
import { orUnknown } from '../../provider/unknown.ts'
import { accountOf, providerAccount, unknownAtProvider } from './at-provider.ts'
import { ageMs, type InboxRow, leaveOpen, settleRow } from './rows.ts'
import type { StripeEventDependencies } from './stripe-events.ts'

/** What a payout that came back held is told in a day or two, or not at all. */
const CONTENT_WITHIN_MS = 5 * 24 * 60 * 60 * 1000

/** A payout has arrived, or come back: its workflow books it with all that is in it. */
export async function handlePayout(dependencies: StripeEventDependencies, row: InboxRow): Promise<void> {
  const { db, stripe, temporal } = dependencies
  const payout = await orUnknown(stripe.payouts.retrieve(row.objectId, {}, accountOf(row)))
  if (!payout) return unknownAtProvider(db, row)
  if (payoutFate(payout) === null) {
    if (payout.status !== 'failed') return settleRow(db, row.id, 'not paid, or its content not known yet')
    if (ageMs(row) < CONTENT_WITHIN_MS) {
      const untilMs = row.receivedAt.getTime() + CONTENT_WITHIN_MS
      return leaveOpen(db, row.id, 'failed, and its content not known yet', { untilMs })
    }
  }
  const account = providerAccount(row)
  await temporal.workflow.signalWithStart(PAYOUT_WORKFLOW, {
    workflowId: payoutWorkflowId(account, payout.id),
    taskQueue: TASK_QUEUES.retainer,
    args: [{ payoutId: payout.id, providerAccount: account }],
    signal: payoutTold,
    signalArgs: [row.id],
    staticSummary: `Payout ${payout.id}`,
  })
}
