import { createHmac } from 'node:crypto'
import type { OutgoingEvent } from '../far-side/deliveries.ts'

/**
 * Signs an event the way Resend does (the Svix scheme): HMAC-SHA256 over `id.timestamp.body` by the base64 part of a
 * `whsec_...` secret. The time is the machine's own, as those who verify compare it with theirs.
 */
export function signEvent({ id, body }: OutgoingEvent, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` }
}
