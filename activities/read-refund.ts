import type { Database } from '../src/db/pool.ts'
import type { PaymentMethod } from '../src/domain/plan.ts'
import { reading } from './effects.ts'

/** A refund as the client is told of it. Amounts in minor units. */
export interface TellableRefund {
  /** What goes back online: a part that was refused meanwhile is left out. */
  parts: { amountMinor: bigint; method: PaymentMethod; paidAt: Date; paymentId: string }[]
  otherMeansMinor: bigint
}

/** Reads what goes back to which payment, newest first, and what is paid by other means (R17). */
export async function readRefund(db: Database, firmId: string, refundId: string): Promise<TellableRefund> {
  const refund = await reading(
    db
      .selectFrom('refund')
      .select('other_means_minor')
      .where('firm_id', '=', firmId)
      .where('id', '=', refundId)
      .executeTakeFirstOrThrow(),
  )
  const parts = await reading(
    db
      .selectFrom('refund_part')
      .innerJoin('payment', (join) =>
        join.onRef('payment.firm_id', '=', 'refund_part.firm_id').onRef('payment.id', '=', 'refund_part.payment_id'),
      )
      .select(['refund_part.amount_minor', 'payment.method', 'payment.settled_at', 'payment.id'])
      .where('refund_part.firm_id', '=', firmId)
      .where('refund_part.refund_id', '=', refundId)
      .where('refund_part.means', '=', 'ONLINE')
      .where('refund_part.status', '<>', 'FAILED')
      .orderBy('payment.settled_at', 'desc')
      .execute(),
  )
  return {
    otherMeansMinor: refund.other_means_minor,
    parts: parts.map((part) => ({
      amountMinor: part.amount_minor,
      method: part.method as PaymentMethod,
      paidAt: part.settled_at,
      paymentId: part.id,
    })),
  }
}
