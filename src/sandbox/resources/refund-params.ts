import type Stripe from 'stripe'
import { z } from 'zod'
import { checkStep, formatAmount } from '../currencies.ts'
import { invalidRequest, noSuch } from '../errors.ts'
import { integer, metadata, parse, text } from '../params.ts'
import { type Call, seconds, type World } from '../world.ts'
import type { StoredCharge } from './charge-object.ts'
import { findCharge } from './charges.ts'
import { disputesOf } from './disputes.ts'

/** A bank debit can be refunded for that long, counted from the charge. */
const BANK_REFUND_WITHIN_SECONDS = 180 * 24 * 60 * 60

/** Disputes that keep the charge's money out of reach, and what is answered then; one that was won, or an inquiry, does not. */
const REFUSED_BY_DISPUTE: Partial<Record<Stripe.Dispute['status'], [code: string, why: string]>> = {
  needs_response: ['refund_disputed_payment', 'is disputed'],
  under_review: ['refund_disputed_payment', 'is disputed'],
  lost: ['charge_disputed', 'has been charged back'],
}

const CreateParams = z.strictObject({
  charge: text().optional(),
  payment_intent: text().optional(),
  amount: integer.pipe(z.number().min(1)).optional(),
  metadata: metadata.default({}),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
})

/** Checks the parameters of POST /v1/refunds and finds the charge they mean. Throws as `parse` does, and 404. */
export function parseRefund(call: Call) {
  const given = parse(CreateParams, call.params)
  if ((given.charge === undefined) === (given.payment_intent === undefined)) {
    const message = 'One of the following params should be provided for this request: payment_intent or charge.'
    throw invalidRequest(message, {}, false)
  }
  return { ...given, charge: chargeMeant(call, given) }
}

function chargeMeant({ world, account }: Call, given: z.output<typeof CreateParams>): StoredCharge {
  let chargeId = given.charge
  if (given.payment_intent !== undefined) {
    const intent = world.documents.get<Stripe.PaymentIntent>('payment_intent', account, given.payment_intent)
    if (!intent) throw noSuch('payment_intent', given.payment_intent, 'payment_intent')
    if (intent.status !== 'succeeded') {
      const message = `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`
      throw invalidRequest(message, { param: 'payment_intent' })
    }
    chargeId = intent.latest_charge as string
  }
  const charge = findCharge(world, account, chargeId ?? '')
  if (!charge) throw noSuch('charge', chargeId ?? '', 'charge')
  return charge
}

/**
 * What may be refunded: the given amount or all that is left, in minor units. Throws the refusal Stripe would answer with for a
 * charge that is not paid, disputed, too old or refunded already, and for more than is left.
 */
export function refundable(world: World, account: string, charge: StoredCharge, amountMinor?: number): number {
  const { id, currency } = charge
  if (charge.status !== 'succeeded') throw invalidRequest(`Charge ${id} has not been paid; it cannot be refunded.`)
  for (const { status } of disputesOf(world, account, id)) {
    const [code, why] = REFUSED_BY_DISPUTE[status] ?? []
    if (code) throw invalidRequest(`Charge ${id} ${why}; cannot issue a refund.`, { code })
  }
  const leftMinor = charge.amount - charge.amount_refunded
  if (leftMinor === 0)
    throw invalidRequest(`Charge ${id} has already been refunded.`, { code: 'charge_already_refunded' })
  const age = seconds(world) - charge.created
  if (charge.payment_method_details?.type === 'us_bank_account' && age > BANK_REFUND_WITHIN_SECONDS)
    throw invalidRequest(`Charge ${id} is more than 180 days old; it can no longer be refunded.`, {
      code: 'charge_not_refundable',
    })
  if (amountMinor === undefined) return leftMinor
  if (amountMinor > leftMinor) {
    const [asked, left] = [formatAmount(amountMinor, currency), formatAmount(leftMinor, currency)]
    const message = `Refund amount (${asked}) is greater than unrefunded amount on charge (${left})`
    throw invalidRequest(message, { param: 'amount' })
  }
  checkStep(amountMinor, currency)
  return amountMinor
}
