-- Up Migration

-- Three logins: the owner migrates; the worker writes the books; the API reads its firm's rows and files people, matters,
-- settings and provider events. Nothing of the product runs as a superuser, who would see through row-level security.
grant usage on schema public to retainer_worker, retainer_api;
revoke execute on all functions in schema public from public;

grant select on all tables in schema public to retainer_worker;
-- Append-only: neither postings nor entries, decisions nor commands can be updated or deleted.
grant insert on posting, entry, decision, command, refund, transfer, assignment, payout_line, reconciliation_difference
  to retainer_worker;
grant insert, update on request, attempt, invoice, attention, effect, mail, inbox, provider_cursor to retainer_worker;
grant update on retainer to retainer_worker;
-- Of money that is booked, only what became of it.
grant insert on payment, refund_part, dispute, payout, reconciliation, firm_attention to retainer_worker;
grant update (matter_id, version, fee_minor, refunded_minor, reversed_minor, unapplied_minor, refundable_online)
  on payment to retainer_worker;
grant update (status, provider_id, provider_status, taken_at, failed_at) on refund_part to retainer_worker;
grant update (matter_id, amount_minor, status, deadline, withdrawn_minor, reinstated_minor, closed_at) on dispute to retainer_worker;
grant update (status, failed_at) on payout to retainer_worker;
grant update (status, step, done, total, finished_at) on reconciliation to retainer_worker;
grant update (cleared_at) on firm_attention to retainer_worker;
grant update (currency_fixed) on firm to retainer_worker;
grant execute on all functions in schema public to retainer_worker;

grant select on firm, client, matter, retainer, command, memo, invoice, posting, entry, request, attempt, decision, attention,
  payment, refund, refund_part, dispute, transfer, assignment, money_moved, payout, payout_line, reconciliation,
  reconciliation_difference, firm_attention to retainer_api;
-- Not what is sent to the providers: it holds payment links, which open without any other proof.
grant select (id, firm_id, matter_id, kind, status, planned_at, finished_at) on effect to retainer_api;
grant select (effect_id, firm_id, matter_id, recipient, template, sent_at, delivery, delivery_at) on mail to retainer_api;
grant insert, update on client to retainer_api;
grant insert on matter, memo to retainer_api;
-- Of commands only its own (see the policy below), and never a place in a matter's sequence; of events nothing but that they came.
grant insert (firm_id, key, input_hash, kind, answer, at) on command to retainer_api;
grant insert (id, source, type, account, object_id) on inbox to retainer_api;
grant update (name, currency, general_retainer_enabled, time_zone, reminder_days, reminder_hour, notifications_email,
  sender_name, sender_email, copies_top_ups) on firm to retainer_api;
-- A person has seen to it.
grant update (cleared_at) on firm_attention to retainer_api;
grant execute on function at_ms, to_ms, allocate_refund, refund_ways, is_disputed, online_part to retainer_api;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['client', 'matter', 'retainer', 'command', 'memo', 'invoice', 'posting', 'entry',
    'request', 'attempt', 'decision', 'attention', 'effect', 'mail', 'payment', 'refund', 'refund_part', 'dispute', 'transfer',
    'assignment', 'payout', 'payout_line', 'reconciliation', 'reconciliation_difference', 'firm_attention']
  loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('create policy worker on %I to retainer_worker using (true) with check (true)', tenant_table);
    execute format($policy$create policy own_firm on %I to retainer_api
      using (firm_id = nullif(current_setting('app.firm_id', true), '')::uuid)
      with check (firm_id = nullif(current_setting('app.firm_id', true), '')::uuid)$policy$, tenant_table);
  end loop;
end $$;
drop policy own_firm on command;
create policy own_firm on command for select to retainer_api
  using (firm_id = nullif(current_setting('app.firm_id', true), '')::uuid);
-- Keys of facts (`payment:...`) are the worker's: filing one would make the fact look booked.
create policy own_commands on command for insert to retainer_api with check (
  firm_id = nullif(current_setting('app.firm_id', true), '')::uuid
  and key ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
);
alter table firm enable row level security;
create policy worker on firm to retainer_worker using (true) with check (true);
create policy own_firm on firm to retainer_api using (id = nullif(current_setting('app.firm_id', true), '')::uuid);
-- Provider events belong to no firm until they are read: the API files them and sees none.
alter table inbox enable row level security;
create policy worker on inbox to retainer_worker using (true) with check (true);
create policy file on inbox for insert to retainer_api with check (true);

-- The paying client has no firm: a link's hash leads to exactly one request, and to nothing else.
create function request_of_link(p_hash bytea) returns table (firm_id uuid, matter_id uuid, request_id text)
language sql stable security definer set search_path = public, pg_temp as
  $$ select firm_id, matter_id, id from request where link_hash = p_hash $$;
revoke execute on function request_of_link from public;
grant execute on function request_of_link to retainer_api;
