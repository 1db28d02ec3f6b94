-- Up Migration

-- The payment that an attempt led to; without balance and instant while it is a bank debit on its way (R13).
create function payment_of_attempt(p_attempt uuid)
returns table (payment_id text, amount_minor bigint, balance_minor bigint, posted_at timestamptz)
language sql stable as $$
  select split_part(command.key, ':', 2), coalesce(entry.amount_minor, attempt.amount_minor), entry.balance_after_minor, entry.at
  from attempt
  join command on command.matter_id = attempt.matter_id and command.version = attempt.paid_version
  left join posting on posting.firm_id = attempt.firm_id and posting.key = 'payment:' || split_part(command.key, ':', 2)
  left join entry on entry.posting_id = posting.id and entry.account = 'RETAINER'
  where attempt.id = p_attempt
$$;
revoke execute on function payment_of_attempt from public;
grant execute on function payment_of_attempt to retainer_api;
