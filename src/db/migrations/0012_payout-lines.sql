-- Up Migration

-- The only firm that clients have paid, or begun to pay, on an account; null for none, and for several.
create function only_firm_of(p_account text) returns uuid language sql stable as $$
  select case when least(first_paid, first_asked) = greatest(last_paid, last_asked) then least(first_paid, first_asked) end
  from (select
    (select firm_id from payment where provider_account = p_account order by firm_id limit 1) as first_paid,
    (select firm_id from payment where provider_account = p_account order by firm_id desc limit 1) as last_paid,
    (select firm_id from attempt where coalesce(stripe_account, 'platform') = p_account and session_id is not null
      order by firm_id limit 1) as first_asked,
    (select firm_id from attempt where coalesce(stripe_account, 'platform') = p_account and session_id is not null
      order by firm_id desc limit 1) as last_asked
  ) as firms
$$;

create function has_used(p_firm firm, p_account text) returns boolean language sql stable as $$
  select coalesce(p_firm.stripe_account, 'platform') = p_account
    or exists (select from payment where provider_account = p_account and firm_id = p_firm.id)
    or exists (select from attempt
      where coalesce(stripe_account, 'platform') = p_account and session_id is not null and firm_id = p_firm.id)
$$;

create function first_payment_on(p_account text) returns timestamptz language sql stable as $$
  select coalesce(min(settled_at), 'infinity') from payment where provider_account = p_account
$$;

-- The lines of a payout, each with its firm and where it is booked from. A line of a payment, refund or dispute is its firm's,
-- booked or not yet (its charge says for whom it was made); that of another payout, which came back or took from the balance by
-- hand, is of the firms that this was booked by; a fee of nothing is shared by the firms of the other lines, as much as theirs moved. All else is no client's money: it is that of the
-- only firm on the account, or nobody's as far as can be told.
create function lines_of_payout(p jsonb) returns setof payout_line language sql stable as $$
  with told as (
    select *
    from jsonb_to_recordset(p->'lines') as line (id text, kind text, "amountMinor" bigint, "feeMinor" bigint, "paymentId" text,
      "refundId" text, "partId" text, "disputeId" text, "ofPayoutId" text, "firmId" uuid, "atMs" bigint)
  ), known as (
    select told.*, coalesce(payment.firm_id, part.firm_id, dispute.firm_id, made_for.id) as firm_id,
      coalesce(part.id, named.id) as part_id
    from told
    left join payment on payment.provider_account = p->>'account' and payment.id = told."paymentId"
    left join refund_part as part on part.provider_account = p->>'account' and part.provider_id = told."refundId"
    -- By what was sent with it, before the provider's id is noted.
    left join refund_part as named on named.firm_id = payment.firm_id and named.id = told."partId"
    left join lateral (
      select dispute.firm_id from dispute join payment on payment.firm_id = dispute.firm_id and payment.id = dispute.payment_id
      where dispute.id = told."disputeId" and payment.provider_account = p->>'account'
    ) as dispute on true
    left join firm as made_for on made_for.id = told."firmId" and has_used(made_for, p->>'account')
  ), placed as (
    select id, kind, "amountMinor" as amount, "feeMinor" as fee, "paymentId", part_id, "disputeId", "atMs", firm_id,
      case when kind in ('CHARGE', 'REFUND', 'REFUND_FAILURE', 'DISPUTE', 'DISPUTE_REVERSAL') then 'PAYMENTS_HOLDING'
        when kind <> 'FEE' then 'OTHER_PROVIDER_ACTIVITY' end as books_to
    from known where firm_id is not null and "ofPayoutId" is null
    union all
    select known.id, kind, part.amount, case part.nth when 1 then "feeMinor" else 0 end, null, null, null, "atMs",
      part.firm_id, case when part.firm_id is not null then 'PAYMENTS_HOLDING' end
    from known
    cross join lateral (
      select firm_id, row_number() over (order by firm_id) as nth,
        case when count(*) over () = 1 then known."amountMinor" else moved end as amount
      from (select firm_id, case known.kind when 'MANUAL' then -gross_minor else net_minor end as moved
        from payout where account = p->>'account' and payout.id = known."ofPayoutId") as share
      -- What of several firms' was nobody's then is nobody's now.
      union all select null, 0, known."amountMinor" - sum(case known.kind when 'MANUAL' then -gross_minor else net_minor end)
      from payout where account = p->>'account' and payout.id = known."ofPayoutId"
      having count(*) > 1 and sum(case known.kind when 'MANUAL' then -gross_minor else net_minor end) <> known."amountMinor"
    ) as part
    where known."ofPayoutId" is not null
  ), weights as (
    select firm_id, sum(abs(amount)) + 1 as weight from placed where firm_id is not null group by firm_id
  ), spans as (
    select firm_id, sum(weight) over (order by firm_id) - weight as starts, sum(weight) over (order by firm_id) as ends,
      sum(weight) over () as whole
    from weights
  ), shared as (
    select id, kind, (round("amountMinor" * ends / whole) - round("amountMinor" * starts / whole))::bigint as amount,
      (round("feeMinor" * ends / whole) - round("feeMinor" * starts / whole))::bigint as fee, "paymentId", part_id, "disputeId",
      "atMs", spans.firm_id, null as books_to
    from known cross join spans where known.firm_id is null and known."ofPayoutId" is null and kind = 'FEE'
  ), others as (
    select known.id, kind, "amountMinor", "feeMinor", "paymentId", part_id, "disputeId", "atMs", only_one.id,
      case when only_one.id is null or kind = 'FEE' then null
        when kind = 'MANUAL' and at_ms("atMs") + interval '1 day' > first_payment_on(p->>'account') then 'PAYMENTS_HOLDING'
        else 'OTHER_PROVIDER_ACTIVITY' end
    from known cross join (select only_firm_of(p->>'account') as id) as only_one
    where known.id not in (select id from placed union all select id from shared)
  )
  select p->>'account', p->>'payoutId', id, firm_id, kind, books_to, amount, fee, "paymentId", part_id, "disputeId", at_ms("atMs")
  from (select * from placed union all select * from shared union all select * from others) as lines
$$;

-- Something in a payout that the books do not have yet, though its event must be on its way; null when nothing is.
create function payout_waits_for(p jsonb, p_lines payout_line[]) returns text language sql stable as $$
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
        and not exists (select from payout where account = p->>'account' and payout.id = object_id) limit 1)
  )
$$;
