import {
  CURRENCY_CODES,
  type CurrencyCode,
  fractionDigits,
  parseDecimal,
  toDecimalString,
} from '../src/domain/money.ts'
import { builder } from './builder.ts'
import type { RefusalOf } from './refusals/refusal.ts'

const NAMES: Record<CurrencyCode, string> = {
  USD: 'US dollar',
  AUD: 'Australian dollar',
  CAD: 'Canadian dollar',
  EUR: 'Euro',
  GBP: 'Pound sterling',
  JPY: 'Japanese yen',
  KWD: 'Kuwaiti dinar',
  NZD: 'New Zealand dollar',
}

export const Currency = builder.enumType('CurrencyCode', {
  description: 'A currency by ISO 4217: those a firm may keep its books in (R1).',
  values: Object.fromEntries(
    CURRENCY_CODES.map((code) => [code, { description: `${NAMES[code]}; ${fractionDigits(code)} digits.` }]),
  ) as Record<CurrencyCode, { description: string }>,
})

export const Money = builder.objectType('Money', {
  description:
    'An exact amount in the firm’s currency. Negative only where a balance is below zero (R18), and in payouts and accounts.',
  fields: (t) => ({
    amount: t.field({
      type: 'Decimal',
      description: 'Major units, with exactly the currency’s digits.',
      resolve: ({ amountMinor, currency }) => toDecimalString(amountMinor, currency),
    }),
    currencyCode: t.field({
      type: Currency,
      description: 'The firm’s currency.',
      resolve: ({ currency }) => currency,
    }),
  }),
})

export const MoneyInput = builder.inputType('MoneyInput', {
  description:
    'An amount in the firm’s currency, not negative, with no more digits than the currency has; of options, within the payment ' +
    'provider’s limits (R2). What is not is refused as `AmountNotAcceptable` or `CurrencyMismatch`, where nothing was done.',
  fields: (t) => ({
    amount: t.field({ type: 'Decimal', description: 'Major units, `"1000.00"`.' }),
    currencyCode: t.field({ type: Currency, description: 'Must be the firm’s currency.' }),
  }),
})

/** `amountMinor` as the GraphQL type Money; null stays null. */
export const money = <Minor extends bigint | null>(amountMinor: Minor, currency: string) =>
  (amountMinor === null ? null : { amountMinor, currency: currency as CurrencyCode }) as Minor extends bigint
    ? { amountMinor: bigint; currency: CurrencyCode }
    : { amountMinor: bigint; currency: CurrencyCode } | null

type Amounts<Fields extends string> = Record<Fields, { amount: string; currencyCode: CurrencyCode } | null | undefined>

/**
 * The amounts a person typed, as minor units of the firm's currency under `<field>`; one left out is null. Or the refusal
 * that the first wrong one meets (R2): another currency than the firm's, too many digits, negative, too large.
 */
export function readAmounts<Fields extends string>(
  typed: Amounts<Fields>,
  expected: CurrencyCode,
  largestMinor?: bigint,
):
  | { amounts: Record<Fields, bigint | null>; refusal?: never }
  | { amounts?: never; refusal: RefusalOf<'CurrencyMismatch' | 'AmountNotAcceptable'> } {
  const amounts = {} as Record<Fields, bigint | null>
  for (const [field, value] of Object.entries(typed) as [Fields, Amounts<Fields>[Fields]][]) {
    amounts[field] = null
    if (!value) continue
    if (value.currencyCode !== expected) return { refusal: { code: 'CurrencyMismatch', expected } }
    const parsed = parseDecimal(value.amount, expected, largestMinor)
    if (parsed.problem !== undefined) {
      // The scalar has let decimals through only, so of the domain's problems these three are left.
      const reason = parsed.problem === 'NOT_A_DECIMAL' ? 'TOO_LARGE' : parsed.problem
      return { refusal: { code: 'AmountNotAcceptable', field, reason } }
    }
    amounts[field] = parsed.amountMinor
  }
  return { amounts }
}
