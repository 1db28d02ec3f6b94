import { credit, debit } from '../entries.ts'
import type { PaymentInBooks, Refusal } from '../events.ts'
import { min } from '../money.ts'
import type { AccountKind, Entry } from '../plan.ts'
import type { Turn } from '../turn.ts'

type Place = [account: AccountKind, amountMinor: bigint]

/**
 * Debits that take `amountMinor` of a payment back from where it was booked (R18): the firm's unapplied funds as far as it
 * still lies there, then the retainer, or once the matter is closed what its client owes (R20).
 */
export function takenBack(turn: Turn, payment: PaymentInBooks, amountMinor: bigint): Entry[] {
  const unappliedMinor = min(payment.unappliedMinor, amountMinor)
  changeUnapplied(turn, payment.paymentId, -unappliedMinor)
  const home = turn.state.lifecycle === 'CLOSED' ? 'REVERSED_PAYMENTS_RECEIVABLE' : 'RETAINER'
  return entries(debit, ['UNAPPLIED_FUNDS', unappliedMinor], [home, amountMinor - unappliedMinor])
}

/**
 * Credits that put `amountMinor` of a payment where it came from: unapplied funds, or an open matter's retainer; once that is
 * closed it is money in, what the client owes first and the rest unapplied funds (R20).
 */
export function putBack(
  turn: Turn,
  paymentId: string,
  amountMinor: bigint,
  source: 'RETAINER' | 'UNAPPLIED_FUNDS' = 'RETAINER',
): Entry[] {
  const { lifecycle, receivableMinor } = turn.state
  if (lifecycle !== 'CLOSED' && source === 'RETAINER') return [credit('RETAINER', amountMinor)]
  const owedMinor = source === 'RETAINER' ? min(receivableMinor, amountMinor) : 0n
  changeUnapplied(turn, paymentId, amountMinor - owedMinor)
  return entries(credit, ['REVERSED_PAYMENTS_RECEIVABLE', owedMinor], ['UNAPPLIED_FUNDS', amountMinor - owedMinor])
}

/** What of `entries` is in the firm's unapplied funds. */
export function unappliedOf(entries: Entry[]): bigint {
  return entries.find(({ account }) => account === 'UNAPPLIED_FUNDS')?.amountMinor ?? 0n
}

/**
 * The account that a person's record of money in goes to: an open matter's retainer, or what a closed one is owed. It is
 * refused above that: nothing else there could hold it (R20).
 */
export function placeFor(turn: Turn, amountMinor: bigint): { account: AccountKind } | { refusal: Refusal } {
  const { lifecycle, receivableMinor } = turn.state
  if (lifecycle !== 'CLOSED') return { account: 'RETAINER' }
  if (amountMinor > receivableMinor) return { refusal: { code: 'AmountAboveReceivable', receivableMinor } }
  return { account: 'REVERSED_PAYMENTS_RECEIVABLE' }
}

/** R18: the firm is told of a retainer below zero, which by itself is not due (R4). */
export function tellBelowZero(turn: Turn): void {
  if (turn.state.balanceMinor < 0n) turn.raiseAttention('BELOW_ZERO', turn.state.matterId, { mailFirm: true })
}

/** What is no longer below zero needs no attention; a matter that closed below zero keeps it until nothing is owed (R20). */
export function forgetBelowZero(turn: Turn): void {
  const { balanceMinor, receivableMinor } = turn.state
  if (balanceMinor >= 0n && receivableMinor === 0n) turn.clearAttention(({ code }) => code === 'BELOW_ZERO')
}

function changeUnapplied(turn: Turn, paymentId: string, changeMinor: bigint): void {
  if (changeMinor !== 0n) turn.plan.unapplied.push({ paymentId, changeMinor })
}

const entries = (side: typeof debit, ...places: Place[]): Entry[] =>
  places.filter(([, amountMinor]) => amountMinor > 0n).map(([account, amountMinor]) => side(account, amountMinor))
