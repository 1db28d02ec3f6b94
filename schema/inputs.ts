import type { InputFieldBuilder } from '@pothos/core'
import { z } from 'zod'
import type { ApiTypes } from './builder.ts'

/**
 * What may stand in a text that mails, pages and documents show: no control character, nothing that turns the direction of what
 * follows it or cannot be seen (a name must not look like another), no half of a pair, nor what stands for
 * bytes that were no text. The two joiners are part of how some
 * languages, and emoji, are written.
 */
const VISIBLE = /^(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\ufffd]|[\u200c\u200d])*$/u

/** One line of text that a person typed: trimmed, 1 to `longest` characters, all of which can be seen. */
export const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(longest, `must have ${longest} characters at most`)
    .regex(VISIBLE, 'must not have control or invisible characters')

/** An address that mail can be sent to. */
export const email = z.email('must be an email address').max(254, 'must have 254 characters at most')

const NIL = '00000000-0000-0000-0000-000000000000'
const MAX = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const idempotencyKey = z
  .string()
  .transform((key) => key.toLowerCase())
  .pipe(z.uuid('must be a UUID'))
  // A variable that nobody has set: every command of its program would have the same key.
  .refine((key) => key !== NIL && key !== MAX, 'must be a UUID of your own making')

type InputFields = InputFieldBuilder<PothosSchemaTypes.ExtendDefaultTypes<ApiTypes>, 'InputObject'>

/** The field that every mutation's input has. */
export const keyField = (t: InputFields) =>
  t.id({
    validate: idempotencyKey,
    description:
      'A UUID of the asker’s making, one a command: sent again with the same input it answers the same, with other input it is refused.',
  })
