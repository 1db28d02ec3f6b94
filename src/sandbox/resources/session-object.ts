import type Stripe from 'stripe'
import { newId } from '../ids.ts'
import { seconds, type World } from '../world.ts'
import type { SessionParams } from './checkout-params.ts'
import type { IntentSeed } from './payment-intents.ts'

type Session = Stripe.Checkout.Session

/** What a session keeps besides its public object: what the page shows, and what its payment will carry. */
export interface Order {
  id: string
  created: number
  /** The name of who is paid, as the page shows it. */
  payee: string
  lines: { name: string; description: string | null; quantity: number; amountMinor: number }[]
  seed: IntentSeed
}

/** Makes the object of a new, open session. */
export function newSession(world: World, given: SessionParams): { session: Session; order: Order } {
  const id = newId('cs_test_', 58)
  const created = seconds(world)
  const none = { amount_discount: 0, amount_shipping: 0, amount_tax: 0 }
  const session: Session = {
    id,
    object: 'checkout.session',
    adaptive_pricing: given.adaptive_pricing ?? { enabled: true },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: given.allowed_payment_method_types ?? null,
    amount_subtotal: given.totalMinor,
    amount_total: given.totalMinor,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: given.cancel_url ?? null,
    client_reference_id: given.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created,
    currency: given.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: null,
    customer_account: null,
    customer_creation: 'if_required',
    customer_details: null,
    customer_email: given.customer_email ?? null,
    discounts: [],
    expires_at: given.expires_at,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: given.metadata,
    mode: 'payment',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: given.allowed_payment_method_types ?? ['card'],
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: given.submit_type ?? null,
    subscription: null,
    success_url: given.success_url,
    total_details: none,
    ui_mode: 'hosted_page',
    url: `${world.baseUrl()}/c/pay/${id}`,
    wallet_options: null,
  }
  const { metadata, description = null, receipt_email = null } = given.payment_intent_data
  const order: Order = {
    id,
    created,
    payee: given.branding_settings?.display_name ?? 'Sandbox merchant',
    lines: given.line_items.map(({ quantity, price_data: { product_data, unit_amount } }) => ({
      name: product_data.name,
      description: product_data.description ?? null,
      quantity,
      amountMinor: quantity * unit_amount,
    })),
    seed: {
      amountMinor: given.totalMinor,
      currency: given.currency,
      metadata,
      description,
      receiptEmail: receipt_email,
      methods: session.payment_method_types,
    },
  }
  return { session, order }
}
