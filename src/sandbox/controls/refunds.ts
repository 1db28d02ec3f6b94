import { z } from 'zod'
import { failRefund, type StoredRefund, succeedRefund } from '../resources/refund-outcome.ts'
import { refundable } from '../resources/refund-params.ts'
import { makeRefund } from '../resources/refunds.ts'
import { type Controls, notNow } from './control.ts'
import { chargeOfPayment, findByIdOrPayment } from './find.ts'

const Refunding = z.strictObject({ payment_intent: z.string(), amount: z.int().positive().optional() })

/**
 * `/refunds {payment_intent, amount?}` refunds as from Stripe's dashboard, without metadata; `/refunds/:id/succeed` and
 * `/refunds/:id/fail {reason?}` decide a refund, named by its id or by its payment's (then the newest). They answer with it.
 */
export function refundControls(controls: Controls): void {
  controls
    .on('/refunds', Refunding, (world, _, { payment_intent, amount }) => {
      const { account, object: charge } = chargeOfPayment(world, payment_intent)
      const amountMinor = refundable(world, account, charge, amount)
      return makeRefund(world, account, charge, { amountMinor, reason: null, metadata: {}, cause: null })
    })
    .on('/refunds/:id/succeed', z.strictObject({}), (world, id) => {
      const { account, object } = findByIdOrPayment<StoredRefund>(world, 'refund', id)
      if (object.status !== 'pending') throw notNow(`The refund ${object.id} is not pending.`)
      return succeedRefund(world, account, object)
    })
    .on('/refunds/:id/fail', z.strictObject({ reason: z.string().min(1).optional() }), (world, id, { reason }) => {
      const { account, object } = findByIdOrPayment<StoredRefund>(world, 'refund', id)
      if (object.status === 'failed') throw notNow(`The refund ${object.id} has failed already.`)
      return failRefund(world, account, object, reason)
    })
}
