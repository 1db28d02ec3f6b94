import { sql } from 'kysely'
import type { Breach, Identity } from './identity.ts'

/** The accounts at the provider that the firm's clients have paid, or begun to pay, on. */
const usedAccountsOf = (firmId: string) => sql`
  select provider_account as account from payment where firm_id = ${firmId}::uuid and provider_account is not null
  union select coalesce(stripe_account, 'platform') from attempt where firm_id = ${firmId}::uuid and session_id is not null`

/** Those, and the one that the firm is connected to. */
const accountsOf = (firmId: string) => sql`
  select coalesce(stripe_account, 'platform') as account from firm where id = ${firmId}::uuid union ${usedAccountsOf(firmId)}`

/** What the provider holds, has paid out and has charged for it. */
export const PAYOUT_IDENTITIES: Identity[] = [
  {
    code: 'PAYMENTS_HOLDING',
    promise:
      'payments holding is, per account, what the provider took of payments, less refunds, reversals and payouts, gross of fees',
    breaches: (firmId) => sql<Breach>`
      select coalesce(expected.account, booked.account) as subject, null as "matterId",
        coalesce(expected.amount, 0)::text as expected, coalesce(booked.amount, 0)::text as found
      from (
        select account, sum(amount) as amount from (
          select provider_account as account, amount_minor - reversed_minor as amount from payment
            where firm_id = ${firmId}::uuid and provider_account is not null
          union all select provider_account, -amount_minor from refund_part
            where firm_id = ${firmId}::uuid and means = 'ONLINE' and status = 'TAKEN'
          union all select account, other_minor - gross_minor + case status when 'FAILED' then net_minor else 0 end from payout
            where firm_id = ${firmId}::uuid
        ) as movements group by account
      ) as expected
      full join (
        select provider_account as account, sum(case side when 'DEBIT' then amount_minor else -amount_minor end) as amount
        from entry where firm_id = ${firmId}::uuid and account = 'PAYMENTS_HOLDING' group by provider_account
      ) as booked on booked.account = expected.account
      where coalesce(expected.amount, 0) <> coalesce(booked.amount, 0)`,
  },
  {
    code: 'OTHER_PROVIDER_ACTIVITY',
    promise: 'other activity at the provider is, per account, what payouts moved that is no payment of a client',
    breaches: (firmId) => sql<Breach>`
      select coalesce(payouts.account, booked.account) as subject, null as "matterId",
        coalesce(payouts.amount, 0)::text as expected, coalesce(booked.amount, 0)::text as found
      from (select account, sum(other_minor) as amount from payout where firm_id = ${firmId}::uuid group by account) as payouts
      full join (
        select provider_account as account, sum(case side when 'CREDIT' then amount_minor else -amount_minor end) as amount
        from entry where firm_id = ${firmId}::uuid and account = 'OTHER_PROVIDER_ACTIVITY' group by provider_account
      ) as booked on booked.account = payouts.account
      where coalesce(payouts.amount, 0) <> coalesce(booked.amount, 0)`,
  },
  {
    code: 'MERCHANT_FEES',
    promise: 'merchant fees are the fees of all payouts, once',
    breaches: (firmId) => sql<Breach>`
      select 'MERCHANT_FEES' as subject, null as "matterId", payouts.sum::text as expected, booked.sum::text as found
      from (select coalesce(sum(fees_minor), 0) as sum from payout where firm_id = ${firmId}::uuid) as payouts
      cross join (
        select coalesce(sum(case side when 'DEBIT' then amount_minor else -amount_minor end), 0) as sum
        from entry where firm_id = ${firmId}::uuid and account = 'MERCHANT_FEES'
      ) as booked
      where payouts.sum <> booked.sum`,
  },
  {
    code: 'PAYOUT_LINES',
    promise: 'a payout is the sum of its lines',
    breaches: (firmId) => sql<Breach>`
      select payout.id as subject, null as "matterId", gross_minor || ' less fees ' || fees_minor || ', other ' || other_minor as expected,
        lines.gross || ' less fees ' || lines.fees || ', other ' || lines.other as found
      from payout
      cross join lateral (
        select coalesce(sum(amount_minor) filter (where kind <> 'FEE'), 0) as gross,
          coalesce(sum(fee_minor), 0) - coalesce(sum(amount_minor) filter (where kind = 'FEE'), 0) as fees,
          coalesce(sum(amount_minor) filter (where books_to = 'OTHER_PROVIDER_ACTIVITY'), 0) as other
        from payout_line as line
        where line.firm_id = payout.firm_id and line.account = payout.account and line.payout_id = payout.id
      ) as lines
      where payout.firm_id = ${firmId}::uuid
        and (lines.gross, lines.fees, lines.other) is distinct from (gross_minor, fees_minor, other_minor)`,
  },
  {
    code: 'PAYOUT_LINE_AMOUNT',
    promise:
      'each charge, refund and dispute in a payout has the amount of the payment, refund or dispute that it is of',
    breaches: (firmId) => sql<Breach>`
      select line.payout_id || '/' || line.id as subject, null as "matterId", own.amount::text as expected,
        line.amount_minor::text as found
      from payout_line as line
      cross join lateral (
        select case line.kind
          when 'CHARGE' then (select amount_minor from payment where firm_id = line.firm_id and id = line.payment_id)
          when 'REFUND' then (select -amount_minor from refund_part where firm_id = line.firm_id and id = line.refund_part_id)
          when 'REFUND_FAILURE' then (select amount_minor from refund_part where firm_id = line.firm_id and id = line.refund_part_id)
          when 'DISPUTE' then (select -withdrawn_minor from dispute where firm_id = line.firm_id and id = line.dispute_id)
          when 'DISPUTE_REVERSAL' then (select reinstated_minor from dispute where firm_id = line.firm_id and id = line.dispute_id)
          else line.amount_minor
        end as amount
      ) as own
      where line.firm_id = ${firmId}::uuid and line.books_to = 'PAYMENTS_HOLDING' and own.amount is distinct from line.amount_minor`,
  },
  {
    code: 'PAYOUT_LINE_UNPLACED',
    promise: 'each line of a payout belongs to a firm',
    breaches: (firmId) => sql<Breach>`
      select payout_id || '/' || id as subject, null as "matterId", null as expected, kind || ' ' || amount_minor as found
      from payout_line
      where firm_id is null and account in (${usedAccountsOf(firmId)})`,
  },
  {
    code: 'EVENT_NOT_BOOKED',
    promise: 'no event waits longer than an hour to be booked, but for what it has to wait for',
    breaches: (firmId) => sql<Breach>`
      select id as subject, matter_id as "matterId", null as expected, type || coalesce(': ' || outcome, '') as found
      from inbox
      where booked_at is null and received_at < now() - interval '1 hour' and coalesce(waits_until, '-infinity') < now()
        and (firm_id = ${firmId}::uuid or (firm_id is null and coalesce(account, 'platform') in (${accountsOf(firmId)})))`,
  },
]
