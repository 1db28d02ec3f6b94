-- Up Migration

-- What lists are searched, sorted and filtered by.

-- In a schema of its own: what is granted and revoked in `public` is the product's.
create schema if not exists extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists btree_gin with schema extensions;

-- A text as people search and sort it: whatever its case, accents and kind of apostrophe.
create function folded(p_text text) returns text language sql immutable parallel safe
return translate(
  casefold(regexp_replace(normalize(p_text, NFKD), '[\u0300-\u036f]', '', 'g') collate pg_unicode_fast), '’‘łøđ', '''''lod');
revoke execute on function folded from public;
grant execute on function folded to retainer_api, retainer_worker;

-- What contains a text, as a pattern for LIKE that takes the text literally.
create function containing(p_text text) returns text language sql immutable parallel safe
return '%' || regexp_replace(folded(p_text), '([\\%_])', '\\\1', 'g') || '%';
revoke execute on function containing from public;
grant execute on function containing to retainer_api;

alter table client add column name_key text collate "C" not null generated always as (folded(name)) stored;
alter table matter add column number_key text collate "C" not null generated always as (folded(number)) stored;
alter table matter add column title_key text collate "C" not null generated always as (folded(title)) stored;

create index client_by_name on client (firm_id, name_key, id);
create index matter_by_title on matter (firm_id, title_key, number);
create index matter_by_client on matter (firm_id, client_id, number);
-- Read far more often than written: nothing is left for later to be merged into the index.
create index client_by_part on client using gin (firm_id, name_key extensions.gin_trgm_ops) with (fastupdate = off);
create index matter_by_part on matter
  using gin (firm_id, number_key extensions.gin_trgm_ops, title_key extensions.gin_trgm_ops) with (fastupdate = off);

-- The matters of the asker's firm whose number, title or client's name contains a text. As its owner, because row-level security
-- looks at every row before it lets an index on parts of texts do so; so it asks for the firm itself.
create function matters_containing(p_text text) returns setof uuid
language plpgsql stable rows 100 security definer set search_path = public, pg_temp as $$
declare
  v_firm uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
  v_pattern text := containing(p_text);
begin
  return query select id from matter where firm_id = v_firm and (number_key like v_pattern or title_key like v_pattern)
    union all
    select matter.id from client
    join matter on matter.firm_id = client.firm_id and matter.client_id = client.id
    where client.firm_id = v_firm and client.name_key like v_pattern;
end $$;
revoke execute on function matters_containing from public;
grant execute on function matters_containing to retainer_api;

-- R4: something is missing to the minimum balance that is not on its way.
alter table retainer add column below_minimum boolean not null generated always as (
  replenishing and phase not in ('CLOSING', 'CLOSED') and coalesce(
    balance_minor + pending_minor < (state->'options'->'replenishment'->>'minimumBalanceMinor')::bigint, false)
) stored;
create index retainer_by_balance on retainer (firm_id, balance_minor, matter_id);
create index retainer_by_amount_due on retainer (firm_id, amount_due_minor, matter_id);
create index retainer_by_activity on retainer (firm_id, updated_at, matter_id);
create index retainer_below_minimum on retainer (firm_id, matter_id) where below_minimum;
create index retainer_with_attention on retainer (firm_id, matter_id) where attention_count > 0;

create index request_by_firm on request (firm_id, opened_at, id);
create index request_open_by_firm on request (firm_id, last_sent_at) where status = 'OPEN';
create index invoice_by_firm on invoice (firm_id, recorded_at, id);
create index invoice_unpaid_by_firm on invoice (firm_id, recorded_at, id) where paid_minor < amount_minor;
create index payment_unapplied on payment (firm_id, settled_at, id) where unapplied_minor > 0;
