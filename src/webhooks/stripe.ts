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

/** Reads a webhook of Stripe, signed with `secret` (STRIPE_WEBHOOK_SECRET). */
export function stripeEvents(secret: string): Verify {
  return (headers, body) => {
    const header = headers.get('stripe-signature') ?? ''
    const times = header.split(',').filter((part) => part.startsWith('t='))
    // With two of them, the one looked at here need not be the one that was signed.
    if (times.length !== 1) return { refused: 'INVALID_SIGNATURE' }
    if (!times.every((time) => isNearNow(time.slice(2)))) return { refused: 'SIGNATURE_OUT_OF_TIME' }
    let content: unknown
    try {
      content = Stripe.webhooks.constructEvent(body, header, secret)
    } catch (error) {
      const forged = error instanceof Stripe.errors.StripeSignatureVerificationError
      return { refused: forged ? 'INVALID_SIGNATURE' : 'MALFORMED_EVENT' }
    }
    const event = Event.safeParse(content)
    if (!event.success) return { refused: 'MALFORMED_EVENT' }
    const { id, type, account, data } = event.data
    if (!RELEVANT_EVENTS.stripe.has(type)) return { irrelevant: type }
    const object = Identified.safeParse(data.object)
    if (!object.success) return { refused: 'MALFORMED_EVENT' }
    return { event: { id, source: 'stripe', type, account: account ?? null, objectId: object.data.id } }
  }
}
