import { randomUUID } from 'node:crypto'
import { type CommandGateway, idFromKey } from '../api/command-gateway.ts'
import type { Refusal } from '../domain/events.ts'
import type { PayLink } from './link-request.ts'

interface PaymentForm {
  /** Minted with the page that was filled in: the same form sent twice opens one payment. */
  formId: string
  /** Minor units; null pays all that is due. */
  amountMinor: bigint | null
}

/**
 * Opens a payment for the request of `link` (R14). Throws `CommandUnanswered` when the matter did not answer in time; sending
 * the same form again is safe.
 */
export async function openPayment(
  commands: CommandGateway,
  link: PayLink,
  { formId, amountMinor }: PaymentForm,
): Promise<{ attemptId: string; refusal?: never } | { attemptId?: never; refusal: Refusal }> {
  const opened = await open(commands, link, formId, amountMinor)
  if (opened.refusal?.code !== 'IdempotencyKeyReused') return opened
  // The browser's back button brought an old form, and it was filled in anew: this is another wish, not a repetition.
  return open(commands, link, randomUUID(), amountMinor)
}

async function open(commands: CommandGateway, link: PayLink, formId: string, amountMinor: bigint | null) {
  const { firmId, matterId, requestId } = link
  // Made from the request and the form: a form's id comes from outside and must not name another request's attempt.
  const attemptId = idFromKey(firmId, `attempt:${requestId}:${formId}`)
  const command = { kind: 'openPayment', attemptId, requestId, amountMinor } as const
  const answer = await commands.send({ firmId, matterId, key: `open-payment:${attemptId}`, input: command, command })
  return answer.ok ? { attemptId } : { refusal: answer.refusal }
}
