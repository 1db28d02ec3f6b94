import type Stripe from 'stripe'
import type { Database } from '../../db/pool.ts'
import type { PaymentInBooks } from '../../domain/events.ts'
import { idOf, providerAccount } from './at-provider.ts'
import { findFirm, matterOfAttempt } from './matters.ts'
import { type InboxRow, leaveOpen, settleRow } from './rows.ts'
import { noteWhose } from './whose.ts'

/** A payment with where it is booked: the firm, and the matter that is its home, if any. */
export interface BookedPayment extends PaymentInBooks {
  firmId: string
  matterId: string | null
}

/**
 * The payment as the books have it, if it was made on the account that the event came from: an event of one firm's account
 * touches no other's payment, and a firm that changes its account goes on with the payments on the old one.
 */
export async function bookedPayment(db: Database, row: InboxRow, paymentId: string): Promise<BookedPayment | null> {
  const payment = await db
    .selectFrom('payment')
    .select(['firm_id', 'matter_id', 'version', 'provider_account', 'unapplied_minor'])
    .where('id', '=', paymentId)
    .where('provider_account', '=', providerAccount(row))
    .executeTakeFirst()
  if (!payment) return null
  await noteWhose(db, row, { firmId: payment.firm_id, matterId: payment.matter_id })
  return {
    paymentId,
    firmId: payment.firm_id,
    matterId: payment.matter_id,
    providerAccount: providerAccount(row),
    paymentVersion: Number(payment.version ?? 0n),
    unappliedMinor: payment.unapplied_minor,
  }
}

/** The payment that `bookedPayment` gives as a fact tells it. */
export const inBooks = (payment: BookedPayment): PaymentInBooks => {
  const { paymentId, providerAccount, paymentVersion, unappliedMinor } = payment
  return { paymentId, providerAccount, paymentVersion, unappliedMinor }
}

const SOON_MS = 1_000

/**
 * An event about a payment that is not booked: it can have overtaken the payment's own event, and comes again; or the payment
 * is nobody's here.
 */
export async function paymentNotBooked(
  db: Database,
  row: InboxRow,
  intent: string | Stripe.PaymentIntent | null,
): Promise<void> {
  const { firmId = '', attemptId = '' } = (typeof intent === 'object' && intent?.metadata) || {}
  const { account } = row
  const ours = (await matterOfAttempt(db, { attemptId, account })) ?? (await findFirm(db, { firmId, account }))
  if (!ours) return settleRow(db, row.id, 'about no payment of ours')
  await noteWhose(db, row, ours)
  return leaveOpen(db, row.id, `its payment ${idOf(intent)} is not booked yet`, {
    againAfterMs: row.tries * SOON_MS,
  })
}
