import type { Event, Fact, Refusal } from './events.ts'
import { closeMatter, closeWhenDone } from './handlers/closing.ts'
import { disputeClosed, disputeDue, disputeOpened, paymentReversed, reversalWon } from './handlers/disputes.ts'
import { applyRetainer, recordInvoice, reverseApplication } from './handlers/invoices.ts'
import { saveOptions, turnReplenishmentOff } from './handlers/options.ts'
import { effectFailed, mailBounced, sessionEnded, sessionOpened } from './handlers/outcomes.ts'
import { openPayment, paymentFailed, paymentPending, paymentSettled, recordOfflinePayment } from './handlers/paying.ts'
import { forgetBelowZero } from './handlers/places.ts'
import { refundFailed, refundFound, refundSent, refundTaken, refundWaits } from './handlers/refund-outcomes.ts'
import { refundRetainer, refundUnappliedFunds } from './handlers/refunds.ts'
import { createOnline, dismissAttention, reminderDue, withdrawRequest } from './handlers/requesting.ts'
import { takeArrivals, transferRetainer } from './handlers/transfers.ts'
import { assignUnappliedFunds } from './handlers/unapplied.ts'
import type { Decision } from './plan.ts'
import { followTheMoney } from './requests.ts'
import { forgetExpiredAttempts } from './sessions.ts'
import type { RetainerState } from './state.ts'
import { Turn } from './turn.ts'

/**
 * The rules of a general retainer (R1-R21): what `event` means for a matter in `state`. Pure, synchronous and total: a
 * command that a rule forbids is answered with a named refusal, a fact always finds its place.
 */
export function decide(state: RetainerState, event: Event): Decision {
  const turn = new Turn(state, event.atMs)
  takeArrivals(turn)
  // What has arrived is a step of its own: a request that it satisfies is over before the event is looked at.
  if (state.arrivals.length > 0) followTheMoney(turn)
  const refusal = refusedByLifecycle(state, event) ?? handle(turn, event)
  if (refusal) return Turn.refuse(state, event.atMs, event.kind, refusal)
  followTheMoney(turn)
  forgetBelowZero(turn)
  closeWhenDone(turn)
  forgetExpiredAttempts(turn)
  return turn.finish()
}

function handle(turn: Turn, event: Event): Refusal | undefined | void {
  switch (event.kind) {
    case 'saveOptions':
      return saveOptions(turn, event)
    case 'createOnline':
      return createOnline(turn)
    case 'turnReplenishmentOff':
      return turnReplenishmentOff(turn)
    case 'withdrawRequest':
      return withdrawRequest(turn)
    case 'openPayment':
      return openPayment(turn, event)
    case 'recordOfflinePayment':
      return recordOfflinePayment(turn, event)
    case 'recordInvoice':
      return recordInvoice(turn, event)
    case 'applyRetainer':
      return applyRetainer(turn, event, event.owedMinor ?? 0n)
    case 'reverseApplication':
      return reverseApplication(turn, event)
    case 'refundRetainer':
      return refundRetainer(turn, event)
    case 'transferRetainer':
      return transferRetainer(turn, event)
    case 'assignUnappliedFunds':
      return assignUnappliedFunds(turn, event)
    case 'refundUnappliedFunds':
      return refundUnappliedFunds(turn, event)
    case 'dismissAttention':
      return dismissAttention(turn, event)
    case 'closeMatter':
      return closeMatter(turn)
    case 'paymentSettled':
      return paymentSettled(turn, event)
    case 'paymentPending':
      return paymentPending(turn, event)
    case 'paymentFailed':
      return paymentFailed(turn, event)
    case 'sessionOpened':
      return sessionOpened(turn, event)
    case 'sessionEnded':
      return sessionEnded(turn, event)
    case 'refundSent':
      return refundSent(turn, event)
    case 'refundWaits':
      return refundWaits(turn, event)
    case 'refundTaken':
      return refundTaken(turn, event)
    case 'refundFailed':
      return refundFailed(turn, event)
    case 'refundFound':
      return refundFound(turn, event)
    case 'disputeOpened':
      return disputeOpened(turn, event)
    case 'disputeDue':
      return disputeDue(turn, event)
    case 'paymentReversed':
      return paymentReversed(turn, event)
    case 'reversalWon':
      return reversalWon(turn, event)
    case 'disputeClosed':
      return disputeClosed(turn, event)
    case 'transferArrived':
      // Counted before any event is looked at.
      return undefined
    case 'effectFailed':
      return effectFailed(turn, event)
    case 'mailBounced':
      return mailBounced(turn, event)
    case 'reminderDue':
      return reminderDue(turn, event)
  }
}

/** While closing, money can only be used up; nothing is asked for (R20). */
const NOT_WHILE_CLOSING = new Set<Event['kind']>([
  'saveOptions',
  'createOnline',
  'turnReplenishmentOff',
  'withdrawRequest',
  'closeMatter',
  'assignUnappliedFunds',
])
const AFTER_CLOSING = new Set<Event['kind']>(['dismissAttention', 'refundUnappliedFunds'])
/** Money that a closed matter takes for what it is owed (R20). */
const PAYS_WHAT_IS_OWED = new Set<Event['kind']>(['recordOfflinePayment', 'assignUnappliedFunds'])

function refusedByLifecycle(state: RetainerState, event: Event): Refusal | undefined {
  if (state.lifecycle === 'OPEN' || !isCommand(event)) return undefined
  if (state.lifecycle === 'CLOSED') {
    const isOwed = state.receivableMinor > 0n && PAYS_WHAT_IS_OWED.has(event.kind)
    return isOwed || AFTER_CLOSING.has(event.kind) ? undefined : { code: 'MatterClosed', sinceMs: state.closedAtMs }
  }
  return NOT_WHILE_CLOSING.has(event.kind) ? { code: 'MatterClosing', sinceMs: state.closingSinceMs } : undefined
}

const FACTS: Record<Fact['kind'], true> = {
  paymentSettled: true,
  paymentPending: true,
  paymentFailed: true,
  sessionOpened: true,
  sessionEnded: true,
  refundSent: true,
  refundWaits: true,
  refundTaken: true,
  refundFailed: true,
  refundFound: true,
  disputeOpened: true,
  disputeDue: true,
  paymentReversed: true,
  reversalWon: true,
  disputeClosed: true,
  transferArrived: true,
  effectFailed: true,
  mailBounced: true,
  reminderDue: true,
}

const isCommand = (event: Event): boolean => !Object.hasOwn(FACTS, event.kind)
