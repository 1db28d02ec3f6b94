-- Up Migration

-- Payments, and what becomes of them.
create function note_payments(p_firm uuid, p_matter uuid, p_version bigint, p_at timestamptz, p_plan jsonb)
returns void language plpgsql as $$
declare
  v_change jsonb;
begin
  insert into payment (firm_id, id, matter_id, version, method, provider_account, amount_minor, fee_minor, refundable_until,
      settled_at)
    select p_firm, id, p_matter, p_version, method, "providerAccount", "amountMinor", "feeMinor", at_ms("refundableUntilMs"), p_at
    from jsonb_to_recordset(p_plan->'payments') as payments (id text, method text, "providerAccount" text, "amountMinor" bigint,
      "feeMinor" bigint, "refundableUntilMs" bigint);
  -- Below zero, somebody else took it out of the funds meanwhile: refused, and the fact is told again as it stands then.
  for v_change in select value from jsonb_array_elements(p_plan->'unapplied') loop
    update payment set unapplied_minor = unapplied_minor + (v_change->>'changeMinor')::bigint
      where firm_id = p_firm and id = v_change->>'paymentId';
    if not found then
      raise exception 'unapplied funds of an unknown payment' using errcode = 'check_violation';
    end if;
  end loop;
  for v_change in select value from jsonb_array_elements(p_plan->'disputes') loop
    perform note_dispute(p_firm, p_matter, p_at, v_change);
  end loop;
  if p_plan->'refundParts' <> '[]' then
    perform note_refund_parts(p_firm, p_at, p_plan->'refundParts');
  end if;
  if p_plan->>'refundFound' is not null then
    perform note_found_refund(p_firm, p_matter, p_version, p_at, p_plan->'refundFound');
  end if;
end $$;

-- What lists and screens read, and the courier's work. Most commits leave most of it empty, and a statement that finds nothing
-- to do costs as much as a row.
create function note_lists(p_firm uuid, p_matter uuid, p_version bigint, p_at timestamptz, p_plan jsonb)
returns void language plpgsql as $$
begin
  if p_plan->'requests' <> '[]' then
    insert into request (id, firm_id, matter_id, number, kind, status, amount_minor, received_minor, opened_at, last_sent_at,
        closed_at, link_hash)
      select id, p_firm, p_matter, number, kind, status, "amountMinor", "receivedMinor", at_ms("openedAtMs"),
        at_ms("lastSentAtMs"), at_ms("closedAtMs"), decode("linkHash", 'hex')
      from jsonb_to_recordset(p_plan->'requests') as r (id text, number int, kind text, status text, "amountMinor" bigint,
        "receivedMinor" bigint, "openedAtMs" bigint, "lastSentAtMs" bigint, "closedAtMs" bigint, "linkHash" text)
      on conflict (id) do update set kind = excluded.kind, status = excluded.status, amount_minor = excluded.amount_minor,
        received_minor = excluded.received_minor, last_sent_at = excluded.last_sent_at, closed_at = excluded.closed_at;
  end if;

  if p_plan->'attempts' <> '[]' then
    insert into attempt (id, firm_id, matter_id, request_id, amount_minor, status, expires_at, created_at)
      select id, p_firm, p_matter, "requestId", "amountMinor", status, at_ms("expiresAtMs"), p_at
      from jsonb_to_recordset(p_plan->'attempts') as a (id uuid, "requestId" text, "amountMinor" bigint, status text,
        "expiresAtMs" bigint)
      on conflict (id) do update set status = excluded.status;
  end if;
  if p_plan->'paidAttemptIds' <> '[]' then
    update attempt set status = 'PAID', paid_version = p_version
      where matter_id = p_matter and id::text in (select jsonb_array_elements_text(p_plan->'paidAttemptIds'));
  end if;

  insert into decision (matter_id, version, line, firm_id, rule, code, inputs, at)
    select p_matter, p_version, line, p_firm, d->>'rule', d->>'code', d->'inputs', p_at
    from jsonb_array_elements(p_plan->'decisions') with ordinality as decisions (d, line);

  insert into effect (id, firm_id, matter_id, kind, body, planned_at)
    select e->>'id', p_firm, p_matter, e->>'kind', e, p_at from jsonb_array_elements(p_plan->'effects') as e;
  if p_plan->'cancelledEffectIds' <> '[]' then
    update effect set status = 'CANCELLED', finished_at = p_at
      where matter_id = p_matter and status = 'PLANNED'
        and id = any (array(select jsonb_array_elements_text(p_plan->'cancelledEffectIds')));
  end if;

  if p_plan->'attentionRaised' <> '[]' then
    insert into attention (matter_id, code, subject_id, firm_id, since)
      select p_matter, code, "subjectId", p_firm, at_ms("sinceMs")
      from jsonb_to_recordset(p_plan->'attentionRaised') as a (code text, "subjectId" text, "sinceMs" bigint);
  end if;
  if p_plan->'attentionCleared' <> '[]' then
    update attention set cleared_at = p_at
      from jsonb_to_recordset(p_plan->'attentionCleared') as a (code text, "subjectId" text)
      where matter_id = p_matter and attention.code = a.code and subject_id = a."subjectId" and cleared_at is null;
  end if;
end $$;
