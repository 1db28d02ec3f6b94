import type { Context } from 'hono'
import { codedError } from '../api/coded-error.ts'
import type { AppEnv } from '../api/request-log.ts'
import type { Inbox, InboxEvent } from './inbox.ts'

type WebhookRefusal = 'INVALID_SIGNATURE' | 'SIGNATURE_OUT_OF_TIME' | 'MALFORMED_EVENT'

/** Proves that a webhook is the provider's, by its headers and its body as it came, and reads ids and codes from it. */
export type Verify = (
  headers: Headers,
  body: string,
) => { event: InboxEvent } | { irrelevant: string } | { refused: WebhookRefusal }

/**
 * Takes a provider's webhooks. An event is acknowledged only after it is kept (R12): whatever is not answered by 200 the
 * provider sends again, and whatever it sends again is the same row.
 */
export function receive(verify: Verify, inbox: Inbox) {
  return async (c: Context<AppEnv>): Promise<Response> => {
    const log = c.get('log')
    const verdict = verify(c.req.raw.headers, await c.req.text())
    if ('refused' in verdict) {
      log.warn({ code: verdict.refused }, 'webhook refused')
      return codedError(c, 400, verdict.refused)
    }
    if ('irrelevant' in verdict) return c.json({ received: true })
    const { id, type, objectId } = verdict.event
    try {
      const outcome = await inbox.file(verdict.event)
      log.info({ eventId: id, type, objectId, outcome }, 'webhook filed')
    } catch (err) {
      log.error({ eventId: id, type, err }, 'webhook not filed')
      return codedError(c, 503, 'TEMPORARILY_UNAVAILABLE')
    }
    return c.json({ received: true })
  }
}
