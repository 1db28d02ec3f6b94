import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  ChildWorkflowFailure,
  continueAsNew,
  executeChild,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow'
import type { ReconciliationActivities } from '../activities/reconciliation.ts'
import { type NightlyInput, RECONCILIATION_WITHIN, reconciliationWorkflowId } from './books-contract.ts'
import { reconciliation } from './reconciliation.ts'

const books = proxyActivities<ReconciliationActivities>({ startToCloseTimeout: '10 seconds' })

/** Reconciles every firm, one after the other, so that a night's work never crowds out the day's. */
export async function reconcileEveryFirm({ afterFirmId }: NightlyInput): Promise<void> {
  let after = afterFirmId
  for (let firms = await firmsAfter(after); firms.length > 0; firms = await firmsAfter(after)) {
    for (const firmId of firms) {
      setCurrentDetails(`Reconciling firm ${firmId}`)
      await reconcile(firmId)
      after = firmId
      if (workflowInfo().continueAsNewSuggested) {
        await continueAsNew<typeof reconcileEveryFirm>({ afterFirmId: after })
      }
    }
  }
}

const firmsAfter = (firmId: string | null) =>
  books.firmsAfter.executeWithOptions({ summary: 'Read which firms come next' }, [firmId])

/** One that cannot be done, or does not end, does not keep the others from theirs: its record says FAILED, then or the next night. */
async function reconcile(firmId: string): Promise<void> {
  try {
    await executeChild(reconciliation, {
      workflowId: reconciliationWorkflowId(firmId),
      args: [{ firmId, reconciliationId: uuid4() }],
      workflowExecutionTimeout: RECONCILIATION_WITHIN,
      staticSummary: 'Reconciliation of a firm’s books',
    })
  } catch (error) {
    if (isCancellation(error)) throw error
    // Somebody has just asked for it: then that is tonight's.
    const isRunning = error instanceof WorkflowExecutionAlreadyStartedError
    if (!isRunning && !(error instanceof ChildWorkflowFailure)) throw error
    log.warn('A firm was not reconciled tonight.', { firmId, isRunning })
  }
}
