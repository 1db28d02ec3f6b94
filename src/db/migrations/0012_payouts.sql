-- Up Migration

-- A firm's lines of a payout, new to the books: the deposit of all that they move, gross, and the withdrawal of their fees. Lines
-- placed later are a deposit and a withdrawal of their own.
create function book_payout_share(p jsonb, p_firm uuid, p_lines payout_line[]) returns void language plpgsql as $$
declare
  v_account text := p->>'account';
  v_id text := p->>'payoutId';
  v_at timestamptz := at_ms((p->>'atMs')::bigint);
  v_key text := 'payout:' || v_id;
  v_known payout;
  v_gross bigint;
  v_other bigint;
  v_fees bigint;
begin
  select coalesce(sum(amount_minor) filter (where kind <> 'FEE'), 0),
      coalesce(sum(amount_minor) filter (where books_to = 'OTHER_PROVIDER_ACTIVITY'), 0),
      coalesce(sum(fee_minor), 0) - coalesce(sum(amount_minor) filter (where kind = 'FEE'), 0)
    into v_gross, v_other, v_fees from unnest(p_lines);
  select * into v_known from payout where firm_id = p_firm and account = v_account and id = v_id;
  if found then
    v_key := v_key || ':' || (select min(id) from unnest(p_lines));
    perform add_to_payout(p_firm, v_account, v_id, v_gross, v_fees, v_other);
  else
    insert into payout (firm_id, account, id, status, gross_minor, fees_minor, other_minor, arrives_at, booked_at)
      values (p_firm, v_account, v_id, 'PAID', v_gross, v_fees, v_other, at_ms((p->>'arrivesAtMs')::bigint), v_at);
  end if;
  perform book_of_firm(p_firm, v_at, posting_of('PAYOUT', v_key, debit('OPERATING', v_gross),
    credit('PAYMENTS_HOLDING', v_gross - v_other, v_account), credit('OTHER_PROVIDER_ACTIVITY', v_other, v_account)));
  perform book_of_firm(p_firm, v_at, posting_of('PAYOUT_FEES', v_key || ':fees',
    debit('MERCHANT_FEES', v_fees), credit('OPERATING', v_fees)));
  if v_known.status = 'FAILED' then
    perform book_of_firm(p_firm, v_at, posting_of('PAYOUT_FAILED', v_key || ':failed',
      debit('PAYMENTS_HOLDING', v_gross - v_fees, v_account), credit('OPERATING', v_gross - v_fees)));
  end if;
end $$;

-- Lines whose firm could not be told before, and is found now; answers them. As its owner, like `add_to_payout`: by its own rights the
-- worker changes nothing that is booked.
create function place_lines(p_account text, p_payout text, p_lines payout_line[]) returns payout_line[]
language sql security definer set search_path = public, pg_temp as $$
  with placed as (
    update payout_line set firm_id = line.firm_id, books_to = line.books_to
      from unnest(p_lines) as line
      where payout_line.account = p_account and payout_line.payout_id = p_payout and payout_line.id = line.id
        and payout_line.firm_id is null and line.firm_id is not null
        and (payout_line.amount_minor, payout_line.fee_minor) = (line.amount_minor, line.fee_minor)
      returning payout_line
  )
  select array(select payout_line from placed)
$$;

create function add_to_payout(p_firm uuid, p_account text, p_payout text, p_gross bigint, p_fees bigint, p_other bigint)
returns void language sql security definer set search_path = public, pg_temp as $$
  update payout set gross_minor = gross_minor + p_gross, fees_minor = fees_minor + p_fees, other_minor = other_minor + p_other
    where firm_id = p_firm and account = p_account and id = p_payout
$$;

-- Books a payout with all its transactions, once per firm whose money is in it. Repeated, it books what could not be placed
-- before; told that the payout failed, the net comes off again.
-- Takes {account, payoutId, status: 'PAID' | 'FAILED' | 'UNKNOWN', currency, amountMinor, arrivesAtMs, atMs, inboxId, lines: [{id,
--   kind, amountMinor, feeMinor, paymentId, refundId, partId, disputeId, ofPayoutId, firmId, atMs}]} (ids of what the line is
-- of, or null; the firm that its charge was made for). A failed payout without lines was never paid and takes nothing. UNKNOWN: it
-- failed, and the provider never told what was in it: the firms are told.
-- Leaves the event open while a line waits for its own event (for three days), and where a firm's currency is another one.
-- Answers {firmIds, unplacedLines, notices}: the notices to the firms, while they are still to be sent.
create function book_payout(p jsonb) returns jsonb language plpgsql as $$
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
    and at_ms((p->>'arrivesAtMs')::bigint) + interval '1 day' <= first_payment_on(v_account)
  then
    v_lines := '{}';
    v_outcome := 'before the first payment on its account';
  end if;

  for v_firm in
    select id from firm
    where id in (select firm_id from unnest(v_lines)) and currency <> p->>'currency' order by id
  loop
    v_lines := array(select line from unnest(v_lines) as line where line.firm_id is distinct from v_firm);
    v_told := v_told || tell_of_payout(p, v_firm, 'PAYOUT_CURRENCY');
    v_outcome := null;
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
  update inbox set booked_at = case when v_outcome is not null then now() end,
      outcome = coalesce(v_outcome, 'in another currency than the firm''s')
    where id = p->>'inboxId' and booked_at is null;
  return jsonb_build_object(
    'firmIds', (select coalesce(jsonb_agg(firm_id order by firm_id), '[]') from payout where account = v_account and id = v_id),
    'unplacedLines', (select count(*) from payout_line where account = v_account and payout_id = v_id and firm_id is null),
    'notices', (select coalesce(jsonb_agg(body order by id), '[]') from effect where status = 'PLANNED' and id = any (v_told)));
end $$;

-- The fee of each payment, as the payout that it is taken from tells it.
create function note_fees(p_account text, p_lines payout_line[]) returns void language plpgsql as $$
begin
  -- In the order in which refunds lock them, so that neither waits for ever for the other.
  perform from payment
    where provider_account = p_account and id in (select payment_id from unnest(p_lines) where kind = 'CHARGE')
    order by id for no key update;
  update payment set fee_minor = line.fee_minor
    from unnest(p_lines) as line
    where line.kind = 'CHARGE' and payment.provider_account = p_account and payment.id = line.payment_id
      and payment.fee_minor is distinct from line.fee_minor;
end $$;

-- Tells a firm, once, what is the matter with a payout; answers the effect that mails it.
create function tell_of_payout(p jsonb, p_firm uuid, p_code text, p_amount bigint default null) returns text language plpgsql as $$
declare
  v_effect text := p_firm || '.payout.' || (p->>'payoutId') || '.' || p_code;
begin
  if not exists (select from effect where id = v_effect) then
    perform tell_firm(p_firm, v_effect, p_code, p->>'payoutId', coalesce(p_amount, (p->>'amountMinor')::bigint),
      at_ms((p->>'atMs')::bigint));
  end if;
  return v_effect;
end $$;

-- A posting that belongs to no matter; of no amount there is none.
create function book_of_firm(p_firm uuid, p_at timestamptz, p jsonb) returns void language plpgsql as $$
begin
  if jsonb_array_length(p->'entries') > 0 then
    perform book_posting(p_firm, null, null, p->>'key', p_at, 0, p);
  end if;
end $$;
