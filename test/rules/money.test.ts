import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CURRENCY_CODES,
  type CurrencyCode,
  chargeForAll,
  chargeLimits,
  fractionDigits,
  isCurrencyCode,
  parseDecimal,
  toDecimalString,
} from '../../src/domain/money.ts'

const LARGEST_CHARGE_MINOR = 99_999_999n

describe('R2: amounts are exact, in the currency’s digits', () => {
  test.each<[string, CurrencyCode, bigint]>([
    ['1000', 'USD', 100_000n],
    ['1000.5', 'USD', 100_050n],
    ['0.01', 'USD', 1n],
    ['0', 'USD', 0n],
    ['-0.00', 'USD', 0n],
    ['007', 'USD', 700n],
    ['999999.99', 'USD', 99_999_999n],
    ['1000', 'JPY', 1000n],
    ['99999999', 'JPY', 99_999_999n],
    ['1.234', 'KWD', 1234n],
    ['1.2', 'KWD', 1200n],
  ])('%s %s is read', (text, currency, amountMinor) => {
    expect(parseDecimal(text, currency)).toEqual({ amountMinor })
  })

  test.each<[string, CurrencyCode, string]>([
    ['1.005', 'USD', 'TOO_MANY_DIGITS'],
    ['1.000', 'USD', 'TOO_MANY_DIGITS'],
    ['1.0', 'JPY', 'TOO_MANY_DIGITS'],
    ['1.2345', 'KWD', 'TOO_MANY_DIGITS'],
    [`1.${'0'.repeat(40)}`, 'USD', 'TOO_MANY_DIGITS'],
    ['-0.01', 'USD', 'NEGATIVE'],
    [`-${'9'.repeat(40)}`, 'USD', 'NEGATIVE'],
    ['1000000', 'USD', 'TOO_LARGE'],
    ['100000000', 'JPY', 'TOO_LARGE'],
    ['100000', 'KWD', 'TOO_LARGE'],
    ['9'.repeat(40), 'USD', 'TOO_LARGE'],
    ...['', ' ', '1,000', '1.', '.5', '1e3', '+1', '0x10', ' 1', '1\n', '--1', '1.2.3', 'NaN', '１', '$1'].map(
      (text): [string, CurrencyCode, string] => [text, 'USD', 'NOT_A_DECIMAL'],
    ),
  ])('%j %s is refused: %s', (text, currency, problem) => {
    expect(parseDecimal(text, currency)).toEqual({ problem })
  })

  test.each<[bigint, CurrencyCode, string]>([
    [100_000n, 'USD', '1000.00'],
    [5n, 'USD', '0.05'],
    [0n, 'USD', '0.00'],
    [-1n, 'USD', '-0.01'],
    [1000n, 'JPY', '1000'],
    [-5n, 'JPY', '-5'],
    [1234n, 'KWD', '1.234'],
    [1n, 'KWD', '0.001'],
    [123_456_789_012_345_678_901n, 'USD', '1234567890123456789.01'],
  ])('%s minor units of %s are written %s', (amountMinor, currency, text) => {
    expect(toDecimalString(amountMinor, currency)).toBe(text)
  })

  test('every amount that the provider can charge is read back as it was written, in every currency', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCY_CODES), fc.bigInt(0n, 99_999_999n), (currency, amountMinor) => {
        const text = toDecimalString(amountMinor, currency)
        expect(text.split('.')[1]?.length ?? 0).toBe(fractionDigits(currency))
        expect(parseDecimal(text, currency)).toEqual({ amountMinor })
      }),
    )
  })

  test('reading is total: any text is an amount within the limits, or the name of a problem', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^-?\d{0,20}\.?\d{0,20}$/))
    fc.assert(
      fc.property(texts, fc.constantFrom(...CURRENCY_CODES), (text, currency) => {
        const { amountMinor, problem } = { amountMinor: null, problem: null, ...parseDecimal(text, currency) }
        if (amountMinor === null) expect(problem).toMatch(/^[A-Z_]+$/)
        else expect(amountMinor >= 0n && amountMinor <= chargeLimits(currency).largestMinor).toBe(true)
      }),
    )
  })

  test('only the currencies on the list are known, whatever objects inherit', () => {
    expect(['USD', 'usd', 'XXX', 'toString', '__proto__', ''].map(isCurrencyCode)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('R14: all that is due is paid by a charge that the provider can make', () => {
  test.each<[bigint, CurrencyCode, bigint]>([
    [100_000n, 'USD', 100_000n],
    [30n, 'USD', 50n],
    [1n, 'JPY', 50n],
    [1_234n, 'KWD', 1_240n],
    [1_240n, 'KWD', 1_240n],
    [123_456_789n, 'USD', 99_999_999n],
    [123_456_789n, 'KWD', 99_999_990n],
  ])('%s minor units of %s are charged as %s', (dueMinor, currency, chargedMinor) => {
    expect(chargeForAll(dueMinor, currency)).toBe(chargedMinor)
  })

  test.each<[bigint, CurrencyCode, bigint]>([
    [100_000_039n, 'USD', 99_999_949n],
    [100_000_048n, 'USD', 99_999_949n],
    [100_000_049n, 'USD', 99_999_999n],
    [99_999_995n, 'KWD', 99_999_790n],
  ])('of %s minor units of %s, %s: what is left can be paid too', (dueMinor, currency, chargedMinor) => {
    expect(chargeForAll(dueMinor, currency)).toBe(chargedMinor)
  })

  test('whatever is due, in every currency: no rest is too small for another charge', () => {
    const edge = LARGEST_CHARGE_MINOR
    const due = fc.oneof(fc.bigInt(1n, 3n * edge), fc.bigInt(1n, 500n), fc.bigInt(edge - 500n, edge + 500n))
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCY_CODES), due, (currency, dueMinor) => {
        const { smallestMinor, largestMinor, stepMinor } = chargeLimits(currency)
        const chargedMinor = chargeForAll(dueMinor, currency)
        expect(chargedMinor >= smallestMinor && chargedMinor <= largestMinor).toBe(true)
        expect(chargedMinor % stepMinor).toBe(0n)
        const restMinor = dueMinor - chargedMinor
        expect(restMinor <= 0n || restMinor >= smallestMinor, `${restMinor}`).toBe(true)
      }),
    )
  })
})
