import type Stripe from 'stripe'
import type { PayReturnUrls } from '../src/pay/link.ts'

export interface SessionRequest {
  params: Stripe.Checkout.SessionCreateParams
  stripeAccount: string | null
}

/** What a payment session is made of: the attempt, its request and matter, the client and the firm. */
export interface SessionSubject {
  id: string
  firm_id: string
  matter_id: string
  request_id: string
  amount_minor: bigint
  expires_at: Date
  request_number: number
  matter_number: string
  client_email: string
  firm_name: string
  currency: string
  /** The connected account that the firm has now. */
  firm_account: string | null
}

/** The Checkout session of an attempt to pay: pure, so that what is sent can be held against the provider's own description. */
export function sessionRequest(attempt: SessionSubject, { successUrl, cancelUrl }: PayReturnUrls): SessionRequest {
  const metadata = {
    firmId: attempt.firm_id,
    matterId: attempt.matter_id,
    requestId: attempt.request_id,
    attemptId: attempt.id,
  }
  return {
    stripeAccount: attempt.firm_account,
    params: {
      mode: 'payment',
      submit_type: 'pay',
      client_reference_id: attempt.id,
      customer_email: attempt.client_email,
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: attempt.currency.toLowerCase(),
            unit_amount: Number(attempt.amount_minor),
            product_data: {
              name: `${attempt.firm_name}: retainer for matter ${attempt.matter_number}, request ${attempt.request_number}`,
            },
          },
        },
      ],
      allowed_payment_method_types: attempt.currency === 'USD' ? ['card', 'us_bank_account'] : ['card'],
      branding_settings: { display_name: attempt.firm_name },
      adaptive_pricing: { enabled: false },
      metadata,
      payment_intent_data: { metadata },
      expires_at: Math.floor(attempt.expires_at.getTime() / 1000),
      success_url: successUrl,
      cancel_url: cancelUrl,
    },
  }
}
