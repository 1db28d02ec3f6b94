-- Up Migration

create function at_ms(ms bigint) returns timestamptz language sql immutable as
  $$ select to_timestamp(ms / 1000.0) $$;
create function to_ms(at timestamptz) returns bigint language sql immutable as
  $$ select (extract(epoch from at) * 1000)::bigint $$;

-- R9: the firm's reminder days after an instant, each day once, in its calendar, at its local hour.
create function reminder_series(firm firm, from_ms bigint) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('nth', nth, 'atMs', to_ms(
    ((at_ms(from_ms) at time zone firm.time_zone)::date + days + make_interval(hours => firm.reminder_hour))
      at time zone firm.time_zone)) order by nth), '[]')
  from (select days, row_number() over (order by days) as nth
    from (select distinct unnest(firm.reminder_days) as days) as schedule) as series
$$;

-- Entries as `book_posting` takes them. Of zero there is none; a negative debit is a credit, and the other way round.
create function debit(p_account text, p_amount bigint, p_provider_account text default null)
returns jsonb language sql immutable as $$
  select jsonb_build_object('account', p_account, 'side', case when p_amount > 0 then 'DEBIT' else 'CREDIT' end,
    'amountMinor', abs(p_amount), 'providerAccount', p_provider_account) where p_amount <> 0
$$;
create function credit(p_account text, p_amount bigint, p_provider_account text default null)
returns jsonb language sql immutable as $$ select debit(p_account, -p_amount, p_provider_account) $$;
create function posting_of(p_kind text, p_key text, variadic p_entries jsonb[]) returns jsonb language sql immutable as $$
  select jsonb_build_object('kind', p_kind, 'key', p_key, 'entries', coalesce(jsonb_agg(e order by line), '[]'))
  from unnest(p_entries) with ordinality as entries (e, line) where e is not null
$$;

-- One balanced posting of a matter (or of none), whose retainer stands at `p_balance`: answers what it stands at afterwards.
create function book_posting(p_firm uuid, p_matter uuid, p_version bigint, p_command text, p_at timestamptz, p_balance bigint, p jsonb)
returns bigint language plpgsql as $$
declare
  v_posting bigint;
  v_balance bigint;
begin
  insert into posting (firm_id, key, kind, matter_id, command_key, at)
    values (p_firm, p->>'key', p->>'kind', p_matter, p_command, p_at) returning id into v_posting;
  with booked as (
    insert into entry (posting_id, line, firm_id, kind, account, side, amount_minor, matter_id, invoice_id, provider_account,
        balance_before_minor, balance_after_minor, matter_version, at)
      select v_posting, line, p_firm, p->>'kind', account, side, amount, p_matter, invoice_id, provider_account,
        case account when 'RETAINER' then p_balance + moved - move end,
        case account when 'RETAINER' then p_balance + moved end, p_version, p_at
      from (
        select *, sum(move) over (order by line) as moved
        from (
          select line, e->>'account' as account, e->>'side' as side, (e->>'amountMinor')::bigint as amount,
            (e->>'invoiceId')::uuid as invoice_id, e->>'providerAccount' as provider_account,
            case when e->>'account' <> 'RETAINER' then 0
                 when e->>'side' = 'CREDIT' then (e->>'amountMinor')::bigint
                 else -(e->>'amountMinor')::bigint end as move
          from jsonb_array_elements(p->'entries') with ordinality as entries (e, line)
        ) as lines
      ) as moves
    returning balance_after_minor - balance_before_minor as moved
  )
  select p_balance + coalesce(sum(moved), 0) into v_balance from booked;
  if p->>'kind' in ('INVOICE_PAID', 'APPLICATION_REVERSED') then
    update invoice set paid_minor = paid_minor + paid.amount
      from (
        select (e->>'invoiceId')::uuid as id,
          sum(case e->>'side' when 'CREDIT' then (e->>'amountMinor')::bigint else -(e->>'amountMinor')::bigint end) as amount
        from jsonb_array_elements(p->'entries') as e
        where e->>'account' = 'ACCOUNTS_RECEIVABLE'
        group by 1
      ) as paid
      where invoice.id = paid.id;
  end if;
  return v_balance;
end $$;
