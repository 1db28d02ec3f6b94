import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import type { UnappliedFact, UnappliedPayment } from '../../../activities/books-wire.ts'
import {
  UNAPPLIED_FACTS_WORKFLOW,
  UNAPPLIED_PAYMENT_WORKFLOW,
  unappliedFactsWorkflowId,
  unappliedPaymentWorkflowId,
} from '../../../workflows/books-contract.ts'
import { TASK_QUEUES } from '../../../workflows/contract.ts'
import { toWire } from '../../domain/wire.ts'
import type { BookedPayment } from './booked-payments.ts'
import { type InboxRow, settleRow } from './rows.ts'
import type { StripeEventDependencies } from './stripe-events.ts'
import { type ToldFact, unbooked } from './tell-facts.ts'

/** Books a payment that no matter can take to its firm's unapplied funds (R15). */
export function bookUnapplied(temporal: Client, payment: UnappliedPayment): Promise<void> {
  const summary = 'A payment that no matter can take'
  return start(temporal, UNAPPLIED_PAYMENT_WORKFLOW, unappliedPaymentWorkflowId(payment.paymentId), payment, summary)
}

/** Books what happens to a payment that has no home, in the order of the facts; nothing that is booked already. */
export async function tellHomeless(
  { db, temporal }: StripeEventDependencies,
  row: InboxRow,
  payment: BookedPayment,
  facts: ToldFact[],
): Promise<void> {
  const news = await unbooked(db, payment.firmId, facts)
  if (news.length === 0) return settleRow(db, row.id, 'nothing new')
  const booked = news.map((fact, index) => {
    const inboxId = index === news.length - 1 ? row.id : null
    return bookedFact(fact, { firmId: payment.firmId, paymentId: payment.paymentId, inboxId })
  })
  const summary = `What happened to payment ${payment.paymentId}`
  return start(temporal, UNAPPLIED_FACTS_WORKFLOW, unappliedFactsWorkflowId(row.id), { facts: booked }, summary)
}

function bookedFact(
  fact: ToldFact,
  about: { firmId: string; paymentId: string; inboxId: string | null },
): UnappliedFact {
  switch (fact.kind) {
    case 'disputeOpened':
    case 'disputeDue':
    case 'paymentReversed':
    case 'reversalWon':
    case 'disputeClosed':
    case 'refundFound':
    case 'refundFailed': {
      const { kind, ...fields } = toWire(fact)
      return { ...fields, ...about, fact: kind } as UnappliedFact
    }
    default:
      throw new Error(`${fact.kind} happens to no payment without a home.`)
  }
}

async function start(
  temporal: Client,
  workflow: string,
  workflowId: string,
  input: object,
  staticSummary: string,
): Promise<void> {
  try {
    await temporal.workflow.start(workflow, {
      workflowId,
      taskQueue: TASK_QUEUES.retainer,
      args: [input],
      staticSummary,
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
