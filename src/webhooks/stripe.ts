import Stripe from 'stripe'
import { z } from 'zod'
import type { Verify } from './receive.ts'
import { RELEVANT_EVENTS } from './relevant-events.ts'
import { isNearNow } from './signed-time.ts'

const Event = z.object({
  id: z.string().regex(/^evt_[\w-]{1,250}$/),
  type: z.string().max(255),
  account: z
    .string()
    .regex(/^[\w-]{1,255}$/)
    .nullish(),
  data: z.object({ object: z.looseObject({}) }),
})
const Identified = z.object({ id: z.string().regex(/^[\w-]{1,255}$/) })

/**
 * Reads a webhook of Stripe, signed with one of `secrets` (STRIPE_WEBHOOK_SECRET): the events of the own account come from another
 * endpoint than those of connected accounts, each with its secret.
 */
export function stripeEvents(secrets: readonly string[]): Verify {
  return (headers, body) => {
    const header = headers.get('stripe-signature') ?? ''
    const times = header.split(',').filter((part) => part.startsWith('t='))
    // With two of them, the one looked at here need not be the one that was signed.
    if (times.length !== 1) return { refused: 'INVALID_SIGNATURE' }
    if (!times.every((time) => isNearNow(time.slice(2)))) return { refused: 'SIGNATURE_OUT_OF_TIME' }
    const signed = signedContent(body, header, secrets)
    if ('refused' in signed) return signed
    const event = Event.safeParse(signed.content)
    if (!event.success) return { refused: 'MALFORMED_EVENT' }
    const { id, type, account, data } = event.data
    if (!RELEVANT_EVENTS.stripe.has(type)) return { irrelevant: type }
    const object = Identified.safeParse(data.object)
    if (!object.success) return { refused: 'MALFORMED_EVENT' }
    return { event: { id, source: 'stripe', type, account: account ?? null, objectId: object.data.id } }
  }
}

/** What the body says, if one of `secrets` has signed it. */
function signedContent(
  body: string,
  header: string,
  secrets: readonly string[],
): { content: unknown } | { refused: 'INVALID_SIGNATURE' | 'MALFORMED_EVENT' } {
  for (const secret of secrets) {
    try {
      return { content: Stripe.webhooks.constructEvent(body, header, secret) }
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) return { refused: 'MALFORMED_EVENT' }
    }
  }
  return { refused: 'INVALID_SIGNATURE' }
}
