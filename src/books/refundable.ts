import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/types.ts'

/** What a refund of the matter could give back now (R17), in minor units. */
export interface Refundable {
  /** As much as is available and can be traced to undisputed payments of the client. */
  refundableMinor: bigint
  /** What of that goes back through the provider; the rest would be paid by other means. */
  onlineMinor: bigint
}

/**
 * What of each matter a refund of all that is available would give back, in one statement; matters with nothing to refund are
 * left out. `stepMinor` is what the provider refunds multiples of.
 */
export async function refundables(
  db: Kysely<DB>,
  firmId: string,
  matterIds: readonly string[],
  stepMinor: bigint,
): Promise<Map<string, Refundable>> {
  const { rows } = await sql<Refundable & { matterId: string }>`
    select retainer.matter_id as "matterId", sum(share.amount_minor)::bigint as "refundableMinor",
      sum(online_part(payment, share.amount_minor, ${stepMinor}::bigint, now()))::bigint as "onlineMinor"
    from retainer
    cross join lateral unnest(allocate_refund(retainer.firm_id, retainer.matter_id, retainer.balance_minor)) as share
    join payment on payment.firm_id = retainer.firm_id and payment.id = share.payment_id
    where retainer.firm_id = ${firmId}::uuid and retainer.matter_id = any(${matterIds}::uuid[]) and retainer.balance_minor > 0
    group by retainer.matter_id`.execute(db)
  return new Map(rows.map(({ matterId, ...found }) => [matterId, found]))
}
