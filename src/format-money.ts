import { fractionDigits, isCurrencyCode, toDecimalString } from './domain/money.ts'

/**
 * An amount as a client reads it, in English (`$1,000.00`, `¥1,000`, `KWD 1.000`); `amountMinor` in minor units.
 * Exact for every size: it goes from bigint through a decimal string and never through a floating-point number.
 * @throws RangeError for a currency that no firm can keep its books in
 */
export function formatMoney(amountMinor: bigint, currency: string): string {
  if (!isCurrencyCode(currency)) throw new RangeError(`Unknown currency ${currency}`)
  const digits = fractionDigits(currency)
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return format.format(toDecimalString(amountMinor, currency) as Intl.StringNumericLiteral)
}
