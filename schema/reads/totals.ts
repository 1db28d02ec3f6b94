import { sql } from 'kysely'
import type { Firmly } from '../reading.ts'
import { isOverdue } from './overdue.ts'

export interface Totals {
  currency: string
  heldMinor: bigint
  onItsWayMinor: bigint
  amountDueMinor: bigint
  refundsInFlightMinor: bigint
  disputedMinor: bigint
  requestedMinor: bigint
  requestedCount: bigint
  overdueMinor: bigint
  overdueCount: bigint
  unappliedMinor: bigint
  unpaidInvoicesMinor: bigint
  belowMinimumCount: bigint
  attentionCount: bigint
  firmAttentionCount: bigint
}

/** What a firm's dashboard adds up, in one statement that passes over its retainers once. */
export async function totalsOf(trx: Firmly, firmId: string): Promise<Totals> {
  const { rows } = await sql<Totals>`
    select firm.currency, retainers.*, requests.*, payments.*, invoices.*, attention.*
    from firm
    cross join lateral (
      select coalesce(sum(balance_minor), 0)::bigint as "heldMinor",
        coalesce(sum(pending_minor), 0)::bigint as "onItsWayMinor",
        coalesce(sum(amount_due_minor), 0)::bigint as "amountDueMinor",
        coalesce(sum(refunds_in_flight_minor), 0)::bigint as "refundsInFlightMinor",
        coalesce(sum(disputed_minor), 0)::bigint as "disputedMinor",
        count(*) filter (where below_minimum) as "belowMinimumCount",
        count(*) filter (where attention_count > 0) as "attentionCount"
      from retainer where retainer.firm_id = firm.id
    ) as retainers
    cross join lateral (
      select coalesce(sum(amount_minor - received_minor), 0)::bigint as "requestedMinor",
        count(*) as "requestedCount",
        coalesce(sum(amount_minor - received_minor) filter (where overdue), 0)::bigint as "overdueMinor",
        count(*) filter (where overdue) as "overdueCount"
      from (
        select amount_minor, received_minor, ${isOverdue(firmId)} as overdue
        from request join retainer on retainer.matter_id = request.matter_id
        where request.firm_id = firm.id and request.status = 'OPEN' and request.amount_minor > request.received_minor
      ) as open
    ) as requests
    cross join lateral (
      select coalesce(sum(unapplied_minor), 0)::bigint as "unappliedMinor"
      from payment where payment.firm_id = firm.id and unapplied_minor > 0
    ) as payments
    cross join lateral (
      select coalesce(sum(amount_minor - paid_minor), 0)::bigint as "unpaidInvoicesMinor"
      from invoice where invoice.firm_id = firm.id and paid_minor < amount_minor
    ) as invoices
    cross join lateral (
      select count(*) as "firmAttentionCount"
      from firm_attention where firm_attention.firm_id = firm.id and cleared_at is null
    ) as attention
    where firm.id = ${firmId}::uuid`.execute(trx)
  const [found] = rows
  if (!found) throw new Error('The firm is not there.')
  return found
}
