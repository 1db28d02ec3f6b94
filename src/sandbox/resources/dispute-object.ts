import type Stripe from 'stripe'
import { newId } from '../ids.ts'
import { seconds, type World } from '../world.ts'
import type { StoredCharge } from './charge-object.ts'

/** A dispute as it is stored: nothing expanded but its balance transactions, which Stripe always spells out. */
export type StoredDispute = Stripe.Dispute & { charge: string; payment_intent: string }

/** What is disputed and how. Amounts in minor units. */
export interface Objection {
  charge: StoredCharge
  amountMinor: number
  reason: string
  status: 'needs_response' | 'warning_needs_response' | 'lost'
}

const DAY_SECONDS = 24 * 60 * 60
/** How long the merchant has to answer: an inquiry is given more time than a dispute proper. */
const ANSWER_WITHIN_DAYS = { needs_response: 14, warning_needs_response: 20 }
/** What Stripe says of a dispute that its bank takes no answer to. */
const NO_ANSWER_TAKEN = 0

const NO_EVIDENCE: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}

function methodDetails({ charge, status }: Objection): Pick<Stripe.Dispute, 'payment_method_details'> {
  const brand = charge.payment_method_details?.card?.brand
  if (!brand) return {}
  const case_type = status === 'warning_needs_response' ? 'inquiry' : 'chargeback'
  return {
    payment_method_details: { type: 'card', card: { brand, case_type, network: brand, network_reason_code: null } },
  }
}

/** The evidence details of a dispute that has just come, or just become a dispute proper. */
export function unanswered(world: World, status: Objection['status']): Stripe.Dispute.EvidenceDetails {
  return {
    due_by: status === 'lost' ? NO_ANSWER_TAKEN : seconds(world) + ANSWER_WITHIN_DAYS[status] * DAY_SECONDS,
    enhanced_eligibility: {},
    has_evidence: false,
    past_due: false,
    submission_count: 0,
    submission_method: 'not_submitted',
  }
}

/** Makes the object of a new dispute; no money has moved yet. */
export function newDispute(world: World, objection: Objection): StoredDispute {
  const { charge, amountMinor, reason, status } = objection
  const created = seconds(world)
  const final = status === 'lost'
  return {
    id: newId('dp_1'),
    object: 'dispute',
    amount: amountMinor,
    balance_transactions: [],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: NO_EVIDENCE,
    evidence_details: unanswered(world, status),
    intended_submission_method: null,
    is_charge_refundable: !final,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    ...methodDetails(objection),
    reason,
    status,
  }
}
