-- Up Migration

-- Something that somebody at the firm should look at, and the mail that says so.
create function tell_firm(p_firm uuid, p_effect text, p_code text, p_subject text, p_amount bigint, p_at timestamptz)
returns void language plpgsql as $$
begin
  insert into firm_attention (firm_id, code, subject_id, since) values (p_firm, p_code, p_subject, p_at)
    on conflict (firm_id, code, subject_id) where cleared_at is null do nothing;
  insert into effect (id, firm_id, kind, body, planned_at)
    values (p_effect, p_firm, 'MAIL', jsonb_build_object('id', p_effect, 'kind', 'MAIL', 'template', 'NEEDS_ATTENTION',
      'subjectId', p_code || ':' || p_subject, 'amountMinor', p_amount::text, 'plannedAtMs', to_ms(p_at)), p_at);
end $$;

-- A payment that no matter can take goes to the firm's unapplied funds, once, by the key its matter would have used (R15).
-- Takes {firmId, paymentId, amountMinor, providerAccount, method, feeMinor, inboxId, atMs}; answers the notice to the firm, while
-- it is still to be sent.
create function book_unapplied(p jsonb) returns jsonb language plpgsql as $$
declare
  v_firm uuid := (p->>'firmId')::uuid;
  v_payment text := p->>'paymentId';
  v_amount bigint := (p->>'amountMinor')::bigint;
  v_at timestamptz := at_ms((p->>'atMs')::bigint);
  v_key text := 'payment:' || v_payment || ':settled';
  v_notice text := 'unapplied.' || v_payment;
begin
  -- The same payment told twice at the same moment: the second waits, and finds it booked.
  perform pg_advisory_xact_lock(hashtextextended(v_firm || ':' || v_key, 0));
  if not exists (select from command where firm_id = v_firm and key = v_key) then
    -- In the order of a matter's commit, should that try to book the same payment now: the second is refused by its key.
    perform book_posting(v_firm, null, null, v_key, v_at, 0, posting_of('UNAPPLIED_PAYMENT', 'payment:' || v_payment,
      debit('PAYMENTS_HOLDING', v_amount, p->>'providerAccount'), credit('UNAPPLIED_FUNDS', v_amount)));
    insert into payment (firm_id, id, method, provider_account, amount_minor, fee_minor, unapplied_minor, refundable_until,
        settled_at)
      values (v_firm, v_payment, p->>'method', p->>'providerAccount', v_amount, (p->>'feeMinor')::bigint, v_amount,
        case p->>'method' when 'BANK_DEBIT' then v_at + interval '180 days' end, v_at);
    perform tell_firm(v_firm, v_notice, 'UNAPPLIED_FUNDS', v_payment, v_amount, v_at);
    insert into command (firm_id, key, input_hash, kind, answer, at)
      values (v_firm, v_key, 'fact', 'unappliedPayment', '{"ok": true, "id": null}', v_at);
  end if;
  update inbox set booked_at = now(), firm_id = v_firm, outcome = 'booked' where id = p->>'inboxId' and booked_at is null;
  return (select body from effect where id = v_notice and status = 'PLANNED');
end $$;

-- What happens to a payment without a home: the facts that a matter's workflow takes for its own, by the same keys (R17, R18).
--   {fact: 'disputeOpened', disputeId, amountMinor, deadlineMs} | {fact: 'paymentReversed' | 'reversalWon', disputeId, amountMinor}
--   | {fact: 'disputeDue', disputeId, deadlineMs} | {fact: 'disputeClosed', disputeId, outcome}
--   | {fact: 'refundFound', providerRefundId, amountMinor} | {fact: 'refundFailed', partId, amountMinor} (of one that was found)
-- with {firmId, paymentId, inboxId, atMs}. What is no longer in unapplied funds is owed to the firm. Answers
--   booked {notice}     done, now or before; the notice to the firm, while it is still to be sent
--   hasHome             a matter has taken the payment on meanwhile: the fact is its
create function book_unapplied_fact(p jsonb) returns jsonb language plpgsql as $$
declare
  v_firm uuid := (p->>'firmId')::uuid;
  v_at timestamptz := at_ms((p->>'atMs')::bigint);
  v_amount bigint := coalesce((p->>'amountMinor')::bigint, 0);
  v_subject text := coalesce(p->>'disputeId', p->>'providerRefundId', p->>'partId');
  v_step text := case p->>'fact' when 'disputeOpened' then 'opened' when 'paymentReversed' then 'withdrawn'
    when 'reversalWon' then 'reinstated' when 'disputeClosed' then 'closed' when 'disputeDue' then 'due:' || (p->>'deadlineMs')
    when 'refundFound' then 'found' when 'refundFailed' then 'failed' end;
  v_key text := case when p->>'disputeId' is null then 'refund:' else 'dispute:' end || v_subject || ':' || v_step;
  v_code text := case p->>'fact' when 'disputeOpened' then 'PAYMENT_DISPUTED' when 'paymentReversed' then 'PAYMENT_REVERSED'
    when 'refundFound' then 'REFUNDED_AT_PROVIDER' when 'refundFailed' then 'REFUND_FAILED' end;
  v_dispute dispute;
  v_payment payment;
  v_unapplied bigint;
begin
  select * into strict v_payment from payment where firm_id = v_firm and id = p->>'paymentId' for no key update;
  if v_payment.matter_id is not null then
    return jsonb_build_object('outcome', 'hasHome');
  end if;
  insert into command (firm_id, key, input_hash, kind, answer, at)
    values (v_firm, v_key, 'fact', p->>'fact', '{"ok": true, "id": null}', v_at) on conflict do nothing;
  if found then
    if p->>'fact' in ('paymentReversed', 'refundFound') then
      v_unapplied := least(v_payment.unapplied_minor, v_amount);
      perform book_posting(v_firm, null, null, v_key, v_at, 0, posting_of(
        case p->>'fact' when 'paymentReversed' then 'REVERSAL' else 'REFUNDED_AT_PROVIDER' end, v_key,
        debit('UNAPPLIED_FUNDS', v_unapplied), debit('REVERSED_PAYMENTS_RECEIVABLE', v_amount - v_unapplied),
        credit('PAYMENTS_HOLDING', v_amount, v_payment.provider_account)));
      update payment set unapplied_minor = unapplied_minor - v_unapplied where firm_id = v_firm and id = v_payment.id;
    elsif p->>'fact' in ('reversalWon', 'refundFailed') then
      v_unapplied := v_amount - least(v_amount, owed_of(v_payment));
      perform book_posting(v_firm, null, null, v_key, v_at, 0, posting_of(
        case p->>'fact' when 'reversalWon' then 'REVERSAL_WON' else 'REFUND_FAILED' end, v_key,
        debit('PAYMENTS_HOLDING', v_amount, v_payment.provider_account),
        credit('REVERSED_PAYMENTS_RECEIVABLE', v_amount - v_unapplied), credit('UNAPPLIED_FUNDS', v_unapplied)));
      update payment set unapplied_minor = unapplied_minor + v_unapplied where firm_id = v_firm and id = v_payment.id;
    end if;
    if p->>'fact' = 'refundFound' then
      perform note_found_refund(v_firm, null, null, v_at, p);
    elsif p->>'fact' = 'refundFailed' then
      perform note_refund_parts(v_firm, v_at, jsonb_build_array(jsonb_build_object('id', v_subject, 'status', 'FAILED')));
    else
      select * into v_dispute from dispute where firm_id = v_firm and id = v_subject;
      if p->>'fact' = 'disputeDue' and v_dispute.status = 'OPEN'
        and v_dispute.deadline is distinct from at_ms((p->>'deadlineMs')::bigint) then
        v_code := 'PAYMENT_DISPUTED';
        v_amount := v_dispute.amount_minor;
      end if;
      if p->>'fact' <> 'disputeDue' or v_dispute.status = 'OPEN' then
        perform note_dispute(v_firm, null, v_at, jsonb_build_object('id', v_subject, 'paymentId', v_payment.id,
          'amountMinor', p->'amountMinor', 'deadlineMs', p->'deadlineMs',
          'status', case p->>'fact' when 'disputeOpened' then 'OPEN' when 'disputeClosed' then p->>'outcome' end,
          'withdrawnMinor', case p->>'fact' when 'paymentReversed' then v_amount end,
          'reinstatedMinor', case p->>'fact' when 'reversalWon' then v_amount end));
      end if;
    end if;
    -- A dispute that cannot be contested is told once: when it takes the money.
    if v_code is not null and (p->>'fact' <> 'disputeOpened' or p->>'deadlineMs' is not null) then
      perform tell_firm(v_firm, 'unapplied.' || v_key, v_code, v_subject, v_amount, v_at);
    end if;
    update firm_attention set cleared_at = v_at
      where firm_id = v_firm and subject_id = v_subject and cleared_at is null
        and code = case p->>'fact' when 'disputeClosed' then 'PAYMENT_DISPUTED' when 'reversalWon' then 'PAYMENT_REVERSED' end;
  end if;
  update inbox set booked_at = now(), firm_id = v_firm, outcome = 'booked' where id = p->>'inboxId' and booked_at is null;
  return jsonb_build_object('outcome', 'booked',
    'notice', (select body from effect where id = 'unapplied.' || v_key and status = 'PLANNED'));
end $$;

-- What a payment without a home has lost beyond what lay in unapplied funds: its client owes it to the firm.
create function owed_of(payment payment) returns bigint language sql stable as $$
  select payment.refunded_minor + payment.reversed_minor + payment.unapplied_minor - payment.amount_minor
    + coalesce((select sum(amount_minor) from assignment where firm_id = payment.firm_id and payment_id = payment.id), 0)::bigint
$$;
