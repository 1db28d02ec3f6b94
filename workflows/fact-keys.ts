import type { Fact } from '../src/domain/events.ts'
import type { SignalKind } from './contract.ts'

/** The name under which a provider's fact happens once, however often and by whichever events it is told. */
export function factKey(fact: Extract<Fact, { kind: SignalKind }>): string {
  switch (fact.kind) {
    case 'paymentSettled':
      return `payment:${fact.paymentId}:settled`
    case 'paymentPending':
      return `payment:${fact.paymentId}:pending`
    case 'paymentFailed':
      return `payment:${fact.paymentId}:failed`
    case 'refundTaken':
      return `refund:${fact.partId}:taken`
    case 'refundFailed':
      return `refund:${fact.partId}:failed`
    case 'refundFound':
      return `refund:${fact.providerRefundId}:found`
    case 'disputeOpened':
      return `dispute:${fact.disputeId}:opened`
    case 'disputeDue':
      return `dispute:${fact.disputeId}:due:${fact.deadlineMs}`
    case 'paymentReversed':
      return `dispute:${fact.disputeId}:withdrawn`
    case 'reversalWon':
      return `dispute:${fact.disputeId}:reinstated`
    case 'disputeClosed':
      return `dispute:${fact.disputeId}:closed`
    case 'transferArrived':
      return `transfer:${fact.transferId}:arrived`
    case 'sessionEnded':
      return `session:${fact.attemptId}:ended`
    case 'mailBounced':
      return `mail:${fact.mailId}:bounced`
  }
}

/**
 * The facts after which this one says nothing new: a debit that has settled or failed is not on its way, a refund that
 * failed has brought its taking with it, and a dispute that is decided is not opened, even if the earlier event arrives last
 * (R12, R13, R17, R18).
 */
export function overtakenBy(event: {
  kind: string
  paymentId?: string
  partId?: string
  disputeId?: string
}): string[] {
  switch (event.kind) {
    case 'paymentPending':
      return [`payment:${event.paymentId}:settled`, `payment:${event.paymentId}:failed`]
    case 'refundTaken':
      return [`refund:${event.partId}:failed`]
    case 'disputeOpened':
    case 'disputeDue':
      return [`dispute:${event.disputeId}:closed`]
    default:
      return []
  }
}
