import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../../src/db/pool.ts'

/**
 * Files `count` matters for a firm, by SQL: an eighth as many clients, all phases, balances, open and ended requests, entries,
 * decisions, invoices and attention, as a firm has after some years. The figures do not follow from one another.
 */
export async function fileMatters(owner: Database, firmId: string, count: number): Promise<void> {
  const run = randomUUID().slice(0, 8)
  const clients = Math.ceil(count / 8)
  await sql`insert into client (id, firm_id, name, email)
    select gen_random_uuid(), ${firmId}, (array['Ada','Grace','Émilie','Søren','Mary','Łucja','Zoë','Alan'])[1 + n % 8] || ' '
      || (array['Lovelace','Hopper','du Châtelet','Kierkegaard','Somerville','O’Neil'])[1 + (n / 8) % 6] || ' ' || n,
      'client-' || n || '@firm.example'
    from generate_series(1, ${clients}::int) as n`.execute(owner)
  await sql`insert into matter (id, firm_id, client_id, number, title)
    select gen_random_uuid(), ${firmId}, client.id, ${run} || '-' || lpad(n::text, 6, '0'),
      (array['Analytical engine','Compiler dispute','Estate of','Patent','Lease','Merger'])[1 + n % 6] || ' ' || md5(n::text)
    from generate_series(1, ${count}::int) as n
    join (select id, row_number() over () as nth from client where firm_id = ${firmId}) as client on client.nth = 1 + n % ${clients}`.execute(
    owner,
  )
  await sql`update retainer set version = 10, enabled = n % 10 <> 0, replenishing = n % 10 <> 0 and n % 3 = 0,
      phase = case when n % 10 = 0 then 'DISABLED' when n % 10 < 3 then 'REQUESTED' when n % 10 = 4 then 'CLOSED' else 'NOTHING_DUE' end,
      balance_minor = (n * 7919) % 1000000, amount_due_minor = case when n % 10 between 1 and 2 then (n * 31) % 100000 else 0 end,
      open_request_id = case when n % 10 between 1 and 2 then matter_id || '-r3' end,
      attention_count = case when n % 50 = 0 then 1 else 0 end,
      updated_at = date_trunc('milliseconds', now()) - make_interval(mins => (n * 13) % 500000),
      state = jsonb_build_object('options', jsonb_build_object('enabled', true, 'initialAmountMinor', '100000', 'type', 'GENERAL',
        'payNewInvoices', 'AUTOMATIC', 'replenishment', jsonb_build_object('enabled', true, 'minimumBalanceMinor', '500000',
          'topUpTriggerMinor', '300000')), 'pending', '[]'::jsonb, 'rest', repeat('x', 900))
    from (select id, row_number() over (order by number)::int as n from matter where firm_id = ${firmId}) as numbered
    where numbered.id = retainer.matter_id`.execute(owner)
  await sql`insert into request (id, firm_id, matter_id, number, kind, status, amount_minor, received_minor, opened_at, last_sent_at,
      closed_at, link_hash)
    select matter_id || '-r' || nth, firm_id, matter_id, nth, 'TOP_UP', case when nth = 3 then 'OPEN' else 'SATISFIED' end, 100000,
      case when nth = 3 then 0 else 100000 end, at, at, case when nth < 3 then at end, sha256((matter_id || '-r' || nth)::bytea)
    from retainer cross join generate_series(1, 3) as nth
    cross join lateral (select updated_at - make_interval(days => 3 - nth) as at) as sent
    where firm_id = ${firmId} and (nth < 3 or open_request_id is not null)`.execute(owner)
  await sql`with command_of as (
      insert into command (firm_id, key, input_hash, kind, matter_id, version, answer, at)
      select firm_id, 'payment:' || matter_id || nth || ':settled', 'fact', 'paymentSettled', matter_id, nth, '{"ok":true}', updated_at
      from retainer cross join generate_series(1, 6) as nth where firm_id = ${firmId} returning *
    ), booked as (
      insert into posting (firm_id, key, kind, matter_id, command_key, at)
      select firm_id, 'payment:' || matter_id || version, 'PAYMENT_SETTLED', matter_id, key, at from command_of returning *
    )
    insert into entry (posting_id, line, firm_id, kind, account, side, amount_minor, matter_id, provider_account,
      balance_before_minor, balance_after_minor, matter_version, at)
    select booked.id, line, firm_id, kind, case line when 1 then 'PAYMENTS_HOLDING' else 'RETAINER' end,
      case line when 1 then 'DEBIT' else 'CREDIT' end, 1000, matter_id, case line when 1 then 'acct_many' end,
      case line when 2 then 0 end, case line when 2 then 1000 end, 1, at
    from booked cross join generate_series(1, 2) as line`.execute(owner)
  await sql`insert into payment (firm_id, id, matter_id, version, method, provider_account, amount_minor, settled_at)
    select firm_id, 'pi_' || matter_id || nth, matter_id, nth, 'CARD', 'acct_many', 100000, updated_at
    from retainer cross join generate_series(1, 6) as nth where firm_id = ${firmId}`.execute(owner)
  await sql`insert into decision (matter_id, version, line, firm_id, rule, code, inputs, at)
    select matter_id, nth, 1, firm_id, 'R7', 'TOP_UP_SENT', '{"balanceMinor": "100", "requestNumber": 1}', updated_at
    from retainer cross join generate_series(1, 6) as nth where firm_id = ${firmId}`.execute(owner)
  await sql`insert into invoice (id, firm_id, matter_id, number, amount_minor, paid_minor, recorded_at)
    select gen_random_uuid(), firm_id, matter_id, matter_id || '-' || nth, 1000, case when nth = 1 then 0 else 1000 end, updated_at
    from retainer cross join generate_series(1, 3) as nth where firm_id = ${firmId}`.execute(owner)
  await sql`insert into attention (matter_id, code, subject_id, firm_id, since)
    select matter_id, 'MAIL_BOUNCED', 'x', firm_id, updated_at from retainer where firm_id = ${firmId} and attention_count > 0`.execute(
    owner,
  )
  await sql`analyze`.execute(owner)
}
