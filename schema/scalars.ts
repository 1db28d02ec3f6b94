import { GraphQLError } from 'graphql'
import { z } from 'zod'
import { builder } from './builder.ts'

/** A value that is not of its scalar's form. */
const malformed = (reason: string, message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', reason } })

const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/

builder.scalarType('Decimal', {
  description:
    'An exact decimal number as a string, `"1000.00"`. Answers have exactly the currency’s digits (USD 2, JPY 0, KWD 3); inputs may ' +
    'have fewer. Never a JSON number, which would lose digits. Errors: BAD_USER_INPUT (NOT_A_DECIMAL).',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && DECIMAL.test(value)) return value
    throw malformed('NOT_A_DECIMAL', 'A decimal is a string such as "1000.00".')
  },
})

const dateTime = z.iso.datetime({ offset: true })

builder.scalarType('DateTime', {
  description:
    'An instant by RFC 3339 with its offset, `"2026-03-03T09:00:00Z"`; answers are in UTC with milliseconds. ' +
    'Errors: BAD_USER_INPUT (NOT_A_DATE_TIME).',
  serialize: (value) => value.toISOString() as unknown as Date,
  parseValue: (value) => {
    const parsed = dateTime.safeParse(value)
    if (parsed.success) return new Date(parsed.data)
    throw malformed('NOT_A_DATE_TIME', 'An instant is a string such as "2026-03-03T09:00:00Z".')
  },
})

const date = z.iso.date()

builder.scalarType('Date', {
  description:
    'A day of the firm’s calendar by ISO 8601, `"2026-03-03"`: from its first to its last moment in the firm’s time zone. ' +
    'Errors: BAD_USER_INPUT (NOT_A_DATE).',
  serialize: (value) => value,
  parseValue: (value) => {
    const parsed = date.safeParse(value)
    if (parsed.success && parsed.data >= '1000-01-01') return parsed.data
    throw malformed('NOT_A_DATE', 'A day is a string such as "2026-03-03".')
  },
})
