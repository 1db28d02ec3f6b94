import { sql } from 'kysely'
import type { BillingOptions } from '../../src/domain/options.ts'
import type { Wire } from '../../src/domain/wire.ts'
import { anyOf, type Firmly } from '../reading.ts'

/** Retainers by matter: the committed projection and the billing options, null before anything was committed. */
export const retainersByMatter = (trx: Firmly, matterIds: readonly string[], firmId: string) =>
  trx
    .selectFrom('retainer')
    .innerJoin('firm', 'firm.id', 'retainer.firm_id')
    .select([
      'firm.currency',
      'retainer.matter_id',
      'retainer.version',
      'retainer.phase',
      'retainer.balance_minor',
      'retainer.pending_minor',
      'retainer.receivable_minor',
      'retainer.disputed_minor',
      'retainer.amount_due_minor',
      'retainer.initial_amount_minor',
      'retainer.received_toward_initial_minor',
      'retainer.initial_locked_at',
      'retainer.can_create_online',
      'retainer.open_request_id',
      'retainer.next_reminder_at',
    ])
    .select(sql<Wire<BillingOptions> | null>`retainer.state -> 'options'`.as('options'))
    .where('retainer.firm_id', '=', firmId)
    .where('retainer.matter_id', '=', anyOf(matterIds))
    .execute()

/** Bank debits on their way, oldest first, by matter (R13). */
export async function pendingPayments(trx: Firmly, matterIds: string[], firmId: string) {
  const rows = await trx
    .selectFrom('retainer')
    .innerJoinLateral(
      sql<{ paymentId: string; amountMinor: string }>`jsonb_to_recordset(retainer.state -> 'pending')`.as<'pending'>(
        sql`pending("paymentId" text, "amountMinor" text)`,
      ),
      (join) => join.onTrue(),
    )
    .innerJoin('firm', 'firm.id', 'retainer.firm_id')
    .leftJoin('command', (join) =>
      join
        .onRef('command.firm_id', '=', 'retainer.firm_id')
        .on('command.key', '=', sql<string>`'payment:' || pending."paymentId" || ':pending'`),
    )
    .where('retainer.firm_id', '=', firmId)
    .where('retainer.matter_id', '=', anyOf(matterIds))
    .select(['firm.currency', 'retainer.matter_id', 'pending.paymentId', 'pending.amountMinor', 'command.at'])
    .orderBy('command.at')
    .execute()
  return Map.groupBy(rows, (row) => row.matter_id)
}

/** What is reserved for refunds and has not left yet, by matter; matters without are left out. */
export async function refundsInFlight(trx: Firmly, matterIds: string[], firmId: string) {
  const rows = await trx
    .selectFrom('refund')
    .innerJoin('refund_part', (join) =>
      join.onRef('refund_part.firm_id', '=', 'refund.firm_id').onRef('refund_part.refund_id', '=', 'refund.id'),
    )
    .select((row) => [
      row.ref('refund.matter_id').$notNull().as('matter_id'),
      sql<bigint>`sum(refund_part.amount_minor)::bigint`.as('amount_minor'),
    ])
    .where('refund.firm_id', '=', firmId)
    .where('refund.matter_id', '=', anyOf(matterIds))
    .where('refund_part.status', '=', 'PLANNED')
    .groupBy('refund.matter_id')
    .execute()
  return new Map(rows.map((row) => [row.matter_id, row.amount_minor]))
}

/** How many effects the courier has still to carry out, by matter; matters with none are left out. */
export async function effectsInFlight(trx: Firmly, matterIds: string[], firmId: string) {
  const rows = await trx
    .selectFrom('effect')
    .select((row) => [row.ref('matter_id').$notNull().as('matter_id'), row.fn.countAll<bigint>().as('count')])
    .where('firm_id', '=', firmId)
    .where('status', '=', 'PLANNED')
    .where('matter_id', '=', anyOf(matterIds))
    .groupBy('matter_id')
    .execute()
  return new Map(rows.map((row) => [row.matter_id, Number(row.count)]))
}

/** What needs attention, oldest first, by matter. */
export async function openAttention(trx: Firmly, matterIds: string[], firmId: string) {
  const rows = await trx
    .selectFrom('attention')
    .select(['matter_id', 'code', 'subject_id', 'since'])
    .where('firm_id', '=', firmId)
    .where('matter_id', '=', anyOf(matterIds))
    .where('cleared_at', 'is', null)
    .orderBy('since')
    .execute()
  return Map.groupBy(rows, (row) => row.matter_id)
}
