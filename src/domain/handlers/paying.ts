import { amountsOf } from '../amounts.ts'
import { credit, debit } from '../entries.ts'
import type { Command, Fact, Refusal } from '../events.ts'
import { chargeForAll, chargeLimits } from '../money.ts'
import { closeAttempts, recordAttempt, SESSION_LIFETIME_MS } from '../sessions.ts'
import type { OpenAttempt } from '../state.ts'
import type { Turn } from '../turn.ts'
import { takeCurrency } from './currency.ts'
import { countDeposit, lockInitialAmount } from './deposits.ts'
import { notPositive } from './not-positive.ts'
import { placeFor } from './places.ts'
import { topUpIfTriggered } from './requesting.ts'
import { bookLatePayment } from './unapplied.ts'

/** How long after settling a bank debit can be sent back; a card for as long as its issuer takes it. */
const DEBIT_REFUNDABLE_MS = 180 * 24 * 60 * 60 * 1000

/** The client is about to pay: fixes the amount, ends older sessions, has the provider's page made (R14, R15). */
export function openPayment(turn: Turn, command: Extract<Command, { kind: 'openPayment' }>): Refusal | undefined {
  const { state } = turn
  if (state.openRequest?.id !== command.requestId) return { code: 'RequestNotOpen' }
  const { dueMinor, pendingMinor } = amountsOf(state)
  if (dueMinor === 0n) return { code: 'NothingDue', onItsWayMinor: pendingMinor }
  const { smallestMinor, largestMinor, stepMinor } = chargeLimits(state.currency)
  const amountMinor = command.amountMinor ?? chargeForAll(dueMinor, state.currency)
  if (amountMinor % stepMinor !== 0n) {
    return { code: 'AmountNotAcceptable', field: 'amount', reason: 'TOO_MANY_DIGITS' }
  }
  if (amountMinor < smallestMinor) return { code: 'PaymentTooSmall', smallestMinor }
  if (amountMinor > largestMinor) return { code: 'PaymentTooLarge', largestMinor }
  const remainderMinor = dueMinor - amountMinor
  if (remainderMinor > 0n && remainderMinor < smallestMinor) {
    return { code: 'RemainderTooSmall', dueMinor, smallestMinor }
  }

  closeAttempts(turn)
  const expiresAtMs = turn.atMs + SESSION_LIFETIME_MS
  const { attemptId, requestId } = command
  const attempt: OpenAttempt = { id: attemptId, requestId, amountMinor, expiresAtMs, wanted: true, sessionId: null }
  state.attempts = [...state.attempts, attempt]
  recordAttempt(turn, attempt, 'OPENING')
  turn.planEffect({ kind: 'OPEN_SESSION', attemptId, amountMinor, expiresAtMs })
  turn.madeId = attemptId
  turn.explain('R14', 'PAYMENT_OPENED', { requestNumber: state.openRequest.number, amountMinor, dueMinor })
  return undefined
}

/** A payment by cheque or bank transfer, recorded by a person; counts like any other (R14), or pays what a closed matter is owed (R20). */
export function recordOfflinePayment(
  turn: Turn,
  { paymentId, amountMinor, currency }: Extract<Command, { kind: 'recordOfflinePayment' }>,
): Refusal | undefined {
  const mismatch = takeCurrency(turn, currency)
  if (mismatch) return mismatch
  const problem = notPositive(amountMinor)
  if (problem) return problem
  const place = placeFor(turn, amountMinor)
  if ('refusal' in place) return place.refusal
  turn.post('OFFLINE_PAYMENT', `payment:${paymentId}`, [
    debit('OPERATING', amountMinor),
    credit(place.account, amountMinor),
  ])
  turn.plan.payments.push({
    id: paymentId,
    method: 'OFFLINE',
    amountMinor,
    providerAccount: null,
    feeMinor: null,
    refundableUntilMs: null,
  })
  countDeposit(turn, paymentId, amountMinor)
  turn.madeId = paymentId
  return undefined
}

/** Money has arrived: it is deposited whatever became of the request meanwhile (R12, R15). */
export function paymentSettled(turn: Turn, fact: Extract<Fact, { kind: 'paymentSettled' }>): void {
  const { state } = turn
  const { paymentId, amountMinor, providerAccount, method, feeMinor } = fact
  state.pending = state.pending.filter((payment) => payment.paymentId !== paymentId)
  attemptPaid(turn, fact.attemptId)
  const refundableUntilMs = method === 'BANK_DEBIT' ? turn.atMs + DEBIT_REFUNDABLE_MS : null
  turn.plan.payments.push({ id: paymentId, method, amountMinor, providerAccount, feeMinor, refundableUntilMs })
  if (state.lifecycle === 'CLOSED') return bookLatePayment(turn, fact)
  turn.post('PAYMENT_SETTLED', `payment:${paymentId}`, [
    debit('PAYMENTS_HOLDING', amountMinor, { providerAccount }),
    credit('RETAINER', amountMinor),
  ])
  const asked = state.openRequest !== null && state.openRequest.id === fact.requestId
  countDeposit(turn, paymentId, amountMinor)
  if (!asked || !state.options.enabled) {
    turn.raiseAttention('PAYMENT_AFTER_REQUEST_ENDED', paymentId, { mailFirm: true })
  }
}

/** A bank debit is on its way: it is not asked for again, but not available either (R13). */
export function paymentPending(turn: Turn, fact: Extract<Fact, { kind: 'paymentPending' }>): void {
  const { state } = turn
  const { paymentId, amountMinor } = fact
  if (state.pending.some((payment) => payment.paymentId === paymentId)) return
  const countsTowardInitial = state.options.initialAmountMinor !== null
  state.pending = [...state.pending, { paymentId, amountMinor, countsTowardInitial }]
  attemptPaid(turn, fact.attemptId)
  if (countsTowardInitial) lockInitialAmount(turn, paymentId, { forGood: false })
  turn.explain('R13', 'PAYMENT_PENDING', { paymentId, amountMinor })
}

/** The debit failed before settling: what it suppressed is due again (R7, R8, R13). */
export function paymentFailed(turn: Turn, { paymentId }: Extract<Fact, { kind: 'paymentFailed' }>): void {
  const { state } = turn
  const failed = state.pending.find((payment) => payment.paymentId === paymentId)
  if (!failed) return turn.explain('R13', 'FAILED_PAYMENT_WAS_NOT_PENDING', { paymentId })
  state.pending = state.pending.filter((payment) => payment !== failed)
  const stillCounting = state.pending.find((payment) => payment.countsTowardInitial)
  if (state.initialLock && !state.initialLock.forGood) {
    state.initialLock = stillCounting ? { ...state.initialLock, paymentId: stillCounting.paymentId } : null
  }
  turn.explain('R13', 'PENDING_PAYMENT_FAILED', { paymentId, amountMinor: failed.amountMinor })
  topUpIfTriggered(turn)
}

function attemptPaid(turn: Turn, attemptId: string | null): void {
  if (attemptId === null) return
  turn.state.attempts = turn.state.attempts.filter((open) => open.id !== attemptId)
  turn.plan.paidAttemptIds.push(attemptId)
}
