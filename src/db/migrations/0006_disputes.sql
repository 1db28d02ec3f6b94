-- Up Migration

create function is_disputed(payment payment) returns boolean language sql stable as $$
  select exists (select from dispute where firm_id = payment.firm_id and payment_id = payment.id and status = 'OPEN')
$$;

-- R18: what one fact says of a dispute: the first makes the row, the others add to it, in whatever order they come.
create function note_dispute(p_firm uuid, p_matter uuid, p_at timestamptz, p jsonb) returns void language plpgsql as $$
declare
  v_withdrawn bigint := coalesce((p->>'withdrawnMinor')::bigint, 0);
  v_reinstated bigint := coalesce((p->>'reinstatedMinor')::bigint, 0);
begin
  insert into dispute (firm_id, id, payment_id, matter_id, amount_minor, status, deadline, withdrawn_minor, reinstated_minor,
      opened_at, closed_at)
    values (p_firm, p->>'id', p->>'paymentId', p_matter, coalesce((p->>'amountMinor')::bigint, 0), coalesce(p->>'status', 'OPEN'),
      at_ms((p->>'deadlineMs')::bigint), v_withdrawn, v_reinstated, p_at, case when p->>'status' in ('WON', 'LOST') then p_at end)
    on conflict (firm_id, id) do update set
      matter_id = excluded.matter_id,
      amount_minor = greatest(dispute.amount_minor, excluded.amount_minor),
      -- What the provider has decided is not opened again by a fact that comes late.
      status = case excluded.status when 'OPEN' then dispute.status else excluded.status end,
      deadline = coalesce(excluded.deadline, dispute.deadline),
      withdrawn_minor = dispute.withdrawn_minor + v_withdrawn,
      reinstated_minor = dispute.reinstated_minor + v_reinstated,
      closed_at = coalesce(dispute.closed_at, excluded.closed_at);
  if v_withdrawn <> v_reinstated then
    update payment set reversed_minor = reversed_minor + v_withdrawn - v_reinstated
      where firm_id = p_firm and id = p->>'paymentId';
  end if;
end $$;
