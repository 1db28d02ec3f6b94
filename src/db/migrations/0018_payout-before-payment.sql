-- Up Migration

-- What stood in 0012, and: a payout by hand names no payment, so that one that overtakes the event of the very first payment
-- looks as if it were from before the firm came. Where clients can pay on the account, it waits as long as events usually take.
create or replace function payout_waits_for(p jsonb, p_lines payout_line[]) returns text language sql stable as $$
  select coalesce(
    (select line.id from unnest(p_lines) as line
      where line.books_to = 'PAYMENTS_HOLDING' and not case line.kind
        when 'CHARGE' then exists (select from payment where firm_id = line.firm_id and id = line.payment_id)
        when 'REFUND' then exists (
          select from refund_part where firm_id = line.firm_id and id = line.refund_part_id and status <> 'PLANNED')
        when 'REFUND_FAILURE' then exists (
          select from refund_part where firm_id = line.firm_id and id = line.refund_part_id and status = 'FAILED')
        when 'DISPUTE' then exists (
          select from dispute where firm_id = line.firm_id and id = line.dispute_id and withdrawn_minor > 0)
        when 'DISPUTE_REVERSAL' then exists (
          select from dispute where firm_id = line.firm_id and id = line.dispute_id and reinstated_minor > 0)
        else true
      end limit 1),
    (select object_id from inbox
      where booked_at is null and object_id in (select jsonb_path_query(p->'lines', '$[*].ofPayoutId')#>>'{}')
        and not exists (select from payout where account = p->>'account' and payout.id = object_id) limit 1),
    (select 'a first payment'
      where p->>'status' = 'PAID' and first_payment_on(p->>'account') = 'infinity'
        and exists (select from attempt where coalesce(stripe_account, 'platform') = p->>'account' and session_id is not null)
        and exists (select from inbox where id = p->>'inboxId' and received_at > now() - interval '15 minutes'))
  )
$$;
