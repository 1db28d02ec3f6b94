import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/pool.ts'
import { NO_OPTIONS } from '../../src/domain/options.ts'
import { newRetainer } from '../../src/domain/state.ts'
import { applicationDatabaseUrls, ensureApplicationDatabase, startTemporaryPostgres } from '../../src/stack/postgres.ts'
import { createFirm, createMatter } from '../support/firm.ts'
import { deciding } from './ledger.ts'

/**
 * Commits per second of the ledger at 1, 8 and 32 connections, beside a bare insert of as many rows and pgbench's TPC-B-like
 * on the same server in the same run. Not part of the tests: `node test/ledger/measure.ts [seconds]`, with pgbench on the PATH.
 * The server does not wait for the disk (`fsync` off), so this measures what the work itself costs.
 */

const SECONDS = process.argv[2] ?? '5'
const MATTERS = 1_000
/** Stands for the version in the message that is measured: no number that could be part of another. */
const VERSION = 987_654_321

const postgres = await startTemporaryPostgres()
const dir = await mkdtemp(path.join(tmpdir(), 'retainer-measure-'))
try {
  const password = 'measure'
  const port = Number(new URL(postgres.superuserUrl).port)
  const urls = applicationDatabaseUrls(port, {
    postgresOwnerPassword: password,
    postgresWorkerPassword: password,
    postgresApiPassword: password,
  })
  await ensureApplicationDatabase(postgres.superuserUrl, password)
  await migrate(urls)
  const owner = openDatabase(urls.ownerUrl, { name: 'measure', max: 2 })
  const rows = await prepare(owner)
  await owner.destroy()

  const run = promisify(execFile)
  const database = ['-h', '127.0.0.1', '-p', String(port), '-U']
  const env = (secret: string) => ({ env: { ...process.env, PGPASSWORD: secret } })
  const superuser = new URL(postgres.superuserUrl)
  const bench = async (user: string, secret: string, connections: number, ...script: string[]): Promise<number> => {
    const load = ['-n', '-M', 'prepared', '-c', String(connections), '-j', '2', '-T', SECONDS, ...script]
    const { stdout } = await run('pgbench', [...database, user, ...load], env(secret))
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
  }
  await run('pgbench', [...database, superuser.username, '-i', '-s', '32', '-q', 'postgres'], env(superuser.password))
  const scriptOf = async (name: string, statement: string): Promise<string> => {
    const file = path.join(dir, name)
    await writeFile(file, `\\set n random(1, ${MATTERS})\n${statement}\n`)
    return file
  }
  const commit = await scriptOf('commit.sql', 'select measured_commit(:n);')
  const insert = await scriptOf('insert.sql', `insert into bare select from generate_series(1, ${rows});`)

  console.log(`A recorded payment writes ${rows} rows and changes 1. Per second, ${SECONDS} s each:`)
  for (const connections of [1, 8, 32]) {
    const commits = await bench('retainer_worker', password, connections, '-f', commit, 'retainer')
    const inserts = await bench('retainer_worker', password, connections, '-f', insert, 'retainer')
    const tpcb = await bench(superuser.username, superuser.password, connections, '-b', 'tpcb-like', 'postgres')
    const ratio = (other: number) => `${other.toFixed(0)} (${(commits / other).toFixed(2)}x)`
    console.log(
      `${connections} connections: commits ${commits.toFixed(0)}, bare inserts ${ratio(inserts)}, TPC-B-like ${ratio(tpcb)}`,
    )
  }
} finally {
  await rm(dir, { recursive: true })
  await postgres.stop()
}

/** Matters that a payment can be recorded on by `measured_commit(n)`, in one round trip; answers how many rows that inserts. */
async function prepare(owner: ReturnType<typeof openDatabase>): Promise<number> {
  const firm = await createFirm(owner)
  const placeholder = randomUUID()
  const paymentId = randomUUID()
  const fresh = newRetainer(firm.firmId, placeholder, 'USD')
  const enabled = { ...fresh, version: VERSION, options: { ...NO_OPTIONS, enabled: true } }
  const payment = { kind: 'recordOfflinePayment', paymentId, currency: 'USD', amountMinor: 500n } as const
  const { request } = deciding(enabled, payment, `key-${paymentId}`)
  const message = JSON.stringify(request)
  for (let n = 0; n < MATTERS; n += 1) await createMatter(owner, firm)
  const { postings, decisions, effects, payments } = request.plan
  const entries = postings.reduce((sum, posting) => sum + posting.entries.length, 0)
  await sql`create table measured as select row_number() over () as n, matter_id from retainer`.execute(owner)
  await sql`create unique index on measured (n)`.execute(owner)
  await sql`create table bare (id bigint generated always as identity primary key, firm_id uuid default gen_random_uuid(),
    amount_minor bigint default 500, body jsonb default ${sql.lit(JSON.stringify(decisions[0]))}, at timestamptz default now())`.execute(
    owner,
  )
  await sql`
    create function measured_commit(p_n int) returns jsonb language plpgsql as $$
    declare
      v_matter uuid := (select matter_id from measured where n = p_n);
      v_version bigint := (select version from retainer where matter_id = v_matter);
    begin
      return commit_matter(replace(replace(replace(replace(${sql.lit(message)},
        ${sql.lit(placeholder)}, v_matter::text), ${sql.lit(paymentId)}, gen_random_uuid()::text),
        ${sql.lit(String(VERSION))}, v_version::text), ${sql.lit(String(VERSION + 1))}, (v_version + 1)::text)::jsonb);
    end $$`.execute(owner)
  await sql`grant select on measured to retainer_worker`.execute(owner)
  await sql`grant insert on bare to retainer_worker`.execute(owner)
  return 1 + entries + postings.length + decisions.length + effects.length + payments.length
}
