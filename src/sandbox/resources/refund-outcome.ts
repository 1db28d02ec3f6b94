import type Stripe from 'stripe'
import type { RefundFate } from '../behaviour.ts'
import { emit } from '../emit.ts'
import type { World } from '../world.ts'
import { findCharge, saveCharge } from './charges.ts'
import { moveBalance } from './movement.ts'

/** A refund as it is stored: nothing expanded. */
export type StoredRefund = Stripe.Refund & { charge: string }

const SUCCEED = 'refund_succeeds'
const FAIL = 'refund_fails'

const isCard = (refund: StoredRefund) => refund.destination_details?.card !== undefined

/** Takes a refund's amount from the balance; gives the transaction's id. */
export function bookRefund(world: World, account: string, refund: StoredRefund): string {
  return moveBalance(world, {
    account,
    kind: isCard(refund) ? 'refund' : 'payment_refund',
    amountMinor: -refund.amount,
    currency: refund.currency,
    source: refund.id,
    description: `REFUND FOR CHARGE (${refund.charge})`,
  }).id
}

/** Plans what becomes of a refund that has just been made. */
export function planRefund(world: World, account: string, refund: StoredRefund, fate: RefundFate): void {
  const { refundSettlesAfterMs } = world.behaviour.current()
  if (fate === 'succeeds_at_once' || refundSettlesAfterMs === null) return
  const task = fate === 'fails_later' ? FAIL : SUCCEED
  world.agenda.plan(task, account, refund.id, world.now() + refundSettlesAfterMs)
}

/** Lets refunds succeed or fail at their time, unless a control route has decided before. */
export function concludeRefundsOnTime(world: World): void {
  const find = (account: string, id: string) => world.documents.get<StoredRefund>('refund', account, id)
  world.agenda.on(SUCCEED, (account, id) => {
    const refund = find(account, id)
    if (refund?.status === 'pending') succeedRefund(world, account, refund)
  })
  world.agenda.on(FAIL, (account, id) => {
    const refund = find(account, id)
    if (refund && refund.status !== 'failed') failRefund(world, account, refund)
  })
}

function tell(world: World, account: string, refund: StoredRefund, types: Stripe.Event.Type[]): StoredRefund {
  world.documents.put('refund', account, refund)
  for (const type of types) emit(world, { account, type, object: refund, cause: null })
  return refund
}

/** A pending refund has reached the payer; one that waited for the balance is taken from it now. */
export function succeedRefund(world: World, account: string, pending: StoredRefund): StoredRefund {
  const { pending_reason: _, ...refund } = pending
  const balance_transaction = refund.balance_transaction ?? bookRefund(world, account, refund)
  const done: StoredRefund = { ...refund, balance_transaction, status: 'succeeded' }
  return tell(world, account, done, ['refund.updated', 'charge.refund.updated'])
}

/** A refund could not reach the payer: what was taken for it comes back, and the charge counts as not refunded by it. */
export function failRefund(world: World, account: string, refund: StoredRefund, reason?: string): StoredRefund {
  const { pending_reason: _, ...rest } = refund
  const failed: StoredRefund = {
    ...rest,
    status: 'failed',
    failure_reason: reason ?? (isCard(refund) ? 'expired_or_canceled_card' : 'declined'),
    ...(refund.balance_transaction !== null && { failure_balance_transaction: takeBack(world, account, refund) }),
  }
  const charge = findCharge(world, account, refund.charge)
  if (charge) {
    const amount_refunded = charge.amount_refunded - refund.amount
    saveCharge(world, account, { ...charge, amount_refunded, refunded: false })
  }
  return tell(world, account, failed, ['refund.updated', 'charge.refund.updated', 'refund.failed'])
}

function takeBack(world: World, account: string, refund: StoredRefund): string {
  return moveBalance(world, {
    account,
    kind: 'refund_failure',
    amountMinor: refund.amount,
    currency: refund.currency,
    source: refund.id,
    description: `REFUND FAILURE (${refund.charge})`,
  }).id
}
