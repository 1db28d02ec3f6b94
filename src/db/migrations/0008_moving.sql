-- Up Migration

-- R19: a transfer goes to another matter of the same client that is open and enabled. Both rows are locked by now.
create function refused_transfer(p_firm uuid, p_matter uuid, p_transfer jsonb) returns jsonb language plpgsql stable as $$
declare
  v_receiver retainer;
begin
  select retainer.* into v_receiver
    from retainer
    join matter on matter.id = retainer.matter_id
    join matter as giving on giving.id = p_matter and giving.client_id = matter.client_id
    where retainer.firm_id = p_firm and retainer.matter_id = (p_transfer->>'toMatterId')::uuid;
  return case
    when not found then jsonb_build_object('code', 'OtherClientsMatter')
    when v_receiver.phase in ('CLOSING', 'CLOSED') then jsonb_build_object('code', 'ReceivingMatterClosed')
    when not v_receiver.enabled then jsonb_build_object('code', 'ReceivingMatterNotEnabled')
  end;
end $$;

-- One atomic entry on both matters. The receiver's row is brought along, its workflow told by way of the inbox; whichever of
-- its messages comes first counts the arrival.
create function book_transfer(p_firm uuid, p_matter uuid, p_version bigint, p_command text, p_at timestamptz, p_balance bigint,
  p_transfer jsonb) returns bigint language plpgsql as $$
declare
  v_id text := p_transfer->>'id';
  v_amount bigint := (p_transfer->>'amountMinor')::bigint;
  v_receiver retainer;
  v_posting bigint;
begin
  select * into strict v_receiver from retainer where firm_id = p_firm and matter_id = (p_transfer->>'toMatterId')::uuid;
  v_receiver.version := v_receiver.version + 1;
  v_receiver.balance_minor := v_receiver.balance_minor + v_amount;

  insert into posting (firm_id, key, kind, matter_id, command_key, at)
    values (p_firm, 'transfer:' || v_id, 'TRANSFER', p_matter, p_command, p_at) returning id into v_posting;
  insert into entry (posting_id, line, firm_id, kind, account, side, amount_minor, matter_id, balance_before_minor,
      balance_after_minor, matter_version, at)
    values
      (v_posting, 1, p_firm, 'TRANSFER', 'RETAINER', 'DEBIT', v_amount, p_matter,
        p_balance, p_balance - v_amount, p_version, p_at),
      (v_posting, 2, p_firm, 'TRANSFER', 'RETAINER', 'CREDIT', v_amount, v_receiver.matter_id,
        v_receiver.balance_minor - v_amount, v_receiver.balance_minor, v_receiver.version, p_at);
  insert into transfer (firm_id, id, from_matter_id, from_version, to_matter_id, to_version, amount_minor, at)
    values (p_firm, v_id, p_matter, p_version, v_receiver.matter_id, v_receiver.version, v_amount, p_at);

  update retainer set
    version = v_receiver.version,
    balance_minor = v_receiver.balance_minor,
    state = state || jsonb_build_object(
      'version', v_receiver.version,
      'balanceMinor', v_receiver.balance_minor::text,
      'arrivals', state->'arrivals' || jsonb_build_object(
        'transferId', v_id, 'fromMatterId', p_matter, 'amountMinor', v_amount::text)),
    updated_at = p_at
    where matter_id = v_receiver.matter_id;
  insert into command (firm_id, key, input_hash, kind, matter_id, version, answer, outcome, at)
    values (p_firm, 'transfer:' || v_id || ':in', 'fact', 'transferIn', v_receiver.matter_id, v_receiver.version,
      '{"ok": true, "id": null}',
      jsonb_build_object('phase', v_receiver.phase, 'balanceMinor', v_receiver.balance_minor::text,
        'pendingMinor', v_receiver.pending_minor::text, 'amountDueMinor', v_receiver.amount_due_minor::text), p_at);
  insert into inbox (id, source, type, object_id, firm_id, matter_id)
    values ('transfer:' || p_firm || ':' || v_id, 'books', 'transfer.arrived', v_id, p_firm, v_receiver.matter_id);
  return p_balance - v_amount;
end $$;

-- R15: a matter takes on what is left in unapplied funds of a payment of its client, or of nobody's yet; all of it or none.
create function refused_assignment(p_firm uuid, p_matter uuid, p_assignment jsonb) returns jsonb language plpgsql as $$
declare
  v_payment payment;
begin
  -- Locked: of two matters that take it on, or a refund and a reversal of it meanwhile, the second finds it gone.
  select * into v_payment from payment where firm_id = p_firm and id = p_assignment->>'paymentId' for no key update;
  if not found or v_payment.unapplied_minor <> (p_assignment->>'amountMinor')::bigint then
    return jsonb_build_object('code', 'NotInUnappliedFunds');
  end if;
  -- R18: who has the money is settled first; a dispute stays with the home that knows of it.
  if is_disputed(v_payment) then
    return jsonb_build_object('code', 'PaymentDisputed');
  end if;
  if exists (
    select from matter join matter as home on home.id = v_payment.matter_id
    where matter.id = p_matter and matter.client_id <> home.client_id
  ) then
    return jsonb_build_object('code', 'OtherClientsMatter');
  end if;
  return null;
end $$;

-- The matter becomes the payment's home, unless a part of it has paid what was owed at the old one (R20): then only the money
-- moves, and what happens to the payment still happens there.
create function take_assignment(p_firm uuid, p_matter uuid, p_version bigint, p_at timestamptz, p_assignment jsonb)
returns void language plpgsql as $$
declare
  v_payment payment;
  v_moves_home boolean;
begin
  select * into strict v_payment from payment where firm_id = p_firm and id = p_assignment->>'paymentId';
  v_moves_home := v_payment.unapplied_minor = v_payment.amount_minor - v_payment.refunded_minor - v_payment.reversed_minor;
  insert into assignment (firm_id, payment_id, matter_id, version, amount_minor, home_matter_id, at)
    values (p_firm, v_payment.id, p_matter, p_version, v_payment.unapplied_minor,
      case when not v_moves_home then v_payment.matter_id end, p_at);
  update payment set
    unapplied_minor = 0,
    matter_id = case when v_moves_home then p_matter else matter_id end,
    version = case when v_moves_home then p_version else version end
    where firm_id = p_firm and id = v_payment.id;
  update firm_attention set cleared_at = p_at
    where firm_id = p_firm and code = 'UNAPPLIED_FUNDS' and subject_id = v_payment.id and cleared_at is null;
end $$;
