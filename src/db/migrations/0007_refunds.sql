-- Up Migration

-- What a refund takes of one payment, and the matters that the money came by: from the refunding one back to the payment's home.
create type refund_share as (payment_id text, amount_minor bigint, route uuid[]);

-- How the money of a matter is followed back to another one, and what its last step still carries.
create type refund_way as (home uuid, way uuid[], left_minor bigint);

-- R17, R19: how far back the money of a matter can be followed: itself, and the matters that gave it money, the nearest first.
-- Each step carries what was given and not taken back since, by refunds so far and by the shares already planned.
create function refund_ways(p_firm uuid, p_matter uuid, p_shares refund_share[]) returns setof refund_way
language plpgsql stable as $$
declare
  v_homes uuid[] := array[p_matter];
  v_lefts bigint[] := array[9223372036854775807];
  v_ways jsonb := jsonb_build_array(jsonb_build_array(p_matter));
  v_giver record;
  v_next int := 1;
  v_way refund_way;
begin
  while v_next <= cardinality(v_homes) loop
    v_way := row(v_homes[v_next], array(select jsonb_array_elements_text(v_ways->(v_next - 1))::uuid), v_lefts[v_next]);
    return next v_way;
    for v_giver in
      select given.id, given.amount - coalesce(back.amount, 0) as rest
      from (
        select from_matter_id as id, sum(money_moved.amount_minor) as amount from money_moved
        where firm_id = p_firm and to_matter_id = v_way.home and from_matter_id <> all (v_homes)
        group by from_matter_id
      ) as given
      cross join lateral (
        select sum(taken.amount_minor) as amount
        from (
          select amount_minor, route from refund_part
            where firm_id = p_firm and status <> 'FAILED' and cardinality(route) > 1 and route @> array[v_way.home, given.id]
          union all select amount_minor, route from unnest(p_shares)
        ) as taken
        where array_position(taken.route, given.id) = array_position(taken.route, v_way.home) + 1
      ) as back
      where given.amount > coalesce(back.amount, 0)
      order by given.id
    loop
      v_homes := v_homes || v_giver.id;
      v_lefts := v_lefts || v_giver.rest::bigint;
      v_ways := v_ways || jsonb_build_array(to_jsonb(v_way.way || v_giver.id));
    end loop;
    v_next := v_next + 1;
  end loop;
end $$;

-- R17: the undisputed payments that an amount can be given back to: the matter's own, then those behind the money that came
-- from other matters, newest first. The shares are fewer than asked for when there is no more, and 200 at the most: each is a call
-- to the provider. The ways are found once, and again when one is used up: another can then lead to the same matter.
create function allocate_refund(p_firm uuid, p_matter uuid, p_amount bigint) returns refund_share[]
language plpgsql stable as $$
declare
  c_most constant int := 200;
  v_shares refund_share[] := '{}';
  v_rest bigint := p_amount;
  v_ways refund_way[];
  v_payment record;
  v_amount bigint;
  v_used_up boolean := true;
begin
  while v_used_up and v_rest > 0 and cardinality(v_shares) < c_most loop
    v_used_up := false;
    v_ways := array(select ways from refund_ways(p_firm, p_matter, v_shares) as ways);
    for v_payment in
      select payment.id, ways.way,
        amount_minor - refunded_minor - reversed_minor - unapplied_minor - coalesce(share.planned, 0) as rest
      from unnest(v_ways) as ways
      join payment on payment.firm_id = p_firm and payment.matter_id = ways.home
      left join (select payment_id, sum(amount_minor)::bigint as planned from unnest(v_shares) group by payment_id) as share
        on share.payment_id = payment.id
      where amount_minor - refunded_minor - reversed_minor - unapplied_minor > coalesce(share.planned, 0)
        and not exists (
          select from dispute where dispute.firm_id = p_firm and dispute.payment_id = payment.id and dispute.status = 'OPEN'
        )
      order by cardinality(ways.way) > 1, payment.settled_at desc, payment.id desc
      limit c_most - cardinality(v_shares)
    loop
      v_amount := least(v_rest, v_payment.rest, (select min(left_minor) from unnest(v_ways) where home = any (v_payment.way)));
      v_shares := v_shares || row(v_payment.id, v_amount, v_payment.way)::refund_share;
      v_rest := v_rest - v_amount;
      exit when v_rest = 0;
      if cardinality(v_payment.way) > 1 then
        v_ways := array(select row(home, way, left_minor - case when home = any (v_payment.way) then v_amount else 0 end)::refund_way
          from unnest(v_ways));
        v_used_up := exists (select from unnest(v_ways) where left_minor = 0);
        exit when v_used_up;
      end if;
    end loop;
  end loop;
  return v_shares;
end $$;

-- What of a share goes back through the provider, in multiples of what it refunds; the rest is paid by other means.
create function online_part(payment payment, p_amount bigint, p_step bigint, p_at timestamptz) returns bigint
language sql immutable as $$
  select case
    when payment.provider_account is null or not payment.refundable_online or payment.refundable_until <= p_at then 0
    else p_amount - p_amount % p_step
  end
$$;

-- Finds the shares of a refund, and locks what they are of: no two refunds give the same money back.
create function refund_shares(p_firm uuid, p_matter uuid, p_refund jsonb) returns refund_share[] language plpgsql as $$
declare
  v_payment payment;
begin
  if p_refund->>'unappliedPaymentId' is not null then
    select * into v_payment from payment where firm_id = p_firm and id = p_refund->>'unappliedPaymentId' for no key update;
    if v_payment.matter_id = p_matter and not is_disputed(v_payment) then
      return array[row(v_payment.id, least(v_payment.unapplied_minor, (p_refund->>'amountMinor')::bigint), array[p_matter])::refund_share];
    end if;
    return '{}';
  end if;
  perform from payment
    where firm_id = p_firm and matter_id in (
      select theirs.id from matter join matter as theirs on theirs.client_id = matter.client_id where matter.id = p_matter
    )
    order by id for no key update;
  return allocate_refund(p_firm, p_matter, (p_refund->>'amountMinor')::bigint);
end $$;

create function refused_refund(p_firm uuid, p_refund jsonb, p_shares refund_share[]) returns jsonb language sql stable as $$
  select case
    when coalesce(sum(amount_minor), 0) >= (p_refund->>'amountMinor')::bigint then null
    when exists (
      select from payment where firm_id = p_firm and id = p_refund->>'unappliedPaymentId' and is_disputed(payment)
    ) then jsonb_build_object('code', 'PaymentDisputed')
    when p_refund->>'unappliedPaymentId' is not null then jsonb_build_object('code', 'NotInUnappliedFunds')
    else jsonb_build_object('code', 'AmountAboveRefundable', 'refundableMinor', coalesce(sum(amount_minor), 0)::text)
  end
  from unnest(p_shares)
$$;

-- Reserves a refund: what goes through the provider is in flight, what does not is paid by other means.
create function book_refund(p_firm uuid, p_matter uuid, p_version bigint, p_command text, p_at timestamptz, p_balance bigint,
  p_refund jsonb, p_shares refund_share[]) returns bigint language plpgsql as $$
declare
  v_id text := p_refund->>'id';
  v_amount bigint := (p_refund->>'amountMinor')::bigint;
  v_source text := case when p_refund->>'unappliedPaymentId' is null then 'RETAINER' else 'UNAPPLIED_FUNDS' end;
  v_balance bigint := p_balance;
  v_online bigint;
begin
  select sum(online_part(payment, share.amount_minor, (p_refund->>'stepMinor')::bigint, p_at)) into v_online
    from unnest(p_shares) as share join payment on payment.firm_id = p_firm and payment.id = share.payment_id;
  insert into refund (firm_id, id, matter_id, version, amount_minor, other_means_minor, source, found, at)
    values (p_firm, v_id, p_matter, p_version, v_amount, v_amount - v_online, v_source, false, p_at);
  insert into refund_part (firm_id, id, refund_id, payment_id, amount_minor, means, status, provider_account, route, taken_at)
    select p_firm, v_id || '.' || row_number() over (order by n, means), v_id, payment.id, part.amount_minor, part.means,
      case part.means when 'ONLINE' then 'PLANNED' else 'TAKEN' end,
      case part.means when 'ONLINE' then payment.provider_account end, share.route,
      case part.means when 'OTHER' then p_at end
    from unnest(p_shares) with ordinality as share (payment_id, amount_minor, route, n)
    join payment on payment.firm_id = p_firm and payment.id = share.payment_id
    cross join lateral online_part(payment, share.amount_minor, (p_refund->>'stepMinor')::bigint, p_at) as online
    cross join lateral (values ('ONLINE', online), ('OTHER', share.amount_minor - online)) as part (means, amount_minor)
    where part.amount_minor > 0;
  update payment set
    refunded_minor = refunded_minor + share.amount_minor,
    unapplied_minor = unapplied_minor - case v_source when 'UNAPPLIED_FUNDS' then share.amount_minor else 0 end
    from (select payment_id, sum(amount_minor)::bigint as amount_minor from unnest(p_shares) group by payment_id) as share
    where payment.firm_id = p_firm and payment.id = share.payment_id;
  if v_online > 0 then
    v_balance := book_posting(p_firm, p_matter, p_version, p_command, p_at, v_balance, posting_of(
      'REFUND_COMMANDED', 'refund:' || v_id, debit(v_source, v_online), credit('REFUNDS_IN_FLIGHT', v_online)));
  end if;
  if v_amount > v_online then
    v_balance := book_posting(p_firm, p_matter, p_version, p_command, p_at, v_balance, posting_of(
      'REFUND_BY_OTHER_MEANS', 'refund:' || v_id || ':other-means',
      debit(v_source, v_amount - v_online), credit('OPERATING', v_amount - v_online)));
  end if;
  return v_balance;
end $$;

-- A part that failed is no longer given back; where its money goes is told by the postings.
create function note_refund_parts(p_firm uuid, p_at timestamptz, p_parts jsonb) returns void language plpgsql as $$
declare
  v_part jsonb;
begin
  for v_part in select value from jsonb_array_elements(p_parts) loop
    update refund_part set status = v_part->>'status',
        taken_at = case v_part->>'status' when 'TAKEN' then p_at else taken_at end,
        failed_at = case v_part->>'status' when 'FAILED' then p_at end
      where firm_id = p_firm and id = v_part->>'id' and status <> v_part->>'status' and status <> 'FAILED';
    if found and v_part->>'status' = 'FAILED' then
      update payment set refunded_minor = refunded_minor - refund_part.amount_minor
        from refund_part
        where refund_part.firm_id = p_firm and refund_part.id = v_part->>'id'
          and payment.firm_id = p_firm and payment.id = refund_part.payment_id;
    end if;
  end loop;
end $$;

-- A refund made at the provider, past this system.
create function note_found_refund(p_firm uuid, p_matter uuid, p_version bigint, p_at timestamptz, p jsonb)
returns void language plpgsql as $$
declare
  v_id text := p->>'providerRefundId';
  v_amount bigint := (p->>'amountMinor')::bigint;
  v_payment payment;
begin
  select * into strict v_payment from payment where firm_id = p_firm and id = p->>'paymentId' for no key update;
  insert into refund (firm_id, id, matter_id, version, amount_minor, other_means_minor, source, found, at)
    values (p_firm, v_id, p_matter, p_version, v_amount, 0,
      case when p_matter is null then 'UNAPPLIED_FUNDS' else 'RETAINER' end, true, p_at);
  insert into refund_part (firm_id, id, refund_id, payment_id, amount_minor, means, status, provider_account, provider_id,
      provider_status, route, taken_at)
    values (p_firm, v_id || '.1', v_id, v_payment.id, v_amount, 'ONLINE', 'TAKEN', v_payment.provider_account, v_id, 'TAKEN',
      array_remove(array[p_matter], null), p_at);
  update payment set refunded_minor = refunded_minor + v_amount where firm_id = p_firm and id = v_payment.id;
end $$;
