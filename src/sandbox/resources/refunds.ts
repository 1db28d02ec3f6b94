import type Stripe from 'stripe'
import { z } from 'zod'
import type { RefundFate } from '../behaviour.ts'
import { emit } from '../emit.ts'
import { invalidRequest } from '../errors.ts'
import { newId } from '../ids.ts'
import { createdRange, paging, parse, text } from '../params.ts'
import { type Call, type Cause, type Endpoint, seconds, type World } from '../world.ts'
import type { StoredCharge } from './charge-object.ts'
import { meansOf, saveCharge } from './charges.ts'
import { listAnswer, retrieve } from './list.ts'
import { bookRefund, planRefund, type StoredRefund } from './refund-outcome.ts'
import { parseRefund, refundable } from './refund-params.ts'

const PATH = '/v1/refunds'

interface Request {
  amountMinor: number
  reason: Stripe.Refund.Reason | null
  metadata: Record<string, string>
  cause: Cause
}

function fateOf(world: World, account: string, charge: StoredCharge): RefundFate {
  const means = meansOf(world, account, charge.id)
  const usual = means && 'card' in means ? (means.card.refunds ?? 'succeeds_at_once') : 'succeeds_later'
  return world.behaviour.takeRefundFate() ?? usual
}

/** Makes a refund of a charge whose amount was checked by `refundable`, and tells of it. Throws 400 where the balance is too small. */
export function makeRefund(world: World, account: string, charge: StoredCharge, request: Request): StoredRefund {
  const { amountMinor, reason, metadata, cause } = request
  if (world.behaviour.current().withoutBalance.includes(account)) {
    const message = 'You have insufficient funds in your Stripe account to make this refund.'
    throw invalidRequest(message, { code: 'balance_insufficient' })
  }
  const card = charge.payment_method_details?.type === 'card'
  const fate = fateOf(world, account, charge)
  // A card's refund that fails later had succeeded; a bank's is on its way until it is done or has failed.
  const succeeded = fate === 'succeeds_at_once' || (fate === 'fails_later' && card)
  const refund: StoredRefund = {
    id: newId(card ? 're_3' : 'pyr_1'),
    object: 'refund',
    amount: amountMinor,
    balance_transaction: null,
    charge: charge.id,
    created: seconds(world),
    currency: charge.currency,
    customer: null,
    customer_account: null,
    ...(card && { destination_details: { type: 'card', card: { type: 'refund' } } }),
    metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(!succeeded && { pending_reason: fate === 'short_of_balance' ? 'insufficient_funds' : 'processing' }),
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: succeeded ? 'succeeded' : 'pending',
    transfer_reversal: null,
  }
  if (fate !== 'short_of_balance') refund.balance_transaction = bookRefund(world, account, refund)
  world.documents.put('refund', account, refund)
  planRefund(world, account, refund, fate)

  const amount_refunded = charge.amount_refunded + amountMinor
  const refunded = { ...charge, amount_refunded, refunded: amount_refunded === charge.amount }
  const previous = { amount_refunded: charge.amount_refunded, refunded: charge.refunded }
  saveCharge(world, account, refunded)
  emit(world, { account, type: 'refund.created', object: refund, cause })
  emit(world, { account, type: 'charge.refunded', object: refunded, previous, cause })
  return refund
}

function create(call: Call): StoredRefund {
  const { world, account, cause } = call
  const { charge, amount, metadata, reason = null } = parseRefund(call)
  const amountMinor = refundable(world, account, charge, amount)
  return makeRefund(world, account, charge, { amountMinor, reason, metadata, cause })
}

const ListParams = z.strictObject({
  ...paging,
  charge: text().optional(),
  created: createdRange,
  payment_intent: text().optional(),
})

/** POST and GET /v1/refunds, GET /v1/refunds/:id. */
export const refundEndpoints: Endpoint[] = [
  { method: 'POST', path: PATH, act: create },
  {
    method: 'GET',
    path: PATH,
    act(call) {
      const { charge, payment_intent, created, ...page } = parse(ListParams, call.params)
      const equal = { '$.charge': charge, '$.payment_intent': payment_intent }
      return listAnswer(call, 'refund', PATH, page, { equal, created: created ?? {} })
    },
  },
  { method: 'GET', path: `${PATH}/:id`, act: (call) => retrieve(call, 'refund') },
]
