import type { Refusal } from '../domain/events.ts'
import { type CurrencyCode, chargeLimits } from '../domain/money.ts'
import { formatMoney } from '../format-money.ts'

/** Why a payment was not opened, in words for the client (R14). */
export function refusalWords(refusal: Refusal, currency: CurrencyCode): string {
  const money = (amountMinor: bigint): string => formatMoney(amountMinor, currency)
  if (refusal.code === 'PaymentTooSmall') {
    return `The smallest payment that can be made online is ${money(refusal.smallestMinor)}.`
  }
  if (refusal.code === 'PaymentTooLarge') {
    return `The largest payment that can be made online is ${money(refusal.largestMinor)}.`
  }
  if (refusal.code === 'RemainderTooSmall') {
    const leave = `leave at least ${money(refusal.smallestMinor)} for another payment.`
    // More than the provider can charge is not paid at once.
    if (refusal.dueMinor > chargeLimits(currency).largestMinor) return `Please ${leave}`
    return `Please pay all of ${money(refusal.dueMinor)}, or ${leave}`
  }
  return 'This payment could not be started. Please look at the amount due and try again.'
}
