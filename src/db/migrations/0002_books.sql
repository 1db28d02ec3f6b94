-- Up Migration

create table invoice (
  id uuid primary key,
  firm_id uuid not null,
  matter_id uuid not null references matter,
  number text not null,
  amount_minor bigint not null check (amount_minor > 0),
  paid_minor bigint not null default 0 check (paid_minor between 0 and amount_minor),
  recorded_at timestamptz not null,
  unique (firm_id, number)
);
create index invoice_by_matter on invoice (matter_id, recorded_at);

-- Double entry. One posting is one accounting transaction with one idempotency key.
create table posting (
  id bigint generated always as identity primary key,
  firm_id uuid not null,
  key text not null,
  kind text not null,
  matter_id uuid,
  command_key text not null,
  at timestamptz not null,
  unique (firm_id, key)
);
create index posting_by_firm on posting (firm_id, id);

create table entry (
  posting_id bigint not null references posting,
  line int not null,
  firm_id uuid not null,
  kind text not null,
  account text not null check (account in
    ('PAYMENTS_HOLDING', 'OPERATING', 'RETAINER', 'UNAPPLIED_FUNDS', 'ACCOUNTS_RECEIVABLE', 'BILLINGS_CONTROL',
      'REFUNDS_IN_FLIGHT', 'MERCHANT_FEES', 'REVERSED_PAYMENTS_RECEIVABLE', 'OTHER_PROVIDER_ACTIVITY')),
  side text not null check (side in ('DEBIT', 'CREDIT')),
  amount_minor bigint not null check (amount_minor > 0),
  matter_id uuid,
  invoice_id uuid,
  provider_account text,
  -- The matter's retainer before and after this entry, and the commit that made it: any row explains itself.
  balance_before_minor bigint,
  balance_after_minor bigint,
  matter_version bigint,
  at timestamptz not null,
  primary key (posting_id, line),
  constraint retainer_entries_carry_balances check (
    account <> 'RETAINER' or
    (matter_id is not null and matter_version is not null and balance_after_minor - balance_before_minor
      = case side when 'CREDIT' then amount_minor else -amount_minor end)
  ),
  -- A drawing never takes a retainer below zero; what the provider took without asking may (R16, R18).
  constraint drawing_within_balance check (
    account <> 'RETAINER' or side = 'CREDIT' or balance_after_minor >= 0 or kind in ('REVERSAL', 'REFUNDED_AT_PROVIDER')
  ),
  constraint some_are_per_provider_account check (
    (account in ('PAYMENTS_HOLDING', 'OTHER_PROVIDER_ACTIVITY')) = (provider_account is not null)
  )
);
create index entry_by_matter on entry (matter_id, posting_id) where account = 'RETAINER';
create index entry_by_firm on entry (firm_id, account);

-- All entries of a posting come in one statement, and balance in it: never a look at those before.
create function entries_balance() returns trigger language plpgsql as $$
declare
  unbalanced bigint;
begin
  select posting_id into unbalanced
  from inserted
  group by posting_id
  having sum(case side when 'DEBIT' then amount_minor else -amount_minor end) <> 0
  limit 1;
  if found then
    raise exception 'posting % does not balance', unbalanced using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger entries_balance after insert on entry referencing new table as inserted
  for each statement execute function entries_balance();

create table request (
  id text primary key,
  firm_id uuid not null,
  matter_id uuid not null references matter,
  number int not null,
  kind text not null check (kind in ('INITIAL', 'TOP_UP')),
  status text not null check (status in ('OPEN', 'SATISFIED', 'WITHDRAWN')),
  amount_minor bigint not null,
  received_minor bigint not null,
  opened_at timestamptz not null,
  last_sent_at timestamptz not null,
  closed_at timestamptz,
  -- SHA-256 of the payment link's token; the token itself is derived when a mail or a biller needs it.
  link_hash bytea not null unique,
  unique (matter_id, number)
);
create unique index one_open_request on request (matter_id) where status = 'OPEN';

create table attempt (
  id uuid primary key,
  firm_id uuid not null,
  matter_id uuid not null references matter,
  request_id text not null,
  amount_minor bigint not null,
  status text not null check (status in ('OPENING', 'OPEN', 'PAID', 'SUPERSEDED', 'FAILED')),
  session_id text unique,
  checkout_url text,
  -- The connected account its session was made on, whatever the firm connects later; set before the provider is called.
  stripe_account text,
  expires_at timestamptz not null,
  -- The commit that learned of its payment.
  paid_version bigint,
  created_at timestamptz not null
);
create index attempt_by_matter on attempt (matter_id);
-- Who has used an account.
create index attempt_by_account on attempt (coalesce(stripe_account, 'platform'), firm_id) where session_id is not null;

-- Why something was, or was not, done (R21).
create table decision (
  matter_id uuid not null,
  version bigint not null,
  line int not null,
  firm_id uuid not null,
  rule text not null,
  code text not null,
  inputs jsonb not null,
  at timestamptz not null,
  primary key (matter_id, version, line)
);

create table attention (
  matter_id uuid not null,
  code text not null,
  subject_id text not null,
  firm_id uuid not null,
  since timestamptz not null,
  cleared_at timestamptz,
  primary key (matter_id, code, subject_id, since)
);

-- Work for the courier. Cancelled here, it is not begun any more, however long it has been queued.
create table effect (
  id text primary key,
  firm_id uuid not null,
  matter_id uuid,
  kind text not null,
  body jsonb not null,
  -- The request to the provider, fixed before the first try, so that every retry is the same request.
  prepared jsonb,
  status text not null default 'PLANNED' check (status in ('PLANNED', 'DONE', 'CANCELLED', 'FAILED')),
  planned_at timestamptz not null,
  first_tried_at timestamptz,
  finished_at timestamptz,
  -- Why it was given up.
  failure text check (failure in ('REFUSED', 'FATE_UNKNOWN'))
);
create index effect_in_flight on effect (matter_id) where status = 'PLANNED';

-- A mail as it was first rendered.
create table mail (
  effect_id text primary key references effect,
  firm_id uuid not null,
  matter_id uuid,
  recipient text not null check (recipient in ('CLIENT', 'FIRM')),
  template text not null,
  message jsonb not null,
  provider_id text unique,
  sent_at timestamptz,
  delivery text,
  delivery_at timestamptz
);
create index mail_by_matter on mail (matter_id, sent_at);

-- Events of the providers, kept before they are acknowledged, and what matters tell one another; done when booked, not when
-- signalled.
create table inbox (
  id text primary key,
  -- `books`: what one matter's commit has to tell another matter.
  source text not null check (source in ('stripe', 'resend', 'books')),
  type text not null,
  account text,
  object_id text not null,
  received_at timestamptz not null default now(),
  next_try_at timestamptz not null default now(),
  tries int not null default 0,
  firm_id uuid,
  matter_id uuid,
  booked_at timestamptz,
  outcome text
);
create index inbox_open on inbox (next_try_at) where booked_at is null;

-- Up to when a provider has been asked for events that never arrived.
create table provider_cursor (
  source text not null,
  account text not null,
  seen_until timestamptz not null,
  primary key (source, account)
);
