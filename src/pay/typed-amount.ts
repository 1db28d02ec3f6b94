import { type AmountProblem, type CurrencyCode, chargeLimits, fractionDigits, parseDecimal } from '../domain/money.ts'
import { formatMoney } from '../format-money.ts'

const GROUPED = /^\d{1,3}(,\d{3})+(\.\d*)?$/

/** What is wrong with an amount, for a program and for the client. */
export interface AmountError {
  code: string
  message: string
}

/**
 * Reads an amount as a client types it in the page's English: `1000`, `1,000.00`, `$1,000`. A comma counts only where English
 * puts one between thousands; `12,50` is refused rather than guessed at.
 */
export function readTypedAmount(
  typed: string,
  currency: CurrencyCode,
): { amountMinor: bigint; error?: never } | { amountMinor?: never; error: AmountError } {
  const bare = typed.trim().replace(/^\$\s*/, '')
  const parsed = parseDecimal(GROUPED.test(bare) ? bare.replaceAll(',', '') : bare, currency)
  if (parsed.problem === undefined) return parsed
  return { error: { code: parsed.problem, message: wordsFor(parsed.problem, currency) } }
}

function wordsFor(problem: AmountProblem, currency: CurrencyCode): string {
  switch (problem) {
    case 'NOT_A_DECIMAL':
      return `Please enter an amount such as ${fractionDigits(currency) === 0 ? '250' : '250.00'}.`
    case 'TOO_MANY_DIGITS': {
      const digits = fractionDigits(currency)
      return digits === 0
        ? `Please enter an amount without decimals.`
        : `Please enter an amount with at most ${digits} digits after the decimal point.`
    }
    case 'NEGATIVE':
      return 'Please enter an amount above zero.'
    case 'TOO_LARGE':
      return `The largest payment that can be made online is ${formatMoney(chargeLimits(currency).largestMinor, currency)}.`
  }
}
