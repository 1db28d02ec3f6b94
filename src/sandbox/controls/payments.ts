import { z } from 'zod'
import { DEBIT_FAILURES, type DebitFailure } from '../pay/test-accounts.ts'
import type { StoredCharge } from '../resources/charge-object.ts'
import { makeFeeKnown } from '../resources/charges.ts'
import { failDebit, settleDebit } from '../resources/debits.ts'
import { openReturn } from '../resources/disputes.ts'
import type { World } from '../world.ts'
import { type Controls, notNow } from './control.ts'
import { chargeOfPayment } from './find.ts'

const FAILURES = Object.keys(DEBIT_FAILURES) as [DebitFailure, ...DebitFailure[]]
const Nothing = z.strictObject({})

function pendingDebit(world: World, paymentId: string): { account: string; object: StoredCharge } {
  const found = chargeOfPayment(world, paymentId)
  if (found.object.status !== 'pending') throw notNow(`The payment ${paymentId} is not on its way.`)
  return found
}

/**
 * By the id of the payment intent; each answers with the charge, or with the dispute a return is:
 * `/debits/:id/settle`, `/debits/:id/fail {failure?}`, `/debits/:id/return {reason?}`, and `/payments/:id/fee`, which makes a fee
 * known that was held back.
 */
export function paymentControls(controls: Controls): void {
  controls
    .on('/debits/:id/settle', Nothing, (world, id) => {
      const { account, object } = pendingDebit(world, id)
      return settleDebit(world, account, object)
    })
    .on(
      '/debits/:id/fail',
      z.strictObject({ failure: z.enum(FAILURES).default('insufficient_funds') }),
      (world, id, body) => {
        const { account, object } = pendingDebit(world, id)
        return failDebit(world, account, object, body.failure)
      },
    )
    .on(
      '/debits/:id/return',
      z.strictObject({ reason: z.enum(FAILURES).default('insufficient_funds') }),
      (world, id, body) => {
        const { account, object } = chargeOfPayment(world, id)
        const bank = object.payment_method_details?.type === 'us_bank_account'
        const left = object.amount - object.amount_refunded
        if (!bank || object.status !== 'succeeded' || object.disputed || left === 0)
          throw notNow(`The payment ${id} is no settled debit that can come back.`)
        return openReturn(world, account, object, body.reason)
      },
    )
    .on('/payments/:id/fee', Nothing, (world, id) => {
      const { account, object } = chargeOfPayment(world, id)
      return makeFeeKnown(world, account, object.id) ?? object
    })
}
