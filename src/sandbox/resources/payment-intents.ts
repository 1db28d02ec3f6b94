import type Stripe from 'stripe'
import { z } from 'zod'
import { emit } from '../emit.ts'
import { newId } from '../ids.ts'
import { createdRange, paging, parse } from '../params.ts'
import { type Cause, type Endpoint, seconds, type World } from '../world.ts'
import type { StoredCharge } from './charge-object.ts'
import { listAnswer, retrieve } from './list.ts'

const PATH = '/v1/payment_intents'

/** What a Checkout session gives its payment, kept from when the session was made. */
export interface IntentSeed {
  amountMinor: number
  currency: string
  metadata: Record<string, string>
  description: string | null
  receiptEmail: string | null
  /** The payment method types that may pay it. */
  methods: string[]
}

/** Makes the intent behind a session's first payment attempt and tells of it. */
export function createIntent(world: World, account: string, seed: IntentSeed): Stripe.PaymentIntent {
  const id = newId('pi_3')
  const intent: Stripe.PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: seed.amountMinor,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: newId(`${id}_secret_`),
    confirmation_method: 'automatic',
    created: seconds(world),
    currency: seed.currency,
    customer: null,
    customer_account: null,
    description: seed.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: seed.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: seed.methods,
    payment_record: null,
    processing: null,
    receipt_email: seed.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_group: null,
  }
  world.documents.put('payment_intent', account, intent)
  emit(world, { account, type: 'payment_intent.created', object: intent, cause: null })
  return intent
}

const OUTCOMES = {
  succeeded: { status: 'succeeded', event: 'payment_intent.succeeded' },
  pending: { status: 'processing', event: 'payment_intent.processing' },
  failed: { status: 'requires_payment_method', event: 'payment_intent.payment_failed' },
} as const

/** Lets the intent take over the state of its newest charge, and tells of it. */
export function followCharge(world: World, account: string, intent: Stripe.PaymentIntent, charge: StoredCharge): void {
  const { status, event } = OUTCOMES[charge.status]
  const failed = charge.status === 'failed'
  const followed: Stripe.PaymentIntent = {
    ...intent,
    latest_charge: charge.id,
    status,
    amount_received: charge.paid ? charge.amount : 0,
    payment_method: failed ? null : charge.payment_method,
    last_payment_error: failed ? failureOf(charge) : null,
  }
  world.documents.put('payment_intent', account, followed)
  emit(world, { account, type: event, object: followed, cause: null })
}

function failureOf(charge: StoredCharge): Stripe.PaymentIntent.LastPaymentError {
  const card = charge.payment_method_details?.type === 'card'
  return {
    type: card ? 'card_error' : 'invalid_request_error',
    charge: charge.id,
    ...(charge.failure_code && { code: charge.failure_code }),
    ...(card && charge.outcome?.reason && { decline_code: charge.outcome.reason }),
    ...(charge.failure_message && { message: charge.failure_message }),
  }
}

/** Cancels the intent of a session that ended unpaid. */
export function cancelIntent(world: World, account: string, id: string, cause: Cause): void {
  const intent = world.documents.get<Stripe.PaymentIntent>('payment_intent', account, id)
  if (!intent) return
  intent.status = 'canceled'
  intent.canceled_at = seconds(world)
  intent.cancellation_reason = 'expired'
  world.documents.put('payment_intent', account, intent)
  emit(world, { account, type: 'payment_intent.canceled', object: intent, cause })
}

const ListParams = z.strictObject({ ...paging, created: createdRange })

/** GET /v1/payment_intents and /v1/payment_intents/:id. */
export const paymentIntentEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: PATH,
    act(call) {
      const { created, ...page } = parse(ListParams, call.params)
      return listAnswer(call, 'payment_intent', PATH, page, { created: created ?? {} })
    },
  },
  { method: 'GET', path: `${PATH}/:id`, act: (call) => retrieve(call, 'payment_intent') },
]
