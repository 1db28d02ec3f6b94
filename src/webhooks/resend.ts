import { Resend } from 'resend'
import { z } from 'zod'
import { effectOfTags } from '../mail/effect-tag.ts'
import type { Verify } from './receive.ts'
import { RELEVANT_EVENTS } from './relevant-events.ts'
import { isNearNow } from './signed-time.ts'

const Event = z.object({ type: z.string().max(255) })
const AboutEmail = z.object({
  data: z.object({
    email_id: z.string().regex(/^[\w-]{1,255}$/),
    // Whatever else stands there is not of ours, and no reason to refuse the event.
    tags: z
      .record(z.string(), z.string().regex(/^[\w-]{1,256}$/))
      .optional()
      .catch(undefined),
  }),
})

/** Reads a webhook of Resend, signed in Svix's way with `secret` (RESEND_WEBHOOK_SECRET). */
export function resendEvents(secret: string): Verify {
  // Verifying calls nobody; the client merely insists on some key.
  const { webhooks } = new Resend('re_verifies_only')
  return (headers, body) => {
    const id = headers.get('svix-id') ?? ''
    const timestamp = headers.get('svix-timestamp') ?? ''
    const signature = headers.get('svix-signature') ?? ''
    if (!/^[\w.-]{1,255}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return { refused: 'INVALID_SIGNATURE' }
    if (!isNearNow(timestamp)) return { refused: 'SIGNATURE_OUT_OF_TIME' }
    let content: unknown
    try {
      content = webhooks.verify({ payload: body, headers: { id, timestamp, signature }, webhookSecret: secret })
    } catch (error) {
      return { refused: error instanceof SyntaxError ? 'MALFORMED_EVENT' : 'INVALID_SIGNATURE' }
    }
    const event = Event.safeParse(content)
    if (!event.success) return { refused: 'MALFORMED_EVENT' }
    const { type } = event.data
    if (!RELEVANT_EVENTS.resend.has(type)) return { irrelevant: type }
    const about = AboutEmail.safeParse(content)
    if (!about.success) return { refused: 'MALFORMED_EVENT' }
    const { email_id: objectId, tags } = about.data.data
    return { event: { id, source: 'resend', type, account: null, objectId, effectId: effectOfTags(tags) } }
  }
}
