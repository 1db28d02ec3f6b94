-- Up Migration

-- What an event waits for by design is no trouble until then: the money of a dispute that is won, the content of a payout that failed.
alter table inbox add column waits_until timestamptz;

-- Since when clients can pay on an account: from the first page of the provider's that was made for one.
create function used_since(p_account text) returns timestamptz language sql stable as $$
  select least(
    (select coalesce(min(created_at), 'infinity') from attempt
      where coalesce(stripe_account, 'platform') = p_account and session_id is not null),
    (select coalesce(min(settled_at), 'infinity') from payment where provider_account = p_account))
$$;

-- What a payout by hand took before that was no client's money; all of it, until a payment is booked. Not the time of the booking,
-- which an outage puts off: the payout of the very first payment would seem to be older than it.
create or replace function first_payment_on(p_account text) returns timestamptz language sql stable as $$
  select case when exists (select from payment where provider_account = p_account) then used_since(p_account) else 'infinity' end
$$;

-- What stood in 0018, but: only a payout by hand can have overtaken the event of the very first payment. Any other tells what is in
-- it, and where that is no payment, as where the fee of a failed debit is collected, there is none to wait for.
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
      where p->>'status' = 'PAID' and p->'lines' @? '$[*] ? (@.kind == "MANUAL" && @.ofPayoutId == null)'
        and first_payment_on(p->>'account') = 'infinity' and used_since(p->>'account') < 'infinity'
        and exists (select from inbox
          where booked_at is null and (id = p->>'inboxId' and received_at > now() - interval '15 minutes'
            or type like 'checkout.session.%' and coalesce(account, 'platform') = p->>'account')))
  )
$$;

-- What stood in 0012, but: a payout is from before the firms came only if it arrived before clients could pay on its account, and
-- what is in another currency than a firm's leaves nothing open that could ever be booked.
-- Books a payout with all its transactions, once per firm whose money is in it. Repeated, it books what could not be placed
-- before; told that the payout failed, the net comes off again.
-- Takes {account, payoutId, status: 'PAID' | 'FAILED' | 'UNKNOWN', currency, amountMinor, arrivesAtMs, atMs, inboxId, lines: [{id,
--   kind, amountMinor, feeMinor, paymentId, refundId, partId, disputeId, ofPayoutId, firmId, atMs}]} (ids of what the line is
-- of, or null; the firm that its charge was made for). A failed payout without lines was never paid and takes nothing. UNKNOWN: it
-- failed, and the provider never told what was in it: the firms are told.
-- Leaves the event open while a line waits for its own event, for three days. What is in another currency than a firm's is never
-- booked for it: the firm is told.
-- Answers {firmIds, unplacedLines, notices}: the notices to the firms, while they are still to be sent.
create or replace function book_payout(p jsonb) returns jsonb language plpgsql as $$
declare
  v_account text := p->>'account';
  v_id text := p->>'payoutId';
  v_at timestamptz := at_ms((p->>'atMs')::bigint);
  v_lines payout_line[];
  v_new payout_line[];
  v_firm uuid;
  v_told text[] := '{}';
  v_payout payout;
  v_waits text;
  v_outcome text := 'booked';
begin
  -- The same payout told twice at the same moment: the second waits, and finds it booked.
  perform pg_advisory_xact_lock(hashtextextended('payout:' || v_account || ':' || v_id, 0));
  v_lines := array(select line from lines_of_payout(p) as line);
  if exists (select from inbox where id = p->>'inboxId' and received_at > now() - interval '3 days') then
    v_waits := payout_waits_for(p, v_lines);
    if v_waits is not null then
      update inbox set outcome = v_waits || ' in it is not booked yet', next_try_at = now() + least(tries, 3600) * interval '1 second'
        where id = p->>'inboxId' and booked_at is null;
      return jsonb_build_object('firmIds', '[]'::jsonb, 'unplacedLines', 0, 'notices', '[]'::jsonb);
    end if;
  end if;

  -- From before the firms came: nothing in it is theirs. Its arrival is a day.
  if not exists (select from payout where account = v_account and id = v_id)
    and not exists (select from unnest(v_lines) where books_to = 'PAYMENTS_HOLDING' and kind <> 'MANUAL')
    and not p->'lines' @? '$[*] ? (@.firmId != null)'
    and at_ms((p->>'arrivesAtMs')::bigint) + interval '1 day' <= used_since(v_account)
  then
    v_lines := '{}';
    v_outcome := 'before any client paid on its account';
  end if;

  for v_firm in
    select id from firm
    where id in (select firm_id from unnest(v_lines)) and currency <> p->>'currency' order by id
  loop
    v_lines := array(select line from unnest(v_lines) as line where line.firm_id is distinct from v_firm);
    v_told := v_told || tell_of_payout(p, v_firm, 'PAYOUT_CURRENCY');
    v_outcome := 'in another currency than the firm''s';
  end loop;

  v_new := place_lines(v_account, v_id, v_lines);
  with fresh as (
    insert into payout_line select (line).* from unnest(v_lines) as line
      where not exists (select from payout_line as known
        where known.account = v_account and known.payout_id = v_id and known.id = (line).id)
      returning payout_line
  )
  select v_new || array(select payout_line from fresh) into v_new;
  perform note_fees(v_account, v_new);
  for v_firm in select distinct firm_id from unnest(v_new) where firm_id is not null order by firm_id loop
    perform book_payout_share(p, v_firm, array(select line from unnest(v_new) as line where line.firm_id = v_firm));
  end loop;
  if p->'lines' <> '[]' and (p->>'amountMinor')::bigint <>
    (select sum("amountMinor" - "feeMinor") from jsonb_to_recordset(p->'lines') as line ("amountMinor" bigint, "feeMinor" bigint))
  then
    for v_payout in select * from payout where account = v_account and id = v_id loop
      v_told := v_told || tell_of_payout(p, v_payout.firm_id, 'PAYOUT_DIFFERS');
    end loop;
  end if;

  if p->>'status' = 'FAILED' then
    for v_payout in
      update payout set status = 'FAILED', failed_at = v_at
        where account = v_account and id = v_id and status = 'PAID' returning *
    loop
      perform book_of_firm(v_payout.firm_id, v_at, posting_of('PAYOUT_FAILED', 'payout:' || v_id || ':failed',
        debit('PAYMENTS_HOLDING', v_payout.net_minor, v_account), credit('OPERATING', v_payout.net_minor)));
    end loop;
    for v_payout in select * from payout where account = v_account and id = v_id loop
      v_told := v_told || tell_of_payout(p, v_payout.firm_id, 'PAYOUT_FAILED', v_payout.net_minor);
    end loop;
  elsif p->>'status' = 'UNKNOWN' then
    for v_firm in select distinct firm_id from payment where provider_account = v_account loop
      v_told := v_told || tell_of_payout(p, v_firm, 'PAYOUT_UNKNOWN');
    end loop;
    v_outcome := 'failed, and its content never told';
  end if;
  update inbox set booked_at = now(), outcome = v_outcome
    where id = p->>'inboxId' and booked_at is null;
  return jsonb_build_object(
    'firmIds', (select coalesce(jsonb_agg(firm_id order by firm_id), '[]') from payout where account = v_account and id = v_id),
    'unplacedLines', (select count(*) from payout_line where account = v_account and payout_id = v_id and firm_id is null),
    'notices', (select coalesce(jsonb_agg(body order by id), '[]') from effect where status = 'PLANNED' and id = any (v_told)));
end $$;
