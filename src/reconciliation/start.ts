import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import {
  RECONCILIATION_WITHIN,
  RECONCILIATION_WORKFLOW,
  reconciliationWorkflowId,
} from '../../workflows/books-contract.ts'
import { TASK_QUEUES } from '../../workflows/contract.ts'

/**
 * Starts a reconciliation of the firm's books, which its row `id` will tell of. One at a time: where one is running already,
 * this starts none.
 */
export async function startReconciliation(temporal: Client, firmId: string, id: string): Promise<void> {
  try {
    await temporal.workflow.start(RECONCILIATION_WORKFLOW, {
      workflowId: reconciliationWorkflowId(firmId),
      taskQueue: TASK_QUEUES.retainer,
      args: [{ firmId, reconciliationId: id }],
      workflowExecutionTimeout: RECONCILIATION_WITHIN,
      staticSummary: 'Reconciliation of a firm’s books',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
