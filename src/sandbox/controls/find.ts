import type Stripe from 'stripe'
import type { StoredCharge } from '../resources/charge-object.ts'
import { findCharge } from '../resources/charges.ts'
import type { World } from '../world.ts'
import { unknown } from './control.ts'

/** Something a control is about, with the account it belongs to. */
interface Found<T> {
  account: string
  object: T
}

/** The newest charge of a payment, by the id of its intent. Throws 404. */
export function chargeOfPayment(world: World, intentId: string): Found<StoredCharge> {
  const account = world.documents.ownerOf('payment_intent', intentId)
  const intent =
    account === undefined ? undefined : world.documents.get<Stripe.PaymentIntent>('payment_intent', account, intentId)
  const object = intent && findCharge(world, account ?? '', intent.latest_charge as string)
  if (!object) throw unknown(`There is no payment ${intentId}.`)
  return { account: account ?? '', object }
}

/** The object with this id or, where it is the id of a payment intent, the newest of that payment. Throws 404. */
export function findByIdOrPayment<T extends object>(
  world: World,
  kind: 'refund' | 'dispute' | 'payout',
  id: string,
): Found<T> {
  const owner = world.documents.ownerOf(kind, id)
  if (owner !== undefined) {
    const object = world.documents.get<T>(kind, owner, id)
    if (object) return { account: owner, object }
  }
  const account = world.documents.ownerOf('payment_intent', id)
  const newest =
    account === undefined
      ? undefined
      : world.documents.list<T>(kind, account, { limit: 1 }, { equal: { '$.payment_intent': id } })
  const object = newest?.data[0]
  if (!object) throw unknown(`There is no ${kind} ${id}.`)
  return { account: account ?? '', object }
}
