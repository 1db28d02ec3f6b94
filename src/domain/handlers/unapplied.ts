import { credit, debit } from '../entries.ts'
import type { Command, Fact, Refusal } from '../events.ts'
import type { Turn } from '../turn.ts'
import { takeCurrency } from './currency.ts'
import { countDeposit } from './deposits.ts'
import { notPositive } from './not-positive.ts'
import { placeFor, putBack, unappliedOf } from './places.ts'

/**
 * Money in after closing pays what is owed for reversed payments first; what is left belongs to no matter, and a person
 * decides what becomes of it (R15, R20).
 */
export function bookLatePayment(turn: Turn, fact: Extract<Fact, { kind: 'paymentSettled' }>): void {
  const { paymentId, amountMinor, providerAccount } = fact
  const places = putBack(turn, paymentId, amountMinor)
  turn.post('UNAPPLIED_PAYMENT', `payment:${paymentId}`, [
    debit('PAYMENTS_HOLDING', amountMinor, { providerAccount }),
    ...places,
  ])
  turn.raiseAttention('UNAPPLIED_FUNDS', paymentId, { mailFirm: true })
  const unappliedMinor = unappliedOf(places)
  turn.explain('R20', 'PAYMENT_AFTER_CLOSING', {
    paymentId,
    amountMinor,
    owedMinor: amountMinor - unappliedMinor,
    unappliedMinor,
  })
}

/**
 * A person gives a payment in the firm's unapplied funds to this matter, where it counts like any deposit (R15), or pays what a
 * closed matter is owed (R20). The commit refuses it unless the funds hold just that amount of it, undisputed, and its client
 * is this matter's.
 */
export function assignUnappliedFunds(
  turn: Turn,
  { paymentId, amountMinor, currency }: Extract<Command, { kind: 'assignUnappliedFunds' }>,
): Refusal | undefined {
  const mismatch = takeCurrency(turn, currency)
  if (mismatch) return mismatch
  const problem = notPositive(amountMinor)
  if (problem) return problem
  const place = placeFor(turn, amountMinor)
  if ('refusal' in place) return place.refusal
  const { matterId, version } = turn.state
  // A payment can come back into the funds and be assigned again.
  turn.post('UNAPPLIED_ASSIGNED', `assignment:${paymentId}:${matterId}.${version}`, [
    debit('UNAPPLIED_FUNDS', amountMinor),
    credit(place.account, amountMinor),
  ])
  turn.plan.assignment = { paymentId, amountMinor }
  turn.explain('R15', 'UNAPPLIED_FUNDS_ASSIGNED', { paymentId, amountMinor })
  countDeposit(turn, paymentId, amountMinor)
  turn.madeId = paymentId
  return undefined
}
