import type { Refusal } from '../events.ts'

/** The refusal of an amount that must be more than zero. */
export function notPositive(amountMinor: bigint): Refusal | undefined {
  if (amountMinor > 0n) return undefined
  return { code: 'AmountNotAcceptable', field: 'amount', reason: amountMinor === 0n ? 'ZERO' : 'NEGATIVE' }
}
