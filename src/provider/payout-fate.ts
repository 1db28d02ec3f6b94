import type Stripe from 'stripe'

/**
 * What has to be booked of a payout as it stands; null until it has arrived or failed, and its content is known. Of one made by
 * hand, or at once, the provider never tells what is in it.
 */
export function payoutFate({
  status,
  automatic,
  reconciliation_status: content,
}: Stripe.Payout): 'PAID' | 'FAILED' | null {
  if (automatic && content !== 'completed') return null
  if (status === 'failed' || status === 'canceled') return 'FAILED'
  return status === 'paid' ? 'PAID' : null
}
