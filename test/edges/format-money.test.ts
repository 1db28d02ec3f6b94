import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CURRENCY_CODES, fractionDigits } from '../../src/domain/money.ts'
import { formatMoney } from '../../src/format-money.ts'

test('amounts are written as a client reads them, with the currency’s own digits', () => {
  expect(formatMoney(100_000n, 'USD')).toBe('$1,000.00')
  expect(formatMoney(5n, 'USD')).toBe('$0.05')
  expect(formatMoney(-90_000n, 'USD')).toBe('-$900.00')
  expect(formatMoney(1_000n, 'JPY')).toBe('¥1,000')
  expect(formatMoney(1_234_567n, 'KWD')).toBe('KWD\u00a01,234.567')
})

test('every amount keeps every digit, beyond what a floating-point number holds', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.constantFrom(...CURRENCY_CODES),
      (amount, currency) => {
        const digits = formatMoney(amount, currency).replace(/[^\d]/g, '')
        expect(BigInt(digits)).toBe(amount < 0n ? -amount : amount)
        expect(digits.length).toBeGreaterThan(fractionDigits(currency))
      },
    ),
  )
})

test('a currency that no firm keeps its books in is an error, not a guess', () => {
  expect(() => formatMoney(1n, 'XYZ')).toThrow(RangeError)
})
