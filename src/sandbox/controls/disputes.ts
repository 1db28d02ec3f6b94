import { z } from 'zod'
import type { StoredDispute } from '../resources/dispute-object.ts'
import { answer, closeInquiry, disputesOf, lose, openDispute, win, withdraw } from '../resources/disputes.ts'
import type { World } from '../world.ts'
import { type Controls, notNow } from './control.ts'
import { chargeOfPayment, findByIdOrPayment } from './find.ts'

const DISPUTES = ['needs_response', 'under_review']
const INQUIRIES = ['warning_needs_response', 'warning_under_review']
const OPEN = [...DISPUTES, ...INQUIRIES]

const Disputing = z.strictObject({
  payment_intent: z.string(),
  amount: z.int().positive().optional(),
  reason: z.string().min(1).default('fraudulent'),
  withdraw: z.boolean().default(true),
  inquiry: z.boolean().default(false),
})

const Winning = z.strictObject({ amount: z.int().positive().optional(), feeReturned: z.boolean().default(false) })

function open(world: World, body: z.output<typeof Disputing>): StoredDispute {
  const { account, object: charge } = chargeOfPayment(world, body.payment_intent)
  const amountMinor = body.amount ?? charge.amount - charge.amount_refunded
  if (charge.status !== 'succeeded' || amountMinor < 1 || amountMinor > charge.amount)
    throw notNow(`There is nothing of the payment ${body.payment_intent} that could be disputed so.`)
  if (disputesOf(world, account, charge.id).some(({ status }) => OPEN.includes(status)))
    throw notNow(`The payment ${body.payment_intent} is disputed already.`)
  const status = body.inquiry ? 'warning_needs_response' : 'needs_response'
  const opened = openDispute(world, account, { charge, amountMinor, reason: body.reason, status })
  return body.withdraw && !body.inquiry ? withdraw(world, account, opened) : opened
}

function openOne(world: World, id: string, statuses: string[]): { account: string; object: StoredDispute } {
  const found = findByIdOrPayment<StoredDispute>(world, 'dispute', id)
  if (!statuses.includes(found.object.status))
    throw notNow(`The dispute ${found.object.id} is ${found.object.status}: this cannot happen to it.`)
  return found
}

/**
 * `/disputes {payment_intent, amount?, reason?, withdraw?, inquiry?}` opens one, with the money withdrawn unless told otherwise;
 * `/disputes/:id/answer`, `/withdraw`, `/win {amount?, feeReturned?}`, `/lose` and, for an inquiry, `/close` go on with it, by
 * its id or its payment's.
 */
export function disputeControls(controls: Controls): void {
  controls
    .on('/disputes', Disputing, (world, _, body) => open(world, body))
    .on('/disputes/:id/answer', z.strictObject({}), (world, id) => {
      const { account, object } = openOne(world, id, ['needs_response', 'warning_needs_response'])
      return answer(world, account, object)
    })
    .on('/disputes/:id/withdraw', z.strictObject({}), (world, id) => {
      const { account, object } = openOne(world, id, OPEN)
      if (object.balance_transactions.length > 0) throw notNow(`The money of ${object.id} is withdrawn already.`)
      return withdraw(world, account, object)
    })
    .on('/disputes/:id/win', Winning, (world, id, { amount, feeReturned }) => {
      const { account, object } = openOne(world, id, DISPUTES)
      if (amount !== undefined && amount > object.amount) throw notNow(`The dispute ${id} is about less.`)
      return win(world, account, object, { amountMinor: amount ?? object.amount, feeReturned })
    })
    .on('/disputes/:id/lose', z.strictObject({}), (world, id) => {
      const { account, object } = openOne(world, id, DISPUTES)
      return lose(world, account, object)
    })
    .on('/disputes/:id/close', z.strictObject({}), (world, id) => {
      const { account, object } = openOne(world, id, INQUIRIES)
      return closeInquiry(world, account, object)
    })
}
