import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asFirm, type Database, openDatabase } from '../../src/db/pool.ts'
import { newRetainer } from '../../src/domain/state.ts'
import { createFirm, createMatter, type TestFirm } from '../support/firm.ts'
import { invoicing, type Ledger, openLedger, saving, sqlStateOf } from './ledger.ts'

const FORBIDDEN = '42501'
const TENANT_TABLES = [
  'client',
  'matter',
  'retainer',
  'command',
  'invoice',
  'posting',
  'entry',
  'decision',
  'payment',
  'refund',
  'refund_part',
  'dispute',
  'transfer',
  'assignment',
  'money_moved',
  'payout',
  'payout_line',
  'reconciliation',
  'reconciliation_difference',
  'firm_attention',
] as const
/** Nobody changes or deletes a row of these. */
const BOOKS = [
  'posting',
  'entry',
  'decision',
  'command',
  'refund',
  'transfer',
  'assignment',
  'payout_line',
  'reconciliation_difference',
] as const

let ledger: Ledger
let api: Database
let otherFirmId: string
beforeAll(async () => {
  ledger = await openLedger()
  api = openDatabase(ledger.database.apiUrl, { name: 'test-api', max: 3 })
  await ledger.take(await ledger.holding(1_000n), invoicing(100n))
  const other = await createFirm(ledger.database.owner)
  otherFirmId = other.firmId
  const fresh = newRetainer(otherFirmId, await createMatter(ledger.database.owner, other), 'USD')
  await ledger.take(await ledger.take(fresh, saving({ enabled: true })), invoicing(100n))
  for (const firm of [ledger.firm, other]) await somethingOfEverything(firm)
})
afterAll(async () => {
  await api.destroy()
  await ledger.end()
})

/** A row of every table that the firm's own commits above have not filled. */
async function somethingOfEverything({ firmId, clientId }: TestFirm): Promise<void> {
  const db = ledger.database.owner
  const id = firmId.slice(0, 8)
  const of = { firm_id: firmId, at: new Date() }
  const matters = await Promise.all([0, 1].map(() => createMatter(db, { ...ledger.firm, firmId, clientId })))
  const [one = '', two = ''] = matters
  await sql`insert into payment (firm_id, id, method, amount_minor, settled_at) values (${firmId}, ${id}, 'OFFLINE', 9, now())`.execute(
    db,
  )
  await sql`insert into refund (firm_id, id, amount_minor, other_means_minor, source, found, at)
    values (${firmId}, ${id}, 9, 9, 'RETAINER', false, now())`.execute(db)
  await sql`insert into refund_part (firm_id, id, refund_id, payment_id, amount_minor, means, status, route)
    values (${firmId}, ${id}, ${id}, ${id}, 9, 'OTHER', 'TAKEN', '{}')`.execute(db)
  await sql`insert into dispute (firm_id, id, payment_id, amount_minor, status, withdrawn_minor, reinstated_minor, opened_at)
    values (${firmId}, ${id}, ${id}, 9, 'OPEN', 0, 0, now())`.execute(db)
  const moved = { ...of, amount_minor: 9n }
  const versions = { from_version: 1n, to_version: 1n }
  await db
    .insertInto('transfer')
    .values({ ...moved, id, from_matter_id: one, to_matter_id: two, ...versions })
    .execute()
  await db
    .insertInto('assignment')
    .values({ ...moved, payment_id: id, matter_id: two, version: 1n })
    .execute()
  await sql`insert into payout (firm_id, account, id, status, gross_minor, fees_minor, arrives_at, booked_at)
    values (${firmId}, ${id}, ${id}, 'PAID', 9, 0, now(), now())`.execute(db)
  await db
    .insertInto('payout_line')
    .values({ ...moved, account: id, payout_id: id, id, kind: 'OTHER', fee_minor: 0n })
    .execute()
  await sql`insert into reconciliation (id, firm_id, started_at) values (${id}, ${firmId}, now())`.execute(db)
  await db
    .insertInto('reconciliation_difference')
    .values({ reconciliation_id: id, firm_id: firmId, line: 1, check: 'BOOKS', code: 'BALANCE', subject: 'x' })
    .execute()
  await sql`insert into firm_attention (firm_id, code, subject_id, since) values (${firmId}, 'X', ${id}, now())`.execute(
    db,
  )
}

test('no login of the product is a superuser or sees through row-level security', async () => {
  const { rows } =
    await sql`select rolname, rolsuper, rolbypassrls from pg_roles where rolname like 'retainer_%' order by rolname`.execute(
      ledger.database.owner,
    )
  const plain = { rolsuper: false, rolbypassrls: false }
  expect(rows).toEqual(['retainer_api', 'retainer_owner', 'retainer_worker'].map((rolname) => ({ rolname, ...plain })))
})

describe('the worker’s login', () => {
  test.each(BOOKS)('can add to %s, and neither change, delete nor empty it', async (table) => {
    for (const statement of ['update # set firm_id = firm_id', 'delete from #', 'truncate #'])
      expect(await sqlStateOf(sql.raw(statement.replace('#', table)).execute(ledger.worker)), statement).toBe(FORBIDDEN)
  })

  test('changes of money that is booked only what became of it', async () => {
    for (const statement of [
      'update payment set amount_minor = 1',
      "update payment set provider_account = 'acct_1'",
      'update refund_part set amount_minor = 1',
      "update refund_part set payment_id = 'pi_1'",
      'update dispute set payment_id = payment_id',
      'update payout set gross_minor = 1',
      'delete from payment',
      'delete from refund_part',
      'delete from dispute',
      'delete from payout',
      'delete from reconciliation',
      'delete from firm_attention',
    ])
      expect(await sqlStateOf(sql.raw(statement).execute(ledger.worker)), statement).toBe(FORBIDDEN)
  })

  test('cannot change people, matters or settings, but for the mark that a firm’s currency is fixed', async () => {
    for (const statement of [
      "update client set email = 'x'",
      "update matter set title = 'x'",
      "update firm set notifications_email = 'x'",
      "insert into firm (id, name, notifications_email, sender_name, sender_email) values (gen_random_uuid(), '', '', '', '')",
    ])
      expect(await sqlStateOf(sql.raw(statement).execute(ledger.worker)), statement).toBe(FORBIDDEN)
  })
})

describe('the API’s login', () => {
  test.each(TENANT_TABLES)('sees the rows of %s of its firm only, and none before it says which', async (table) => {
    const firmsSeen = async (firmId: string) =>
      asFirm(api, firmId, async (trx) => {
        const rows = await trx.selectFrom(table).select('firm_id').distinct().execute()
        return rows.map(({ firm_id }) => firm_id)
      })
    expect(await firmsSeen(ledger.firm.firmId)).toEqual([ledger.firm.firmId])
    expect(await firmsSeen(otherFirmId)).toEqual([otherFirmId])
    expect(await api.selectFrom(table).select('firm_id').execute(), 'the setting ended with its transaction').toEqual(
      [],
    )
  })

  test('cannot write the books, nor have them written', async () => {
    for (const table of [
      'posting',
      'entry',
      'decision',
      'retainer',
      'invoice',
      'request',
      'effect',
      'mail',
      'attention',
      'payment',
      'refund',
      'refund_part',
      'dispute',
      'transfer',
      'assignment',
      'payout',
      'payout_line',
      'reconciliation',
      'reconciliation_difference',
      'firm_attention',
    ])
      for (const statement of [
        `insert into ${table} default values`,
        `update ${table} set firm_id = firm_id`,
        `delete from ${table}`,
      ])
        expect(await sqlStateOf(sql.raw(statement).execute(api)), statement).toBe(FORBIDDEN)
    expect(await sqlStateOf(sql`select commit_matter('{}'::jsonb)`.execute(api))).toBe(FORBIDDEN)
    for (const booking of ['book_unapplied', 'book_unapplied_fact', 'book_payout'])
      expect(await sqlStateOf(sql.raw(`select ${booking}('{}'::jsonb)`).execute(api)), booking).toBe(FORBIDDEN)
  })

  test('cannot file anything under another firm, nor move its own there', async () => {
    const asOurs = (statement: string) => asFirm(api, ledger.firm.firmId, (trx) => sql.raw(statement).execute(trx))
    const client = `insert into client (id, firm_id, name, email) values (gen_random_uuid(), '${otherFirmId}', 'x', 'x')`
    expect(await sqlStateOf(asOurs(client))).toBe(FORBIDDEN)
    expect(await sqlStateOf(asOurs(`update client set firm_id = '${otherFirmId}'`))).toBe(FORBIDDEN)
    await asOurs("update firm set name = 'Ours'")
    const { name } = await ledger.database.owner
      .selectFrom('firm')
      .select('name')
      .where('id', '=', otherFirmId)
      .executeTakeFirstOrThrow()
    expect(name).not.toBe('Ours')
  })

  test('files provider events and sees none', async () => {
    await api.insertInto('inbox').values({ id: 'evt_1', source: 'stripe', type: 'x', object_id: 'cs_1' }).execute()
    expect(await sqlStateOf(api.selectFrom('inbox').selectAll().execute())).toBe(FORBIDDEN)
  })
})
