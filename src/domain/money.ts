import { dinero, toDecimal } from 'dinero.js/bigint'
import { AUD, CAD, EUR, GBP, JPY, KWD, NZD, USD } from 'dinero.js/bigint/currencies'

/** The currencies a firm may keep its books in, USD first. */
const CURRENCIES = { USD, AUD, CAD, EUR, GBP, JPY, KWD, NZD } as const

export type CurrencyCode = keyof typeof CURRENCIES

export const CURRENCY_CODES = Object.keys(CURRENCIES) as CurrencyCode[]

export function isCurrencyCode(text: string): text is CurrencyCode {
  return Object.hasOwn(CURRENCIES, text)
}

/** What the payment provider can charge at once, in minor units (R2, R14). */
const SMALLEST_CHARGE_MINOR: Record<CurrencyCode, bigint> = {
  USD: 50n,
  AUD: 50n,
  CAD: 50n,
  EUR: 50n,
  GBP: 30n,
  JPY: 50n,
  KWD: 200n,
  NZD: 50n,
}
const LARGEST_CHARGE_MINOR = 99_999_999n

/** The largest invoice, cheque or transfer that can be recorded: no provider limits those, only this system's messages do. */
export const LARGEST_RECORDED_MINOR = 999_999_999_999_999n

export interface ChargeLimits {
  smallestMinor: bigint
  largestMinor: bigint
  /** Charges are multiples of this: the provider takes three-decimal currencies to two decimals only. */
  stepMinor: bigint
}

/** The provider's smallest and largest charge in `currency`, and what a charge is a multiple of. */
export function chargeLimits(currency: CurrencyCode): ChargeLimits {
  const stepMinor = fractionDigits(currency) === 3 ? 10n : 1n
  const largestMinor = LARGEST_CHARGE_MINOR - (LARGEST_CHARGE_MINOR % stepMinor)
  return { smallestMinor: SMALLEST_CHARGE_MINOR[currency], largestMinor, stepMinor }
}

/**
 * What the provider charges to pay all of `dueMinor` (R14): rounded up to what it can charge, its smallest charge for less
 * than that. For more than its largest charge that one, or so much less that the rest can be charged too.
 */
export function chargeForAll(dueMinor: bigint, currency: CurrencyCode): bigint {
  const { smallestMinor, largestMinor, stepMinor } = chargeLimits(currency)
  if (dueMinor > largestMinor) {
    return dueMinor - largestMinor < smallestMinor ? largestMinor - smallestMinor : largestMinor
  }
  const steps = (dueMinor + stepMinor - 1n) / stepMinor
  return max(steps * stepMinor, smallestMinor)
}

/** How many digits `currency` has after the decimal point (USD 2, JPY 0, KWD 3). */
export function fractionDigits(currency: CurrencyCode): number {
  return Number(CURRENCIES[currency].exponent)
}

/**
 * Minor units as a decimal string with exactly the currency's digits: `100000n` USD is `1000.00`.
 * Exact for every size.
 */
export function toDecimalString(amountMinor: bigint, currency: CurrencyCode): string {
  return toDecimal(dinero({ amount: amountMinor, currency: CURRENCIES[currency] }))
}

export type AmountProblem = 'NOT_A_DECIMAL' | 'TOO_MANY_DIGITS' | 'NEGATIVE' | 'TOO_LARGE'

const DECIMAL = /^(-)?0*(\d+)(?:\.(\d+))?$/

/**
 * A decimal string (`1000`, `1000.5`, `1000.00`) as minor units of `currency`, or the name of what is wrong with it.
 * More digits than the currency has are refused rather than rounded.
 */
export function parseDecimal(
  text: string,
  currency: CurrencyCode,
  largestMinor: bigint = LARGEST_CHARGE_MINOR,
): { amountMinor: bigint; problem?: never } | { problem: AmountProblem } {
  const match = DECIMAL.exec(text)
  if (!match) return { problem: 'NOT_A_DECIMAL' }
  const [, sign, whole = '', fraction = ''] = match
  const digits = fractionDigits(currency)
  if (fraction.length > digits) return { problem: 'TOO_MANY_DIGITS' }
  const amountMinor = BigInt(whole + fraction.padEnd(digits, '0'))
  if (sign && amountMinor !== 0n) return { problem: 'NEGATIVE' }
  return amountMinor > largestMinor ? { problem: 'TOO_LARGE' } : { amountMinor }
}

export const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
