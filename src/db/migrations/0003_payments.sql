-- Up Migration

-- Where each payment is booked, and what became of it: facts about it go to its home.
create table payment (
  firm_id uuid not null references firm,
  id text not null,
  -- Null while it lies in the firm's unapplied funds and no matter ever had it (R15).
  matter_id uuid references matter,
  -- The home's commit that booked it.
  version bigint,
  method text not null check (method in ('CARD', 'BANK_DEBIT', 'OFFLINE')),
  provider_account text,
  amount_minor bigint not null check (amount_minor > 0),
  fee_minor bigint,
  -- Reserved, on its way or given back; a refund that failed is taken off again. Refunds and disputes of one payment can add
  -- up to more than it was: the provider does not ask.
  refunded_minor bigint not null default 0 check (refunded_minor >= 0),
  reversed_minor bigint not null default 0 check (reversed_minor >= 0),
  -- What of it lies in the firm's unapplied funds.
  unapplied_minor bigint not null default 0 check (unapplied_minor >= 0),
  -- Null for no limit.
  refundable_until timestamptz,
  -- False once the provider has said that it cannot be sent back.
  refundable_online boolean not null default true,
  settled_at timestamptz not null,
  primary key (firm_id, id),
  check ((matter_id is null) = (version is null)),
  check ((method = 'OFFLINE') = (provider_account is null))
);
create index payment_by_matter on payment (matter_id);
create index payment_by_account on payment (provider_account, firm_id, settled_at);
-- An event of one firm's account never leads to another firm's payment.
create unique index payment_at_provider on payment (provider_account, id) where provider_account is not null;

-- R17: money on its way back to the client.
create table refund (
  firm_id uuid not null,
  id text not null,
  -- The matter whose retainer, or whose late payment, it was taken from; null for one found at the provider, of a payment
  -- without a home.
  matter_id uuid references matter,
  version bigint,
  amount_minor bigint not null check (amount_minor > 0),
  other_means_minor bigint not null check (other_means_minor between 0 and amount_minor),
  source text not null check (source in ('RETAINER', 'UNAPPLIED_FUNDS')),
  -- Made at the provider, past this system.
  found boolean not null,
  at timestamptz not null,
  primary key (firm_id, id)
);
create index refund_by_matter on refund (matter_id, at);

create table refund_part (
  firm_id uuid not null,
  id text not null,
  refund_id text not null,
  payment_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  -- ONLINE goes back to the payment; OTHER is paid to the client by a person.
  means text not null check (means in ('ONLINE', 'OTHER')),
  -- As the books have it. FAILED: the money is where it came from again.
  status text not null check (status in ('PLANNED', 'TAKEN', 'FAILED') and (means = 'ONLINE' or status = 'TAKEN')),
  provider_account text,
  -- What the provider said to the courier; events may have told more since.
  provider_id text,
  provider_status text check (provider_status in ('IN_FLIGHT', 'TAKEN', 'REFUSED')),
  -- The matters that the money came by, from the refunding one back to the payment's home (R19).
  route uuid[] not null,
  taken_at timestamptz,
  failed_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, refund_id) references refund (firm_id, id),
  foreign key (firm_id, payment_id) references payment (firm_id, id),
  check ((means = 'ONLINE') = (provider_account is not null))
);
create index refund_part_by_refund on refund_part (firm_id, refund_id);
create index refund_part_by_payment on refund_part (firm_id, payment_id);
create unique index refund_part_at_provider on refund_part (provider_account, provider_id) where provider_id is not null;
create index refund_part_by_route on refund_part using gin (route) where cardinality(route) > 1;

-- R18. OPEN until the provider has decided.
create table dispute (
  firm_id uuid not null,
  id text not null,
  payment_id text not null,
  -- Null while the payment has no home.
  matter_id uuid references matter,
  amount_minor bigint not null,
  status text not null check (status in ('OPEN', 'WON', 'LOST')),
  -- Null: it cannot be contested.
  deadline timestamptz,
  withdrawn_minor bigint not null check (withdrawn_minor >= 0),
  reinstated_minor bigint not null check (reinstated_minor >= 0),
  opened_at timestamptz not null,
  closed_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, payment_id) references payment (firm_id, id)
);
create index dispute_by_id on dispute (id);
create index dispute_by_payment on dispute (firm_id, payment_id);
create index dispute_by_matter on dispute (matter_id);

-- R19. One atomic entry each; versions are those of the two matters' commits.
create table transfer (
  firm_id uuid not null,
  id text not null,
  from_matter_id uuid not null references matter,
  from_version bigint not null,
  to_matter_id uuid not null references matter,
  to_version bigint not null,
  amount_minor bigint not null check (amount_minor > 0),
  at timestamptz not null,
  primary key (firm_id, id),
  check (from_matter_id <> to_matter_id)
);
create index transfer_by_giver on transfer (from_matter_id);
create index transfer_by_receiver on transfer (to_matter_id);

-- R15: unapplied funds that a matter took on.
create table assignment (
  firm_id uuid not null,
  payment_id text not null,
  matter_id uuid not null references matter,
  version bigint not null,
  amount_minor bigint not null check (amount_minor > 0),
  -- The payment's home, where that stayed what it was: a part of the payment has paid what was owed there (R20).
  home_matter_id uuid references matter,
  at timestamptz not null,
  primary key (matter_id, version),
  foreign key (firm_id, payment_id) references payment (firm_id, id)
);
create index assignment_by_payment on assignment (firm_id, payment_id);

-- Money that one matter has from payments of another.
create view money_moved with (security_invoker = true) as
  select firm_id, from_matter_id, to_matter_id, amount_minor from transfer
  union all
  select firm_id, home_matter_id, matter_id, amount_minor from assignment where home_matter_id <> matter_id;
