import { type CreateEmailOptions, Resend } from 'resend'
import type { StoredEmail } from '../../src/outbox/mailbox.ts'
import { type Outbox, type OutboxOptions, startOutbox } from '../../src/outbox/start.ts'
import { faultSetter } from '../far-side/endpoint.ts'

export const API_KEY = 're_outbox'
export const WEBHOOK_SECRET = 'whsec_b3V0Ym94LXNlY3JldC1vZi10aGUtdGVzdHM='

/** An outbox on a free port with the official client pointed at it. */
export async function openOutbox(options: Partial<OutboxOptions> = {}) {
  const outbox = await startOutbox({
    port: 0,
    statePath: ':memory:',
    apiKey: API_KEY,
    webhookSecret: WEBHOOK_SECRET,
    ...options,
  })
  return {
    outbox,
    resend: new Resend(API_KEY, { baseUrl: outbox.url }),
    faults: faultSetter(outbox.url),
    emails: () => listEmails(outbox),
  }
}

/** Everything the outbox has taken in, oldest first. */
export async function listEmails(outbox: Outbox, to?: string): Promise<StoredEmail[]> {
  const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`
  return (await (await fetch(`${outbox.url}/_control/emails${query}`)).json()) as StoredEmail[]
}

/** An ordinary mail. */
export function mail(change: Partial<CreateEmailOptions> = {}): CreateEmailOptions {
  return {
    from: 'Smith & Partners <retainers@smith.example>',
    to: 'client@example.com',
    replyTo: 'office@smith.example',
    subject: 'Your retainer request',
    html: '<p>Please pay <b>$1,000.00</b>.</p>',
    text: 'Please pay $1,000.00.',
    headers: { 'X-Entity-Ref-ID': 'request-1' },
    tags: [{ name: 'kind', value: 'request' }],
    ...change,
  } as CreateEmailOptions
}
