import { z } from 'zod'
import { type ApiError, invalidRequest } from './errors.ts'
import type { Form } from './form.ts'

const issueCode = (code: string) => ({ params: { code } })

/** Text that is not empty, of at most `max` characters. */
export const text = (max = 5000) => z.string().min(1).max(max)
/** A whole number written in decimal digits. */
export const integer = z
  .string()
  .refine((v) => /^-?\d{1,15}$/.test(v), {
    error: (issue) => `Invalid integer: ${String(issue.input)}`,
    ...issueCode('parameter_invalid_integer'),
  })
  .transform(Number)
/** A truth value. */
export const boolean = z
  .string()
  .refine((v) => v === 'true' || v === 'false', { error: (issue) => `Invalid boolean: ${String(issue.input)}` })
  .transform((v) => v === 'true')
/** An absolute http or https address. */
export const url = text().refine((v) => /^https?:\/\//.test(v) && URL.canParse(v.replaceAll(/[{}]/g, '')), {
  error: 'Not a valid URL',
  ...issueCode('url_invalid'),
})
/** An address of electronic mail. */
export const email = text(512).refine((v) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(v), {
  error: (issue) => `Invalid email address: ${String(issue.input)}`,
  ...issueCode('email_invalid'),
})
/** A list of `least` to `most` items, sent as `name[0]`, `name[1]`, ... */
export const list = <T extends z.ZodType>(item: T, least: number, most: number) =>
  z.preprocess((v) => (typeof v === 'object' && v !== null ? Object.values(v) : v), z.array(item).min(least).max(most))
/** Up to 50 pairs, keys of up to 40 and values of up to 500 characters. */
export const metadata = z
  .record(z.string().max(40), z.string().max(500))
  .refine((pairs) => Object.keys(pairs).length <= 50, { error: 'You can only add up to 50 metadata keys' })
/** What every list takes: a page of 1 to 100 objects, newest first. */
export const paging = {
  limit: integer.pipe(z.number().min(1).max(100)).default(10),
  starting_after: text().optional(),
  ending_before: text().optional(),
}
/** A bound on `created`, in seconds: one instant or a range. */
export const createdRange = z
  .union([
    integer.transform((at) => ({ gte: at, lte: at })),
    z.strictObject({
      gt: integer.optional(),
      gte: integer.optional(),
      lt: integer.optional(),
      lte: integer.optional(),
    }),
  ])
  .optional()

function spell(path: PropertyKey[]): string {
  return path.map((key, i) => (i === 0 ? String(key) : `[${String(key)}]`)).join('')
}

function refusal(issue: z.core.$ZodIssue, given: Form): ApiError {
  const param = spell(issue.path)
  const refuse = (message: string, code?: string, at = param) =>
    invalidRequest(message, { param: at, ...(code && { code }) }, false)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const unknown = spell([...issue.path, issue.keys[0] ?? ''])
      return refuse(`Received unknown parameter: ${unknown}`, 'parameter_unknown', unknown)
    }
    case 'invalid_type':
      return issue.path.reduce<unknown>((node, key) => (node as Form | undefined)?.[String(key)], given) === undefined
        ? refuse(`Missing required param: ${param}.`, 'parameter_missing')
        : refuse(`Invalid ${issue.expected === 'object' ? 'object' : issue.expected}`)
    case 'invalid_value':
      return refuse(`Invalid ${param}: must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`)
    case 'too_small':
      if (issue.origin === 'string')
        return refuse(`You passed an empty string for '${param}'.`, 'parameter_invalid_empty')
      return refuse(`Invalid ${param}: must be at least ${issue.minimum}`)
    case 'too_big':
      return refuse(
        `Invalid ${param}: must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`,
      )
    case 'custom':
      return refuse(issue.message, issue.params?.code as string | undefined)
    default:
      return refuse(issue.message)
  }
}

/** Gives the parameters as the schema says. Throws the `ApiError` Stripe would answer with; what is unknown is refused. */
export function parse<T>(schema: z.ZodType<T>, given: Form): T {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw issue ? refusal(issue, given) : result.error
}
