-- Up Migration

-- What stood in 0008, with what of the payment there is and what was asked for, so that a screen can say it (R15).
create or replace function refused_assignment(p_firm uuid, p_matter uuid, p_assignment jsonb) returns jsonb language plpgsql as $$
declare
  v_payment payment;
  v_asked bigint := (p_assignment->>'amountMinor')::bigint;
begin
  -- Locked: of two matters that take it on, or a refund and a reversal of it meanwhile, the second finds it gone.
  select * into v_payment from payment where firm_id = p_firm and id = p_assignment->>'paymentId' for no key update;
  if not found or v_payment.unapplied_minor <> v_asked then
    return jsonb_build_object('code', 'NotInUnappliedFunds',
      'unappliedMinor', coalesce(v_payment.unapplied_minor, 0)::text, 'askedMinor', v_asked::text);
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

-- What stood in 0007, likewise.
create or replace function refused_refund(p_firm uuid, p_refund jsonb, p_shares refund_share[]) returns jsonb language sql stable as $$
  select case
    when coalesce(sum(amount_minor), 0) >= (p_refund->>'amountMinor')::bigint then null
    when exists (
      select from payment where firm_id = p_firm and id = p_refund->>'unappliedPaymentId' and is_disputed(payment)
    ) then jsonb_build_object('code', 'PaymentDisputed')
    when p_refund->>'unappliedPaymentId' is not null then jsonb_build_object('code', 'NotInUnappliedFunds',
      'unappliedMinor', coalesce(sum(amount_minor), 0)::text, 'askedMinor', p_refund->>'amountMinor')
    else jsonb_build_object('code', 'AmountAboveRefundable', 'refundableMinor', coalesce(sum(amount_minor), 0)::text)
  end
  from unnest(p_shares)
$$;
