import type Stripe from 'stripe'
import { newId } from '../ids.ts'
import { ROUTING_NUMBER, type TestAccount } from '../pay/test-accounts.ts'
import type { TestCard } from '../pay/test-cards.ts'
import { seconds, type World } from '../world.ts'

/** A charge as it is stored: nothing expanded. */
export type StoredCharge = Omit<Stripe.Charge, 'status'> & {
  payment_intent: string
  balance_transaction: string | null
  status: 'succeeded' | 'pending' | 'failed'
}

/** What pays: a card or a bank account of the sandbox. */
export type Means = { card: TestCard } | { bankAccount: TestAccount }

function cardDetails(card: TestCard, amountMinor: number): Stripe.Charge.PaymentMethodDetails {
  return {
    type: 'card',
    card: {
      amount_authorized: amountMinor,
      authorization_code: null,
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      electronic_commerce_indicator: null,
      exp_month: 12,
      exp_year: 2034,
      funding: 'credit',
      installments: null,
      last4: card.number.slice(-4),
      mandate: null,
      network: card.brand,
      network_transaction_id: null,
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  }
}

function bankDetails(account: TestAccount): Stripe.Charge.PaymentMethodDetails {
  return {
    type: 'us_bank_account',
    us_bank_account: {
      account_holder_type: 'individual',
      account_type: 'checking',
      bank_name: 'SANDBOX BANK',
      fingerprint: `sandbox${account.number}`,
      last4: account.number.slice(-4),
      payment_reference: null,
      routing_number: ROUTING_NUMBER,
    },
  }
}

function outcomeOf(decline: TestCard['decline']): Stripe.Charge.Outcome {
  const paid = decline === undefined
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: paid ? 'approved_by_network' : 'declined_by_network',
    reason: decline?.declineCode ?? null,
    risk_level: 'normal',
    seller_message: paid ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
    type: paid ? 'authorized' : 'issuer_declined',
  }
}

/** Makes the object of a charge for the whole intent: a card's has succeeded or failed, a bank account's is pending. */
export function newCharge(world: World, intent: Stripe.PaymentIntent, means: Means, email: string): StoredCharge {
  const byCard = 'card' in means
  const decline = byCard ? means.card.decline : undefined
  const captured = decline === undefined
  return {
    id: newId(byCard ? 'ch_3' : 'py_3'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: 'SANDBOX',
    captured,
    created: seconds(world),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(decline),
    paid: byCard && captured,
    payment_intent: intent.id,
    payment_method: newId('pm_1'),
    payment_method_details: byCard ? cardDetails(means.card, intent.amount) : bankDetails(means.bankAccount),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: byCard ? (captured ? 'succeeded' : 'failed') : 'pending',
    transfer_data: null,
    transfer_group: null,
  }
}
