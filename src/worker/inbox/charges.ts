import type Stripe from 'stripe'
import { orUnknown } from '../../provider/unknown.ts'
import { accountOf, idOf, providerAccount, unknownAtProvider } from './at-provider.ts'
import { bookedPayment, paymentNotBooked } from './booked-payments.ts'
import { type InboxRow, settleRow } from './rows.ts'
import type { StripeEventDependencies } from './stripe-events.ts'

/** How a charge was paid, and its fee where that is known already: Stripe tells it by `charge.updated` otherwise. */
export function chargeFacts(charge: Stripe.Charge | null): { method: 'CARD' | 'BANK_DEBIT'; feeMinor: bigint | null } {
  const transaction = typeof charge?.balance_transaction === 'object' ? charge.balance_transaction : null
  // Where the account settles in another currency, the fee is none of the payment's.
  const isKnown = transaction !== null && transaction.currency === charge?.currency
  return {
    method: charge?.payment_method_details?.type === 'us_bank_account' ? 'BANK_DEBIT' : 'CARD',
    feeMinor: isKnown ? BigInt(transaction.fee) : null,
  }
}

/** Notes a payment's fee when it becomes known; it is booked with the payout that it is taken from. */
export async function handleCharge({ db, stripe }: StripeEventDependencies, row: InboxRow): Promise<void> {
  const expand = ['payment_intent', 'balance_transaction']
  const charge = await orUnknown(stripe.charges.retrieve(row.objectId, { expand }, accountOf(row)))
  if (!charge) return unknownAtProvider(db, row)
  const { feeMinor } = chargeFacts(charge)
  if (charge.status !== 'succeeded' || feeMinor === null) return settleRow(db, row.id, 'no fee to note')
  const paymentId = idOf(charge.payment_intent)
  const payment = paymentId && (await bookedPayment(db, row, paymentId))
  if (!payment) return paymentNotBooked(db, row, charge.payment_intent)
  await db
    .updateTable('payment')
    .set({ fee_minor: feeMinor })
    .where('id', '=', payment.paymentId)
    .where('provider_account', '=', providerAccount(row))
    .execute()
  return settleRow(db, row.id, 'fee noted')
}
