import { credit, debit } from '../entries.ts'
import type { Fact, PaymentInBooks } from '../events.ts'
import { max } from '../money.ts'
import type { DisputeRow } from '../plan.ts'
import type { Turn } from '../turn.ts'
import { putBack, takenBack, tellBelowZero, unappliedOf } from './places.ts'
import { topUpIfTriggered } from './requesting.ts'

/**
 * A client disputes a payment, or only asks about it: the firm is told while it can answer (R18). What cannot be contested has
 * no deadline: a late return, told when it takes the money.
 */
export function disputeOpened(turn: Turn, fact: Extract<Fact, { kind: 'disputeOpened' }>): void {
  const { disputeId, paymentId, amountMinor, deadlineMs } = fact
  const others = turn.state.disputes.filter(({ id }) => id !== disputeId)
  turn.state.disputes = [...others, { id: disputeId, paymentId, amountMinor, deadlineMs }]
  record(turn, fact, { amountMinor, deadlineMs, status: 'OPEN' })
  if (deadlineMs !== null) turn.raiseAttention('PAYMENT_DISPUTED', disputeId, { mailFirm: true })
  turn.explain('R18', 'DISPUTE_OPENED', { disputeId, paymentId, amountMinor, deadlineMs })
}

/**
 * A dispute can be answered until another day than was told: an inquiry has become a dispute proper, or the provider has moved
 * its date. The firm is told anew (R18). Of a dispute that is decided it says nothing.
 */
export function disputeDue(turn: Turn, fact: Extract<Fact, { kind: 'disputeDue' }>): void {
  const { disputeId, paymentId, deadlineMs } = fact
  const dispute = turn.state.disputes.find(({ id }) => id === disputeId)
  if (!dispute || dispute.deadlineMs === deadlineMs) return turn.explain('R18', 'DISPUTE_KNOWN_ALREADY', { disputeId })
  turn.state.disputes = turn.state.disputes.map((open) => (open === dispute ? { ...open, deadlineMs } : open))
  record(turn, fact, { deadlineMs })
  turn.raiseAttention('PAYMENT_DISPUTED', disputeId, { mailFirm: true, again: true })
  turn.explain('R18', 'DISPUTE_DUE', { disputeId, paymentId, deadlineMs })
}

/**
 * The provider took a payment back, a late return included (R13, R18): debits where it was booked, lowers what was received
 * by what was here (R4), and may take the retainer below zero. The lock of the initial amount stays (R6).
 */
export function paymentReversed(turn: Turn, fact: Extract<Fact, { kind: 'paymentReversed' }>): void {
  const { state } = turn
  const { disputeId, paymentId, amountMinor, providerAccount } = fact
  postAndCount(turn, fact, 'REVERSAL', `dispute:${disputeId}:withdrawn`, [
    ...takenBack(turn, fact, amountMinor),
    credit('PAYMENTS_HOLDING', amountMinor, { providerAccount }),
  ])
  record(turn, fact, { withdrawnMinor: amountMinor })
  turn.raiseAttention('PAYMENT_REVERSED', disputeId, { mailFirm: true })
  const { balanceMinor, receivableMinor } = state
  turn.explain('R18', 'PAYMENT_REVERSED', { disputeId, paymentId, amountMinor, balanceMinor, receivableMinor })
  if (receivableMinor > turn.before.receivableMinor) {
    turn.raiseAttention('REVERSED_AFTER_CLOSING', disputeId, { mailFirm: true })
  }
  tellBelowZero(turn)
  if (balanceMinor < turn.before.balanceMinor) topUpIfTriggered(turn)
}

/** A dispute was won: the money is back where it was booked, and counts as received again (R18, R20). */
export function reversalWon(turn: Turn, fact: Extract<Fact, { kind: 'reversalWon' }>): void {
  const { state } = turn
  const { disputeId, paymentId, amountMinor, providerAccount } = fact
  const places = putBack(turn, paymentId, amountMinor)
  postAndCount(turn, fact, 'REVERSAL_WON', `dispute:${disputeId}:reinstated`, [
    debit('PAYMENTS_HOLDING', amountMinor, { providerAccount }),
    ...places,
  ])
  record(turn, fact, { reinstatedMinor: amountMinor })
  const undone = ['PAYMENT_REVERSED', 'REVERSED_AFTER_CLOSING']
  turn.clearAttention(({ code, subjectId }) => subjectId === disputeId && undone.includes(code))
  if (unappliedOf(places) > 0n) turn.raiseAttention('UNAPPLIED_FUNDS', paymentId, { mailFirm: true })
  const { balanceMinor, receivableMinor } = state
  turn.explain('R18', 'REVERSAL_WON', { disputeId, paymentId, amountMinor, balanceMinor, receivableMinor })
}

/** A dispute is decided; what it took or gave back is told by facts of their own (R18). */
export function disputeClosed(turn: Turn, fact: Extract<Fact, { kind: 'disputeClosed' }>): void {
  const { disputeId, paymentId, outcome } = fact
  turn.state.disputes = turn.state.disputes.filter(({ id }) => id !== disputeId)
  record(turn, fact, { status: outcome })
  turn.clearAttention(({ code, subjectId }) => code === 'PAYMENT_DISPUTED' && subjectId === disputeId)
  turn.explain('R18', `DISPUTE_${outcome}`, { disputeId, paymentId })
}

/**
 * R4: of a payment that was booked since the initial amount was last set from empty, what comes into the retainer or goes out of it
 * counts; so it does for the open request, of a payment that came in for it (R8). What lies in unapplied funds never counted, and a closed matter has no retainer: what it received stands.
 */
function postAndCount(turn: Turn, { paymentVersion }: PaymentInBooks, ...posting: Parameters<Turn['post']>): void {
  const { state } = turn
  const beforeMinor = state.balanceMinor
  turn.post(...posting)
  const movedMinor = state.balanceMinor - beforeMinor
  if (paymentVersion > state.countedSinceVersion) state.countedMinor += movedMinor
  const request = state.openRequest
  if (request && paymentVersion > request.openedVersion) {
    state.openRequest = { ...request, receivedMinor: max(0n, request.receivedMinor + movedMinor) }
  }
}

function record(turn: Turn, fact: { disputeId: string; paymentId: string }, said: Partial<DisputeRow>): void {
  const { disputeId: id, paymentId } = fact
  const nothing = { amountMinor: null, status: null, deadlineMs: null, withdrawnMinor: 0n, reinstatedMinor: 0n }
  turn.plan.disputes.push({ id, paymentId, ...nothing, ...said })
}
