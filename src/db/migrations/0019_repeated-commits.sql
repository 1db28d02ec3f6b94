-- Up Migration

-- A workflow task that is done again repeats all its commits, and every answer becomes part of the one message that ends the task.
-- With the whole state in each, a hundred of them were more than the engine takes in a message, and it terminated the workflow.
-- One decision of a matter's workflow: all of it or nothing, once per key. Answers
--   committed {version, balanceMinor, reminders}          done now
--   repeated  {answer, state, balanceMinor}               the key was decided before, with the same input, or is overtaken; a state
--                                                         only for a caller that is behind
--   stale     {state, balanceMinor}                       the caller's state is behind; decide again with this one
--   refused   {refusal}                                   the firm's settings or books forbid it; nothing was written
create or replace function commit_matter(p jsonb) returns jsonb language plpgsql as $$
declare
  v_firm_id uuid := (p->>'firmId')::uuid;
  v_matter uuid := (p->>'matterId')::uuid;
  v_key text := p->>'key';
  v_at timestamptz := at_ms((p->>'atMs')::bigint);
  v_plan jsonb := p->'plan';
  v_projection jsonb := p->'projection';
  v_retainer retainer;
  v_known command;
  -- The state, where the caller has an older one.
  v_news jsonb;
  v_refusal jsonb;
  v_shares refund_share[];
  v_version bigint;
  v_balance bigint;
  v_reminders jsonb;
  v_posting jsonb;
begin
  -- Two matters that give to each other at the same moment: both lock both rows in the same order.
  if v_plan->>'transfer' is not null then
    perform from retainer
      where firm_id = v_firm_id and matter_id in (v_matter, (v_plan->'transfer'->>'toMatterId')::uuid)
      order by matter_id for update;
  end if;
  select * into v_retainer from retainer where matter_id = v_matter and firm_id = v_firm_id for update;
  if not found then
    raise exception 'unknown matter' using errcode = 'no_data_found';
  end if;
  if v_retainer.version <> (p->>'expectedVersion')::bigint then
    v_news := v_retainer.state;
  end if;

  select * into v_known from command where firm_id = v_firm_id and key = v_key;
  if found then
    perform settle_event(p, 'booked');
    if v_known.input_hash <> p->>'inputHash' or v_known.matter_id is distinct from v_matter then
      return jsonb_build_object('outcome', 'refused', 'refusal', jsonb_build_object('code', 'IdempotencyKeyReused'));
    end if;
    return jsonb_build_object('outcome', 'repeated', 'answer', v_known.answer,
      'state', v_news, 'balanceMinor', v_retainer.balance_minor::text);
  end if;
  -- R12: in whatever order it is told, once it is overtaken it happened before.
  if p->'overtakenBy' <> '[]' then
    if exists (
      select from command where firm_id = v_firm_id and key = any (array(select jsonb_array_elements_text(p->'overtakenBy')))
    ) then
      perform settle_event(p, 'overtaken');
      return jsonb_build_object('outcome', 'repeated', 'answer', p->'answer',
        'state', v_news, 'balanceMinor', v_retainer.balance_minor::text);
    end if;
  end if;
  if v_retainer.version <> (p->>'expectedVersion')::bigint then
    return jsonb_build_object('outcome', 'stale',
      'state', v_retainer.state, 'balanceMinor', v_retainer.balance_minor::text);
  end if;

  v_refusal := coalesce(refused_by_firm(v_firm_id, p), refused_by_invoices(v_firm_id, v_matter, v_plan));
  if v_plan->>'transfer' is not null then
    v_refusal := coalesce(v_refusal, refused_transfer(v_firm_id, v_matter, v_plan->'transfer'));
  end if;
  if v_plan->>'assignment' is not null then
    v_refusal := coalesce(v_refusal, refused_assignment(v_firm_id, v_matter, v_plan->'assignment'));
  end if;
  if v_plan->>'refund' is not null then
    v_shares := refund_shares(v_firm_id, v_matter, v_plan->'refund');
    v_refusal := coalesce(v_refusal, refused_refund(v_firm_id, v_plan->'refund', v_shares));
  end if;
  if v_refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'refusal', v_refusal);
  end if;

  v_version := v_retainer.version + 1;
  v_balance := v_retainer.balance_minor;

  if v_plan->'invoices' <> '[]' then
    insert into invoice (id, firm_id, matter_id, number, amount_minor, recorded_at)
      select id, v_firm_id, v_matter, number, "amountMinor", v_at
      from jsonb_to_recordset(v_plan->'invoices') as i (id uuid, number text, "amountMinor" bigint);
  end if;
  for v_posting in select value from jsonb_array_elements(v_plan->'postings') loop
    v_balance := book_posting(v_firm_id, v_matter, v_version, v_key, v_at, v_balance, v_posting);
  end loop;
  if v_plan->>'assignment' is not null then
    perform take_assignment(v_firm_id, v_matter, v_version, v_at, v_plan->'assignment');
  end if;
  if v_plan->>'refund' is not null then
    v_balance := book_refund(v_firm_id, v_matter, v_version, v_key, v_at, v_balance, v_plan->'refund', v_shares);
  end if;
  if v_plan->>'transfer' is not null then
    v_balance := book_transfer(v_firm_id, v_matter, v_version, v_key, v_at, v_balance, v_plan->'transfer');
  end if;
  perform note_payments(v_firm_id, v_matter, v_version, v_at, v_plan);
  perform note_lists(v_firm_id, v_matter, v_version, v_at, v_plan);

  if v_plan->>'remindFromMs' is null then
    v_reminders := p->'state'->'reminders';
  else
    select reminder_series(firm, (v_plan->>'remindFromMs')::bigint) into v_reminders from firm where id = v_firm_id;
  end if;

  update retainer set
    version = v_version,
    state = p->'state' || jsonb_build_object('balanceMinor', v_balance::text, 'reminders', v_reminders),
    balance_minor = v_balance,
    phase = v_projection->>'phase',
    enabled = (v_projection->>'enabled')::boolean,
    replenishing = (v_projection->>'replenishing')::boolean,
    pending_minor = (v_projection->>'pendingMinor')::bigint,
    amount_due_minor = (v_projection->>'amountDueMinor')::bigint,
    initial_amount_minor = (v_projection->>'initialAmountMinor')::bigint,
    received_toward_initial_minor = (v_projection->>'receivedTowardInitialMinor')::bigint,
    receivable_minor = (v_projection->>'receivableMinor')::bigint,
    refunds_in_flight_minor = (v_projection->>'refundsInFlightMinor')::bigint,
    disputed_minor = (v_projection->>'disputedMinor')::bigint,
    initial_locked_at = at_ms((v_projection->>'initialLockedAtMs')::bigint),
    initial_locked_by = v_projection->>'initialLockedBy',
    can_create_online = (v_projection->>'canCreateOnline')::boolean,
    open_request_id = v_projection->>'openRequestId',
    next_reminder_at = at_ms((v_reminders->0->>'atMs')::bigint),
    attention_count = (v_projection->>'attentionCount')::int,
    updated_at = v_at
  where matter_id = v_matter;

  insert into command (firm_id, key, input_hash, kind, matter_id, version, answer, outcome, at)
    values (v_firm_id, v_key, p->>'inputHash', p->>'kind', v_matter, v_version, p->'answer',
      jsonb_build_object('phase', v_projection->>'phase', 'balanceMinor', v_balance::text,
        'pendingMinor', v_projection->>'pendingMinor', 'amountDueMinor', v_projection->>'amountDueMinor'), v_at);
  perform settle_event(p, 'booked');

  return jsonb_build_object('outcome', 'committed', 'version', v_version, 'balanceMinor', v_balance::text,
    'reminders', v_reminders);
end $$;
