import { invalidRequest } from './errors.ts'

interface Currency {
  minorDigits: number
  /** Smallest charge, in minor units. */
  minimum: number
  /** The fixed part of the fee for a card payment, in minor units. */
  fixedFee: number
  /** What a dispute costs, in minor units. */
  disputeFee: number
}

const CURRENCIES: Record<string, Currency> = {
  usd: { minorDigits: 2, minimum: 50, fixedFee: 30, disputeFee: 1500 },
  eur: { minorDigits: 2, minimum: 50, fixedFee: 30, disputeFee: 2000 },
  gbp: { minorDigits: 2, minimum: 30, fixedFee: 30, disputeFee: 2000 },
  aud: { minorDigits: 2, minimum: 50, fixedFee: 30, disputeFee: 2500 },
  nzd: { minorDigits: 2, minimum: 50, fixedFee: 30, disputeFee: 2500 },
  cad: { minorDigits: 2, minimum: 50, fixedFee: 30, disputeFee: 1500 },
  jpy: { minorDigits: 0, minimum: 50, fixedFee: 30, disputeFee: 1500 },
  kwd: { minorDigits: 3, minimum: 160, fixedFee: 100, disputeFee: 5000 },
}

/** Stripe takes amounts of at most eight digits, whatever the currency. */
const MAXIMUM = 99_999_999

function lookUp(currency: string): Currency {
  const known = CURRENCIES[currency]
  if (known) return known
  const supported = Object.keys(CURRENCIES).join(', ')
  const message = `Invalid currency: ${currency}. The sandbox supports: ${supported}`
  throw invalidRequest(message, { param: 'line_items[0][price_data][currency]' }, false)
}

/** An amount of minor units as people write it: `$1,000.00`. */
export function formatAmount(amountMinor: number, currency: string): string {
  const { minorDigits } = lookUp(currency)
  const options = { style: 'currency', currency, minimumFractionDigits: minorDigits } as const
  return new Intl.NumberFormat('en-US', options).format(amountMinor / 10 ** minorDigits)
}

/** Refuses, as Stripe does, a total that the currency does not allow. */
export function checkTotal(amountMinor: number, currency: string): void {
  const { minimum } = lookUp(currency)
  const refuse = (code: string, bound: string, limit: number) => {
    const written = `${formatAmount(limit, currency)} ${currency}`
    return invalidRequest(`The Checkout Session's total amount due must ${bound} ${written}`, { code }, false)
  }
  if (amountMinor < minimum) throw refuse('amount_too_small', 'add up to at least', minimum)
  if (amountMinor > MAXIMUM) throw refuse('amount_too_large', 'be no more than', MAXIMUM)
  checkStep(amountMinor, currency)
}

/** Refuses what is no amount of the currency: the last of three decimals must be 0. */
export function checkStep(amountMinor: number, currency: string): void {
  if (lookUp(currency).minorDigits === 3 && amountMinor % 10 !== 0)
    throw invalidRequest(`Amounts in ${currency} must end in 0`, { code: 'parameter_invalid_integer' }, false)
}

/** The fee of a card payment: 2.9 % and the currency's fixed part, in minor units. */
export function cardFee(amountMinor: number, currency: string): number {
  return Math.round((amountMinor * 29) / 1000) + lookUp(currency).fixedFee
}

/** What a dispute costs in this currency, in minor units. */
export function disputeFee(currency: string): number {
  return lookUp(currency).disputeFee
}

/** The fee of a bank debit (US dollars only): 0.8 %, at most 5 dollars; in cents. */
export function bankDebitFee(amountMinor: number): number {
  return Math.min(Math.round((amountMinor * 8) / 1000), 500)
}

/** What a bank debit costs that fails, in cents. */
export const FAILED_DEBIT_FEE_MINOR = 400
