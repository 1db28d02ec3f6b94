import type Stripe from 'stripe'
import { onAccount } from '../src/provider/account.ts'

/** A part of a refund that goes back to the payment it came from. */
export interface PlannedPart {
  firm_id: string
  matter_id: string | null
  refund_id: string
  id: string
  /** The provider's payment intent. */
  payment_id: string
  amount_minor: bigint
  /** The account that took the payment, whatever the firm has connected since. */
  provider_account: string
  /** Under how many keys the provider remembers that it did not make it. */
  used_keys: number
  /** A try was not answered: the provider may have made it. */
  unanswered: boolean
}

export interface RefundRequest {
  params: Stripe.RefundCreateParams
  options: { idempotencyKey: string; stripeAccount?: string }
}

/** The refund of one part: pure, so that what is sent can be held against the provider's own description. */
export function refundRequest(part: Omit<PlannedPart, 'unanswered'>): RefundRequest {
  const key = `refund-${part.firm_id}-${part.id}`
  return {
    params: {
      payment_intent: part.payment_id,
      amount: Number(part.amount_minor),
      metadata: {
        firmId: part.firm_id,
        ...(part.matter_id && { matterId: part.matter_id }),
        refundId: part.refund_id,
        partId: part.id,
      },
    },
    options: {
      idempotencyKey: part.used_keys === 0 ? key : `${key}-${part.used_keys}`,
      ...onAccount(part.provider_account),
    },
  }
}
