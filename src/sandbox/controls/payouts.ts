import type Stripe from 'stripe'
import { z } from 'zod'
import { arrive, failPayout, freeToPayOut, payOut, payOutByHand, reconcile } from '../resources/payout-life.ts'
import type { World } from '../world.ts'
import { type Controls, notNow } from './control.ts'
import { findByIdOrPayment } from './find.ts'

const afterMs = z.int().nonnegative().nullable().default(0)
const account = z
  .string()
  .regex(/^(acct_\w+)?$/)
  .default('')
const PayingOut = z.strictObject({
  account,
  paidAfterMs: afterMs,
  reconciledAfterMs: afterMs,
})
const ByHand = z.strictObject({
  account,
  amount: z.int().positive().optional(),
  currency: z.string().length(3).default('usd'),
  instant: z.boolean().default(false),
  paidAfterMs: afterMs,
})
const Nothing = z.strictObject({})

function byHand(world: World, { paidAfterMs, amount, ...how }: z.output<typeof ByHand>): Stripe.Payout {
  const freeMinor = freeToPayOut(world, how.account).get(how.currency) ?? 0
  const amountMinor = amount ?? freeMinor
  if (amountMinor < 1 || amountMinor > freeMinor) throw notNow(`The balance has ${freeMinor} ${how.currency}.`)
  return payOutByHand(world, how.account, { ...how, amountMinor }, paidAfterMs)
}

/**
 * `/payouts {account?, paidAfterMs?, reconciledAfterMs?}` pays out all that has not been, one payout per currency: answers with
 * them, none if there is nothing. They arrive and are reconciled at once, later, or (null) when `/payouts/:id/pay` and
 * `/payouts/:id/reconcile` say so; `/payouts/:id/fail` sends one back; `/payouts/manual {account?, amount?, currency?, instant?,
 * paidAfterMs?}` makes one by hand, of all there is where no amount is given. These answer with the payout.
 */
export function payoutControls(controls: Controls): void {
  const step = (path: string, act: typeof arrive) =>
    controls.on(path, Nothing, (world, id) => {
      const { account, object } = findByIdOrPayment<Stripe.Payout>(world, 'payout', id)
      return act(world, account, object.id) ?? object
    })
  controls.on('/payouts/manual', ByHand, (world, _, body) => byHand(world, body))
  controls.on('/payouts', PayingOut, (world, _, { account, ...times }) => payOut(world, account, times))
  step('/payouts/:id/pay', arrive)
  step('/payouts/:id/reconcile', reconcile)
  controls.on('/payouts/:id/fail', Nothing, (world, id) => {
    const { account, object } = findByIdOrPayment<Stripe.Payout>(world, 'payout', id)
    if (object.status === 'failed') throw notNow(`The payout ${object.id} has failed already.`)
    return failPayout(world, account, object)
  })
}
