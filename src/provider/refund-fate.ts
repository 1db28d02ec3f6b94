import type Stripe from 'stripe'

/** What the provider says became of a refund. */
export function refundFate({ status, balance_transaction }: Stripe.Refund) {
  return {
    /** Its amount has left the account's balance, if only for a while. */
    moved: balance_transaction !== null,
    failed: status === 'failed' || status === 'canceled',
  }
}
