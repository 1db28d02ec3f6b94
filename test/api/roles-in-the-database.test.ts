import { sql } from 'kysely'
import type pg from 'pg'
import { DatabaseError, Client as PgClient } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFirm, type TestFirm } from '../support/firm.ts'
import { everything } from './everything.ts'
import { type Api, startApi } from './support.ts'

/** Tables of no firm: what the API's login may do with them is nothing, but filing the providers' events. */
const OF_NO_FIRM = ['inbox', 'provider_cursor', 'migration']
const FORBIDDEN = '42501'
/** What is generated cannot be given, whoever asks. */
const GENERATED = '428C9'

let api: Api
/** The firm whose token is used; the rows that are tried for are those of `api.firm`. */
let asker: TestFirm
/** A connection as the API's own login. */
let login: pg.Client
let tables: string[]

beforeAll(async () => {
  api = await startApi()
  asker = await createFirm(api.database.owner)
  const { inputs } = await everything(api)
  for (const name of ['transferRetainer', 'assignUnappliedFunds', 'recordOfflinePayment'] as const) {
    const memo = name === 'recordOfflinePayment' ? { reference: '1042' } : {}
    await api.mutate(name, { ...inputs[name], ...memo }, '__typename')
  }
  await fillTheRest()
  login = new PgClient({ connectionString: api.database.apiUrl })
  await login.connect()
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public' order by 1`.execute(
    api.database.owner,
  )
  tables = rows.map(({ name }) => name)
})
afterAll(async () => {
  await login.end()
  await api.close()
})

/** What no command of the API's makes: a row of each table that is empty yet. */
async function fillTheRest(): Promise<void> {
  const { owner } = api.database
  const firm = { firm_id: api.firm.firmId }
  const { id: matterId } = await api.matter()
  const at = new Date()
  await owner
    .insertInto('effect')
    .values({ ...firm, id: 'e-1', kind: 'mail', body: {}, planned_at: at })
    .execute()
  const mail = { effect_id: 'e-1', recipient: 'CLIENT', template: 'x', message: {} }
  await owner
    .insertInto('mail')
    .values({ ...firm, ...mail })
    .execute()
  await owner
    .insertInto('firm_attention')
    .values({ ...firm, code: 'X', subject_id: 'x', since: at })
    .execute()
  await owner
    .insertInto('attention')
    .values({ ...firm, matter_id: matterId, code: 'X', subject_id: 'x', since: at })
    .execute()
  const difference = { reconciliation_id: 'r-1', line: 1, check: 'BOOKS', code: 'X', subject: 'x' }
  await owner
    .insertInto('reconciliation_difference')
    .values({ ...firm, ...difference })
    .execute()
  const attempt = { id: crypto.randomUUID(), matter_id: matterId, request_id: 'x', amount_minor: 1n, status: 'OPEN' }
  await owner
    .insertInto('attempt')
    .values({ ...firm, ...attempt, expires_at: at, created_at: at })
    .execute()
}

/** Runs `statement` as the API's login does, for a firm or before any is said; answers its rows, or the SQLSTATE of its refusal. */
async function tried(firmId: string | null, statement: string, values: unknown[] = []): Promise<unknown[] | string> {
  await login.query('begin')
  try {
    if (firmId) await login.query("select set_config('app.firm_id', $1, true)", [firmId])
    return (await login.query<Record<string, unknown>>(statement, values)).rows
  } catch (error) {
    if (error instanceof DatabaseError && error.code) return error.code
    throw error
  } finally {
    await login.query('commit')
  }
}

const firmColumn = (table: string) => (table === 'firm' ? 'id' : 'firm_id')

/** The columns of a table that the API's login may so use. */
async function granted(table: string, privilege: 'INSERT' | 'UPDATE'): Promise<string[]> {
  const { rows } = await login.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1
      and is_generated = 'NEVER' and has_column_privilege(format('public.%I', table_name), column_name, $2) order by ordinal_position`,
    [table, privilege],
  )
  return rows.map(({ name }) => `"${name}"`)
}

/** Every row of the firm, as its owner sees it, with the transaction that last wrote it. */
async function rowsOf(table: string): Promise<{ written: string; row: object }[]> {
  const { rows } = await sql<{ written: string; row: object }>`
    select xmin::text as written, to_jsonb(t) as row from ${sql.table(table)} as t
    where ${sql.ref(firmColumn(table))} = ${api.firm.firmId}::uuid order by ctid`.execute(api.database.owner)
  return rows
}

async function tenantTables(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(
    api.database.owner,
  )
  return rows.map(({ name }) => name).filter((name) => !OF_NO_FIRM.includes(name))
}

describe('the API’s login cannot, whatever query it makes,', () => {
  test('read a row of another firm, nor any row before a firm is said', async () => {
    for (const table of tables.filter((name) => !OF_NO_FIRM.includes(name))) {
      const column = firmColumn(table)
      const select = `select ${column} as firm from ${table}`
      const own = await tried(api.firm.firmId, select)
      expect(own.length, `${table} has a row to try for`).toBeGreaterThan(0)
      for (const firmId of [asker.firmId, null]) {
        for (const where of ['', ` where ${column} = '${api.firm.firmId}'`, ` where ${column} is not null or true`]) {
          const seen = await tried(firmId, select + where)
          const others = Array.isArray(seen) ? seen.filter((row) => (row as { firm: string }).firm !== firmId) : []
          expect(others, `${table}${where}`).toEqual([])
        }
      }
    }
    for (const table of OF_NO_FIRM)
      expect(await tried(api.firm.firmId, `select * from ${table}`), table).toBe(FORBIDDEN)
  })

  test('add a row for another firm', async () => {
    for (const table of await tenantTables()) {
      const before = await rowsOf(table)
      const granteds = await granted(table, 'INSERT')
      const columns = granteds.length > 0 ? `(${granteds.join(', ')})` : ''
      const values = granteds.length > 0 ? granteds.map((name) => `r.${name}`).join(', ') : 'r.*'
      const insert = `insert into ${table} ${columns} select ${values} from jsonb_populate_record(null::${table}, $1) as r`
      for (const firmId of [asker.firmId, null]) {
        const answer = await tried(firmId, insert, [JSON.stringify(before[0]?.row)])
        expect([FORBIDDEN, GENERATED], `${table}: ${String(answer)}`).toContain(answer)
      }
      expect(await rowsOf(table), table).toEqual(before)
    }
  })

  test('change or delete a row of another firm, nor make one of its own another’s', async () => {
    for (const table of await tenantTables()) {
      const before = await rowsOf(table)
      const column = firmColumn(table)
      const names = await granted(table, 'UPDATE')
      for (const firmId of [asker.firmId, null]) {
        for (const name of names.length > 0 ? names : [column]) {
          await tried(firmId, `update ${table} set ${name} = ${name}`)
          await tried(firmId, `update ${table} set ${name} = ${name} where ${column} = '${api.firm.firmId}'`)
        }
        const given = await tried(firmId, `update ${table} set ${column} = '${api.firm.firmId}' returning 1`)
        expect(given === FORBIDDEN || given.length === 0, `${table} of its own`).toBe(true)
        for (const statement of [`delete from ${table}`, `truncate ${table} cascade`])
          expect(await tried(firmId, statement), statement).toBe(FORBIDDEN)
      }
      expect(await rowsOf(table), table).toEqual(before)
    }
  })

  test('reach another firm through a search', async () => {
    const search = "select * from matters_containing('a')"
    expect((await tried(api.firm.firmId, search)).length).toBeGreaterThan(0)
    expect(await tried(asker.firmId, search)).toEqual([])
    expect(await tried(null, search)).toEqual([])
  })
})

test('row-level security is on for every table of a firm, and no view goes past it', async () => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and (relkind = 'r' and not relrowsecurity
      or relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false))
    order by 1`.execute(api.database.owner)
  expect(rows.map(({ name }) => name)).toEqual(['migration', 'provider_cursor'])
})
