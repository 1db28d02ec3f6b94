import { addressOf, type Email } from './email.ts'

/** What becomes of an email after it was accepted, as Resend's events name it. */
export type EmailEvent = 'sent' | 'delivered' | 'bounced' | 'complained' | 'suppressed'

const FATES: Record<string, EmailEvent[]> = {
  bounce: ['sent', 'bounced'],
  bounced: ['sent', 'bounced'],
  complained: ['sent', 'delivered', 'complained'],
  suppressed: ['suppressed'],
}

/**
 * The events of an email, in order, by its recipients: like Resend's test addresses, `bounced@`, `complained@` and
 * `suppressed@` (with or without `+label`, at any domain) decide it; so do all of `bounce.test` and the listed addresses.
 */
export function fateOf(email: Email, bounceAddresses: string[]): EmailEvent[] {
  for (const mailbox of [...email.to, ...(email.cc ?? []), ...(email.bcc ?? [])]) {
    const address = addressOf(mailbox) ?? ''
    const [local = '', domain] = address.split('@')
    if (domain === 'bounce.test' || bounceAddresses.includes(address)) return ['sent', 'bounced']
    const fate = FATES[local.split('+')[0] ?? '']
    if (fate) return fate
  }
  return ['sent', 'delivered']
}

/** What an event says beyond the email itself. */
export function eventDetail(event: EmailEvent): object {
  if (event === 'bounced') {
    const message = "The recipient's email server permanently rejected the email."
    return { bounce: { message, subType: 'General', type: 'Permanent' } }
  }
  if (event === 'suppressed') {
    const message = 'Resend has suppressed sending to this address because it is on the account-level suppression list.'
    return { suppressed: { message, type: 'OnAccountSuppressionList' } }
  }
  return {}
}
