-- Up Migration

-- A firm's share of a payout of the provider: all of it, unless several firms share the account.
create table payout (
  firm_id uuid not null references firm,
  account text not null,
  id text not null,
  status text not null check (status in ('PAID', 'FAILED')),
  -- What its lines move, gross of fees (negative when the provider took money), and all fees in it.
  gross_minor bigint not null,
  fees_minor bigint not null,
  -- What of the gross is no money of clients: the firm's other business on the account.
  other_minor bigint not null default 0,
  net_minor bigint not null generated always as (gross_minor - fees_minor) stored,
  arrives_at timestamptz not null,
  booked_at timestamptz not null,
  failed_at timestamptz,
  primary key (firm_id, account, id)
);
create index payout_by_time on payout (firm_id, arrives_at);

-- What a payout consists of, so that a bookkeeper can tick each payment. A line that several firms share is one row each.
create table payout_line (
  account text not null,
  payout_id text not null,
  id text not null,
  -- Null when it could not be told which of the firms that share the account it belongs to.
  firm_id uuid references firm,
  kind text not null check (kind in
    ('CHARGE', 'REFUND', 'REFUND_FAILURE', 'DISPUTE', 'DISPUTE_REVERSAL', 'FEE', 'PAYOUT_FAILURE', 'OTHER',
      -- All that the provider tells of a payout made by hand.
      'MANUAL')),
  -- Where its amount is booked from; null of a fee, and while its firm cannot be told.
  books_to text check (books_to in ('PAYMENTS_HOLDING', 'OTHER_PROVIDER_ACTIVITY')),
  -- As the provider has it: signed, and a line that is itself a fee has it as its amount.
  amount_minor bigint not null,
  fee_minor bigint not null,
  payment_id text,
  refund_part_id text,
  dispute_id text,
  at timestamptz not null,
  unique nulls not distinct (account, payout_id, id, firm_id)
);
create index payout_line_by_firm on payout_line (firm_id, account, payout_id);
create index payout_line_by_payment on payout_line (firm_id, payment_id);

create table reconciliation (
  id text primary key,
  firm_id uuid not null references firm,
  status text not null default 'RUNNING' check (status in ('RUNNING', 'CLEAN', 'DIFFERENCES', 'FAILED')),
  step text not null default 'BOOKS' check (step in ('BOOKS', 'MATTERS', 'EVENTS', 'PROVIDER')),
  done int not null default 0,
  total int,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index reconciliation_by_firm on reconciliation (firm_id, started_at);

create table reconciliation_difference (
  reconciliation_id text not null references reconciliation,
  line int not null,
  firm_id uuid not null,
  "check" text not null check ("check" in ('BOOKS', 'MATTERS', 'EVENTS', 'PROVIDER')),
  code text not null,
  -- The row or object it is about.
  subject text not null,
  matter_id uuid,
  expected text,
  found text,
  primary key (reconciliation_id, line)
);

-- What somebody at the firm should look at and that belongs to no matter.
create table firm_attention (
  firm_id uuid not null references firm,
  code text not null,
  subject_id text not null,
  since timestamptz not null,
  cleared_at timestamptz,
  primary key (firm_id, code, subject_id, since)
);
create unique index one_open_firm_attention on firm_attention (firm_id, code, subject_id) where cleared_at is null;
