import { z } from 'zod'
import type { CurrencyCode } from '../../domain/money.ts'
import { amountIn, balanceIn, count, decimal, name, yesOrNo } from './values.ts'
import { MAILS, PHASES } from './words.ts'

/** A mail that is expected; what is left out may be anything. Day and time are in the firm's zone. */
export interface ExpectedMail {
  mail: string
  amount?: string | undefined
  day?: string | undefined
  time?: string | undefined
}

const MAIL = new RegExp(
  `^(?<mail>${MAILS.join('|')})(?: for (?<amount>\\d+(?:\\.\\d+)?))?(?: on (?<day>\\d{4}-\\d{2}-\\d{2})(?: (?<time>\\d{2}:\\d{2}))?)?$`,
)

const none = z.literal('none').transform(() => [])

/** What can be expected of a matter, each against what stands after the step. */
export function expectationsIn(currency: CurrencyCode) {
  const mail = z
    .string()
    .regex(MAIL, {
      error: ({ input }) =>
        `'${String(input)}' is no mail, such as: reminder for 500.00 on 2027-01-11 09:00. Mails are: ${MAILS.join(', ')}`,
      abort: true,
    })
    .transform((text, context): ExpectedMail => {
      const { mail = '', amount, day, time } = MAIL.exec(text)?.groups ?? {}
      return { mail, amount: amount && decimal(amount, currency, context), day, time }
    })
  const mails = z.union([none, z.array(mail), z.partialRecord(z.enum(MAILS), count)], {
    error: "this should be 'none', a list of mails, or how many of each",
  })
  const codes = z.union([none, z.array(name)], { error: "this should be 'none' or a list" })
  return z.strictObject({
    refused: name.meta({ description: 'The step is refused, by this name' }).optional(),
    balance: balanceIn(currency).optional(),
    due: amountIn(currency).meta({ description: 'The amount due (R4)' }).optional(),
    pending: amountIn(currency).meta({ description: 'Bank debits on their way (R13)' }).optional(),
    'received toward initial': amountIn(currency).optional(),
    phase: z.enum(PHASES).optional(),
    'can create online': yesOrNo.optional(),
    'paid of invoices': z.record(name, amountIn(currency)).meta({ description: 'By invoice number (R16)' }).optional(),
    attention: codes.meta({ description: 'All that needs a person’s attention now: payment disputed' }).optional(),
    'mails to client': mails
      .meta({ description: 'All mails since this was last expected, in their order, or how many of each' })
      .optional(),
    'mails to firm': mails
      .meta({ description: 'All mails since this was last expected, in their order, or how many of each' })
      .optional(),
    decided: z
      .array(name)
      .meta({ description: 'Decisions that are among those since this was last expected: reminder skipped (R21)' })
      .optional(),
  })
}

export type Expectations = z.output<ReturnType<typeof expectationsIn>>
