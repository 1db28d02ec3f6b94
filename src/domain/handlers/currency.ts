import type { Refusal } from '../events.ts'
import type { CurrencyCode } from '../money.ts'
import type { RetainerState } from '../state.ts'
import type { Turn } from '../turn.ts'

/**
 * The refusal of an amount in another currency than the matter's. While nothing is in its books, a matter takes on the
 * currency that comes, and the commit holds it to the firm's (R1).
 */
export function takeCurrency(turn: Turn, currency: CurrencyCode): Refusal | undefined {
  const { state } = turn
  if (currency === state.currency) return undefined
  if (!isUntouched(state)) return { code: 'CurrencyMismatch', expected: state.currency }
  state.currency = currency
  turn.plan.takesCurrency = true
  return undefined
}

const isUntouched = (state: RetainerState): boolean =>
  !state.options.enabled &&
  state.balanceMinor === 0n &&
  state.countedMinor === 0n &&
  state.pending.length === 0 &&
  !state.invoiced
