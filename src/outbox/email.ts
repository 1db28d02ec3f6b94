import { z } from 'zod'
import { ApiError, invalid, missing } from './errors.ts'

const MOST_RECIPIENTS = 50
const ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/
const TAG = /^[\w-]{1,256}$/
const FORMAT = 'The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.'

const Recipients = z.union([z.string().transform((one) => [one]), z.array(z.string())])

const Body = z.strictObject({
  from: z.string().optional(),
  to: Recipients.optional(),
  cc: Recipients.optional(),
  bcc: Recipients.optional(),
  reply_to: Recipients.optional(),
  subject: z.string().optional(),
  html: z.string().optional(),
  text: z.string().optional(),
  headers: z.record(z.string().regex(/^[\w-]+$/), z.string().regex(/^[^\r\n]*$/)).optional(),
  tags: z.array(z.strictObject({ name: z.string().regex(TAG), value: z.string().regex(TAG) })).optional(),
})

/** An email as it was accepted. */
export interface Email {
  from: string
  to: string[]
  cc: string[] | null
  bcc: string[] | null
  reply_to: string[] | null
  subject: string
  html: string | null
  text: string | null
  headers: Record<string, string>
  tags: { name: string; value: string }[]
}

/** The bare address in `email@example.com` or `Name <email@example.com>`; undefined if it is neither. */
export function addressOf(mailbox: string): string | undefined {
  const address = /^[^<>]*<([^<>]*)>$/.exec(mailbox.trim())?.[1] ?? mailbox.trim()
  return ADDRESS.test(address) ? address.toLowerCase() : undefined
}

function checkMailboxes(field: string, mailboxes: string[] | undefined, most = Number.POSITIVE_INFINITY): void {
  if (mailboxes === undefined) return
  if (mailboxes.length > most) throw invalid(`The \`${field}\` field must not have more than ${most} recipients.`)
  if (mailboxes.some((mailbox) => addressOf(mailbox) === undefined))
    throw invalid(`Invalid \`${field}\` field. ${FORMAT}`)
}

/**
 * Checks what is sent to POST /emails as Resend does. Throws `ApiError` 422 that names the field. What this stand-in does
 * not know (attachments, scheduling, templates) is refused too, never ignored. Reserved domains such as example.com,
 * which Resend refuses, are let in: nothing leaves the machine.
 */
export function parseEmail(given: unknown): Email {
  const result = Body.safeParse(given)
  if (!result.success) {
    const [issue] = result.error.issues
    if (issue?.code === 'unrecognized_keys')
      throw invalid(`The outbox does not support the \`${issue.keys[0]}\` field.`)
    const field = issue?.path[0] === undefined ? 'body' : String(issue.path[0])
    if (field === 'tags') throw invalid('Tags should only contain ASCII letters, numbers, underscores, or dashes.')
    throw invalid(`Invalid \`${field}\` field.`)
  }
  const { from, to, cc, bcc, reply_to, subject, html, text, headers, tags } = result.data
  if (!from) throw missing('from')
  if (!to || to.length === 0) throw missing('to')
  if (!subject) throw missing('subject')
  if (!html && !text) throw new ApiError(422, 'validation_error', 'Missing `html` or `text` field.')
  checkMailboxes('from', [from])
  checkMailboxes('to', to, MOST_RECIPIENTS)
  checkMailboxes('cc', cc, MOST_RECIPIENTS)
  checkMailboxes('bcc', bcc, MOST_RECIPIENTS)
  checkMailboxes('reply_to', reply_to)
  return {
    from,
    to,
    cc: cc ?? null,
    bcc: bcc ?? null,
    reply_to: reply_to ?? null,
    subject,
    html: html ?? null,
    text: text ?? null,
    headers: headers ?? {},
    tags: tags ?? [],
  }
}
