import type { Database } from '../../db/pool.ts'
import type { Difference } from '../difference.ts'

/** Parts of refunds that were commanded before then and of which the provider has said nothing yet. */
export async function unsentRefunds(db: Database, firmId: string, before: Date): Promise<Difference[]> {
  const rows = await db
    .selectFrom('refund_part')
    .innerJoin('refund', (join) =>
      join.onRef('refund.firm_id', '=', 'refund_part.firm_id').onRef('refund.id', '=', 'refund_part.refund_id'),
    )
    .select(['refund_part.id', 'refund.matter_id', 'refund_part.amount_minor'])
    .where('refund_part.firm_id', '=', firmId)
    .where('means', '=', 'ONLINE')
    .where('refund_part.status', '=', 'PLANNED')
    .where('provider_id', 'is', null)
    .where('refund.at', '<', before)
    .orderBy('refund_part.id')
    .execute()
  return rows.map((part) => ({
    check: 'PROVIDER',
    code: 'REFUND_NOT_SENT',
    subject: part.id,
    matterId: part.matter_id,
    expected: String(part.amount_minor),
    found: null,
  }))
}
