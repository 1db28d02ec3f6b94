-- Up Migration

-- The firm's practice settings (R1). Read when they matter: nothing fans out to running matters.
create table firm (
  id uuid primary key,
  name text not null,
  currency text not null default 'USD',
  currency_fixed boolean not null default false,
  general_retainer_enabled boolean not null default false,
  time_zone text not null default 'America/New_York',
  reminder_days int[] not null default '{7,14,28}'
    check (cardinality(reminder_days) <= 12 and 0 < all (reminder_days) and 366 > all (reminder_days)),
  reminder_hour int not null default 9 check (reminder_hour between 0 and 23),
  notifications_email text not null,
  sender_name text not null,
  sender_email text not null,
  copies_top_ups boolean not null default false,
  stripe_account text unique,
  created_at timestamptz not null default now()
);

create table client (
  id uuid primary key,
  firm_id uuid not null references firm,
  name text not null,
  email text not null,
  created_at timestamptz not null default now(),
  unique (firm_id, id)
);

create table matter (
  id uuid primary key,
  firm_id uuid not null references firm,
  client_id uuid not null,
  number text not null,
  title text not null,
  created_at timestamptz not null default now(),
  unique (firm_id, number),
  foreign key (firm_id, client_id) references client (firm_id, id)
);

-- One row a matter: the workflow's whole state, and the figures that lists and screens read. Written by commit_matter only.
create table retainer (
  matter_id uuid primary key references matter,
  firm_id uuid not null,
  version bigint not null default 0,
  state jsonb,
  balance_minor bigint not null default 0,
  phase text not null default 'DISABLED',
  enabled boolean not null default false,
  replenishing boolean not null default false,
  pending_minor bigint not null default 0,
  amount_due_minor bigint not null default 0,
  initial_amount_minor bigint,
  received_toward_initial_minor bigint not null default 0,
  receivable_minor bigint not null default 0,
  refunds_in_flight_minor bigint not null default 0,
  disputed_minor bigint not null default 0,
  initial_locked_at timestamptz,
  initial_locked_by text,
  can_create_online boolean not null default false,
  open_request_id text,
  next_reminder_at timestamptz,
  attention_count int not null default 0,
  -- To the millisecond, as every instant that a cursor holds.
  updated_at timestamptz not null default date_trunc('milliseconds', now())
-- Every commit rewrites the row: its next version finds room on the same page.
) with (fillfactor = 50);
create index retainer_by_firm on retainer (firm_id, phase);

create function matter_gets_retainer() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into retainer (matter_id, firm_id) values (new.id, new.firm_id);
  return new;
end $$;
create trigger matter_gets_retainer after insert on matter for each row execute function matter_gets_retainer();

-- Every command and fact, once per firm and key: what it was asked, what it was answered, which version it made (the event
-- stream of a matter is its commands in the order of their versions).
create table command (
  firm_id uuid not null,
  key text not null,
  input_hash text not null,
  kind text not null,
  matter_id uuid,
  version bigint,
  answer jsonb not null,
  -- What a subscriber sees: phase, balance and amount due after it.
  outcome jsonb not null default '{}',
  at timestamptz not null,
  primary key (firm_id, key),
  unique (matter_id, version)
);

-- Free text that a person wrote (a cheque's number, a note). Kept here so that no history of the engine ever holds it.
create table memo (
  firm_id uuid not null,
  key text not null,
  -- Of the very command that brought it: one refused for reusing the key brings nothing to the payment that succeeded.
  input_hash text not null,
  body text not null check (length(body) <= 200),
  primary key (firm_id, key, input_hash)
);
