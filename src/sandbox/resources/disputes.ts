import type Stripe from 'stripe'
import { z } from 'zod'
import { disputeFee } from '../currencies.ts'
import { emit } from '../emit.ts'
import { createdRange, paging, parse, text } from '../params.ts'
import type { Endpoint, World } from '../world.ts'
import type { StoredCharge } from './charge-object.ts'
import { saveCharge } from './charges.ts'
import { newDispute, type Objection, type StoredDispute, unanswered } from './dispute-object.ts'
import { listAnswer, retrieve } from './list.ts'
import { moveBalance } from './movement.ts'

const PATH = '/v1/disputes'
const KIND = 'dispute'

/** Disputes of a charge, newest first. */
export function disputesOf(world: World, account: string, chargeId: string): StoredDispute[] {
  const found = world.documents.list<StoredDispute>(KIND, account, { limit: 100 }, { equal: { '$.charge': chargeId } })
  return found?.data ?? []
}

function tell(world: World, account: string, type: Stripe.Event.Type, dispute: StoredDispute): StoredDispute {
  world.documents.put(KIND, account, dispute)
  emit(world, { account, type, object: dispute, cause: null })
  return dispute
}

/** The cardholder's bank objects. No money moves yet, and of an inquiry none need ever move. */
export function openDispute(world: World, account: string, objection: Objection): StoredDispute {
  saveCharge(world, account, { ...objection.charge, disputed: true })
  return tell(world, account, 'charge.dispute.created', newDispute(world, objection))
}

/** A settled debit comes back: a dispute that is lost from the start, with the money gone. */
export function openReturn(world: World, account: string, charge: StoredCharge, reason: string): StoredDispute {
  const amountMinor = charge.amount - charge.amount_refunded
  const dispute = openDispute(world, account, { charge, amountMinor, reason, status: 'lost' })
  return tell(world, account, 'charge.dispute.closed', withdraw(world, account, dispute))
}

/** The merchant has answered, at Stripe's dashboard: whose turn it is now. */
export function answer(world: World, account: string, dispute: StoredDispute): StoredDispute {
  const status = dispute.status === 'warning_needs_response' ? 'warning_under_review' : 'under_review'
  const given = { has_evidence: true, submission_count: 1, submission_method: 'manual' }
  const evidence_details = { ...dispute.evidence_details, ...given }
  return tell(world, account, 'charge.dispute.updated', { ...dispute, status, evidence_details })
}

/** Stripe takes the amount and its fee from the balance; an inquiry becomes a dispute by it. */
export function withdraw(world: World, account: string, dispute: StoredDispute): StoredDispute {
  const { amount, charge, currency, id } = dispute
  const withdrawal = moveBalance(world, {
    account,
    kind: 'dispute',
    amountMinor: -amount,
    feeMinor: disputeFee(currency),
    currency,
    source: id,
    description: `Chargeback withdrawal for ${charge}`,
  })
  const inquiry = dispute.status.startsWith('warning_')
  const withdrawn: StoredDispute = {
    ...dispute,
    ...(inquiry && escalated(world, dispute)),
    balance_transactions: [...dispute.balance_transactions, withdrawal],
    is_charge_refundable: false,
  }
  if (inquiry) tell(world, account, 'charge.dispute.updated', withdrawn)
  return tell(world, account, 'charge.dispute.funds_withdrawn', withdrawn)
}

/** An inquiry that became a dispute proper: it is to be answered once more, until another day. */
function escalated(world: World, { payment_method_details: details }: StoredDispute) {
  const status = 'needs_response' as const
  const card = details?.card && { ...details.card, case_type: 'chargeback' as const }
  return {
    status,
    evidence_details: unanswered(world, status),
    ...(details && card && { payment_method_details: { ...details, card } }),
  }
}

/** How a dispute is won: with all that it withdrew, or a part; with its fee or not, as Stripe does in some countries. */
export interface Win {
  amountMinor: number
  feeReturned: boolean
}

/** The bank decides for the merchant: what was withdrawn comes back, the fee as a negative one. */
export function win(world: World, account: string, dispute: StoredDispute, how: Win): StoredDispute {
  const won = tell(world, account, 'charge.dispute.closed', { ...dispute, status: 'won', is_charge_refundable: true })
  if (dispute.balance_transactions.length === 0) return won
  const reinstatement = moveBalance(world, {
    account,
    kind: 'dispute_reversal',
    amountMinor: how.amountMinor,
    feeMinor: how.feeReturned ? -disputeFee(dispute.currency) : 0,
    currency: dispute.currency,
    source: dispute.id,
    description: `Chargeback reversal for ${dispute.charge}`,
  })
  const balance_transactions = [...won.balance_transactions, reinstatement]
  return tell(world, account, 'charge.dispute.funds_reinstated', { ...won, balance_transactions })
}

/** The bank decides for the payer; the money goes now if it has not gone before. */
export function lose(world: World, account: string, dispute: StoredDispute): StoredDispute {
  const taken = dispute.balance_transactions.length > 0 ? dispute : withdraw(world, account, dispute)
  return tell(world, account, 'charge.dispute.closed', { ...taken, status: 'lost', is_charge_refundable: false })
}

/** An inquiry ends without a dispute. */
export function closeInquiry(world: World, account: string, inquiry: StoredDispute): StoredDispute {
  return tell(world, account, 'charge.dispute.closed', { ...inquiry, status: 'warning_closed' })
}

const ListParams = z.strictObject({
  ...paging,
  charge: text().optional(),
  created: createdRange,
  payment_intent: text().optional(),
})

/** GET /v1/disputes and /v1/disputes/:id. */
export const disputeEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: PATH,
    act(call) {
      const { charge, payment_intent, created, ...page } = parse(ListParams, call.params)
      const equal = { '$.charge': charge, '$.payment_intent': payment_intent }
      return listAnswer(call, KIND, PATH, page, { equal, created: created ?? {} })
    },
  },
  { method: 'GET', path: `${PATH}/:id`, act: (call) => retrieve(call, KIND) },
]
