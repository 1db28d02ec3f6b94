import type Stripe from 'stripe'
import type { PaymentInBooks } from '../../domain/events.ts'
import { disputeStanding } from '../../provider/dispute-standing.ts'
import type { ToldFact } from './tell-facts.ts'

/** All that a dispute's present state implies, in the order in which it must have happened (R18). */
export function disputeFacts(dispute: Stripe.Dispute, payment: PaymentInBooks): ToldFact[] {
  const { id: disputeId, amount } = dispute
  const { withdrawnMinor, reinstatedMinor, status } = disputeStanding(dispute)
  const deadlineMs = deadlineOf(dispute)
  const facts: ToldFact[] = [{ kind: 'disputeOpened', disputeId, amountMinor: BigInt(amount), deadlineMs, ...payment }]
  if (withdrawnMinor > 0n) facts.push({ kind: 'paymentReversed', disputeId, amountMinor: withdrawnMinor, ...payment })
  if (reinstatedMinor > 0n) facts.push({ kind: 'reversalWon', disputeId, amountMinor: reinstatedMinor, ...payment })
  if (status !== 'OPEN') {
    facts.push({ kind: 'disputeClosed', disputeId, paymentId: payment.paymentId, outcome: status })
  }
  return facts
}

/** By when it can be answered, in epoch milliseconds; the provider says 0 or null where no answer is allowed. */
export const deadlineOf = ({ evidence_details: { due_by: dueBy } }: Stripe.Dispute): number | null =>
  dueBy ? dueBy * 1000 : null
