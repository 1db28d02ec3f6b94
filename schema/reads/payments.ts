import type { Page } from '../paging.ts'
import type { Firmly } from '../reading.ts'

const payments = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('payment')
    .innerJoin('firm', 'firm.id', 'payment.firm_id')
    .where('payment.firm_id', '=', firmId)
    .select((row) => [
      'firm.currency',
      'payment.id',
      'payment.matter_id',
      'payment.method',
      'payment.provider_account',
      'payment.amount_minor',
      'payment.fee_minor',
      'payment.refunded_minor',
      'payment.reversed_minor',
      'payment.unapplied_minor',
      'payment.refundable_until',
      'payment.refundable_online',
      'payment.settled_at',
      row
        .exists(
          row
            .selectFrom('dispute')
            .whereRef('dispute.firm_id', '=', 'payment.firm_id')
            .whereRef('dispute.payment_id', '=', 'payment.id')
            .where('dispute.status', '=', 'OPEN')
            .select('dispute.id'),
        )
        .as('disputed'),
    ])

// A NUL in a text, which a stranger's id may hold, is an error to PostgreSQL.
const PAYMENT_ID = /^[\w-]{1,80}$/

/** Payments of the firm by id. */
export const paymentsById = (trx: Firmly, ids: readonly string[], firmId: string) =>
  payments(trx, firmId)
    .where('payment.id', 'in', ['', ...ids.filter((id) => PAYMENT_ID.test(id))])
    .execute()

/** One page of the payments of which something lies in the firm's unapplied funds, oldest first. */
export function unappliedPage(trx: Firmly, firmId: string, { limit, after }: Page<[string, string]>) {
  let query = payments(trx, firmId)
    .where('payment.unapplied_minor', '>', 0n)
    .orderBy('payment.settled_at')
    .orderBy('payment.id')
    .limit(limit)
  if (after !== null) {
    const [settledAt, id] = after
    query = query.where((is) =>
      is(is.refTuple('payment.settled_at', 'payment.id'), '>', is.tuple(new Date(settledAt), id)),
    )
  }
  return query.execute()
}
