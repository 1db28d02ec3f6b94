/** The providers' events that change something here; all others are acknowledged and forgotten. */
export const RELEVANT_EVENTS = {
  /** Each is about an object: what happened to it is read from the object itself (R12, R13, R17, R18). */
  stripe: new Set([
    'checkout.session.completed',
    'checkout.session.async_payment_succeeded',
    'checkout.session.async_payment_failed',
    'checkout.session.expired',
    'charge.updated',
    'charge.dispute.created',
    'charge.dispute.updated',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.funds_reinstated',
    'charge.dispute.closed',
    'refund.created',
    'refund.updated',
    'refund.failed',
    'payout.paid',
    'payout.failed',
    'payout.reconciliation_completed',
  ]),
  /** What became of a mail. */
  resend: new Set(['email.delivered', 'email.bounced', 'email.complained', 'email.failed', 'email.suppressed']),
} as const
