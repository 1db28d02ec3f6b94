import { amountsIgnoringPending, amountsOf } from '../amounts.ts'
import { max } from '../money.ts'
import type { Turn } from '../turn.ts'

/**
 * What every client payment does beside its posting: counts, and is told to client and firm (R4, R6, R12). On a closed matter
 * it only pays what is owed (R20).
 */
export function countDeposit(turn: Turn, paymentId: string, amountMinor: bigint): void {
  if (turn.state.lifecycle === 'CLOSED') {
    const { receivableMinor } = turn.state
    return turn.explain('R20', 'OWED_PAID', { paymentId, amountMinor, receivableMinor })
  }
  // R14: beyond what was due, money on its way left out: a debit that settles was on its way itself.
  const excessMinor = max(0n, amountMinor - amountsIgnoringPending(turn.before).dueMinor)
  countIn(turn, paymentId, amountMinor)
  turn.planEffect({ kind: 'MAIL', template: 'RECEIPT', subjectId: paymentId, amountMinor })
  turn.planEffect({ kind: 'MAIL', template: 'PAYMENT_RECEIVED', subjectId: paymentId, amountMinor })
  turn.explain('R12', 'DEPOSITED', { paymentId, amountMinor, excessMinor, balanceMinor: turn.state.balanceMinor })
}

/** Counts money that came in by a payment or a transfer: toward the initial amount, the open request and what is frozen (R4, R8, R10). */
export function countIn(turn: Turn, sourceId: string, amountMinor: bigint): void {
  const { state } = turn
  state.countedMinor += amountMinor
  if (state.openRequest) {
    state.openRequest = { ...state.openRequest, receivedMinor: state.openRequest.receivedMinor + amountMinor }
  }
  if (state.frozen) {
    state.frozen = { ...state.frozen, settledSinceMinor: state.frozen.settledSinceMinor + amountMinor }
  }
  if (amountsOf(state).receivedTowardInitialMinor > 0n) lockInitialAmount(turn, sourceId, { forGood: true })
}

/** R6: the first payment or transfer that counts locks the initial amount. */
export function lockInitialAmount(turn: Turn, paymentId: string, { forGood }: { forGood: boolean }): void {
  const lock = turn.state.initialLock
  if (lock) {
    // A debit still on its way may fail and must not stay the reason: the payment that settled is.
    if (forGood && !lock.forGood) turn.state.initialLock = { ...lock, paymentId, forGood }
    return
  }
  turn.state.initialLock = { sinceMs: turn.atMs, paymentId, forGood }
  turn.explain('R6', 'INITIAL_AMOUNT_LOCKED', { paymentId })
}
