import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { type CurrencyCode, LARGEST_RECORDED_MINOR, parseDecimal, toDecimalString } from '../../domain/money.ts'

/*
 * The scalars of a scenario. The file is read without YAML's guesses, so every scalar arrives as the text that stands there:
 * `900.10` keeps its digits. An editor that follows the JSON Schema does guess; hence `type` where a text looks like a number.
 */

const AMOUNT_PROBLEMS = {
  NOT_A_DECIMAL: 'is no amount',
  TOO_MANY_DIGITS: 'has more digits than the currency',
  NEGATIVE: 'is negative',
  TOO_LARGE: 'is too large',
} as const

/** For the JSON Schema alone: a text that an editor takes for a number. */
const orNumber = (type: 'number' | 'integer') => ({ type: ['string', type] as unknown as string })

/** An amount as a decimal string of exactly the currency's digits. */
export const amountIn = (currency: CurrencyCode) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, { error: ({ input }) => `'${String(input)}' is no amount, such as 1000.00`, abort: true })
    .meta({ ...orNumber('number'), description: 'An amount in the firm’s currency: 1000.00' })
    .transform((text, context) => decimal(text, currency, context))

/** The same, or `word`, which gives null. */
export const amountOrWord = (currency: CurrencyCode, word: string) =>
  z
    .string()
    .regex(new RegExp(`^(${word}|\\d+(\\.\\d+)?)$`), {
      error: ({ input }) => `'${String(input)}' is neither an amount, such as 1000.00, nor '${word}'`,
      abort: true,
    })
    .meta({ ...orNumber('number'), description: `An amount in the firm’s currency, or: ${word}` })
    .transform((text, context) => (text === word ? null : decimal(text, currency, context)))

/** An amount that may be below zero. */
export const balanceIn = (currency: CurrencyCode) =>
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/, {
      error: ({ input }) => `'${String(input)}' is no amount, such as 1000.00 or -5.00`,
      abort: true,
    })
    .meta({ ...orNumber('number'), description: 'An amount in the firm’s currency, which may be below zero' })
    .transform((text, context) => {
      const amount = decimal(text.replace('-', ''), currency, context)
      return text.startsWith('-') ? `-${amount}` : amount
    })

/** `text` with exactly the currency's digits, or an issue that says what is wrong. */
export function decimal(text: string, currency: CurrencyCode, context: z.core.$RefinementCtx): string {
  const parsed = parseDecimal(text, currency, LARGEST_RECORDED_MINOR)
  if (parsed.problem === undefined) return toDecimalString(parsed.amountMinor, currency)
  context.addIssue({ code: 'custom', message: `'${text}' ${AMOUNT_PROBLEMS[parsed.problem]} (${currency})` })
  return text
}

/** A whole number of at least 1. */
export const count = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, { error: ({ input }) => `'${String(input)}' is no whole number from 1 on`, abort: true })
  .meta(orNumber('integer'))
  .transform(Number)

/** An hour of the day. */
export const hour = z
  .string()
  .regex(/^(1?\d|2[0-3])$/, { error: ({ input }) => `'${String(input)}' is no hour of the day, 0 to 23`, abort: true })
  .meta(orNumber('integer'))
  .transform(Number)

export const yesOrNo = z.enum(['yes', 'no']).transform((word) => word === 'yes')

export const name = z.string().min(1, { error: 'a name is missing here' })

const NOON = '12:00'
const DAY = String.raw`\d{4}-\d{2}-\d{2}`
const TIME = String.raw`\d{2}:\d{2}`

/** `2027-01-04` or `2027-01-04 09:30`, in the firm's zone; a day alone is its noon. */
export const moment = z
  .string()
  .regex(new RegExp(`^${DAY}( ${TIME})?$`), {
    error: ({ input }) => `'${String(input)}' is no day, such as 2027-01-04 or 2027-01-04 09:30`,
    abort: true,
  })
  .meta({ description: 'A day, with or without a time, in the firm’s zone; a day alone is its noon' })
  .transform((text, context) => {
    const [day = '', time = NOON] = text.split(' ')
    try {
      return Temporal.PlainDateTime.from(`${day}T${time}`, { overflow: 'reject' })
    } catch {
      context.addIssue({ code: 'custom', message: `'${text}' is not in the calendar` })
      return z.NEVER
    }
  })

/** `3 days`: how long after the step before. */
export const duration = z
  .string()
  .regex(/^\d{1,4} (minute|hour|day|week|month|year)s?$/, {
    error: ({ input }) => `'${String(input)}' is no length of time, such as 3 days or 1 month`,
    abort: true,
  })
  .meta({ description: 'How long after the step before, in the firm’s calendar: 3 days, 2 weeks' })
  .transform((text) => {
    const [length = '', unit = ''] = text.split(' ')
    return Temporal.Duration.from({ [unit.endsWith('s') ? unit : `${unit}s`]: Number(length) })
  })

/** How far apart repetitions begin: `week`, `6 weeks`. */
export const interval = z
  .string()
  .regex(/^(\d{1,4} )?(day|week|month|year)s?$/, {
    error: ({ input }) => `'${String(input)}' is no interval, such as week or 6 weeks`,
    abort: true,
  })
  .meta({ description: 'How far apart the repetitions begin: week, 6 weeks' })
  .transform((text) => {
    const [unit = '', length = '1'] = text.split(' ').reverse()
    return { unit: unit.endsWith('s') ? unit : `${unit}s`, length: Number(length) }
  })

export const timeZone = z.string().refine(isTimeZone, {
  error: ({ input }) => `'${String(input)}' is no time zone, such as America/New_York`,
})

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: zone }))
  } catch {
    return false
  }
}
