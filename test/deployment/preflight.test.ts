import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Connection } from '@temporalio/client'
import proto from '@temporalio/proto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareTemporal } from '../../src/stack/prepare-temporal.ts'
import { PROJECT_DIR } from '../../src/stack/programs.ts'
import { checkClock, checkDatabase } from '../../src/worker/preflight/database.ts'
import { checkEngine } from '../../src/worker/preflight/engine.ts'
import { searchAttributes } from '../../workflows/contract.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startRealEngine } from '../support/engine.ts'

let engine: TestWorkflowEnvironment
let database: TestDatabase

beforeAll(async () => {
  ;[engine, database] = await Promise.all([startRealEngine(), createTestDatabase()])
})
afterAll(async () => {
  await Promise.all([engine.teardown(), database.drop()])
})

const nothing = { problems: [], warnings: [] }

async function checkNamespace(namespace: string) {
  const connection = await Connection.connect({ address: engine.address })
  try {
    return await checkEngine(connection, namespace)
  } finally {
    await connection.close()
  }
}

/** A namespace as others made it, with these search attributes. */
async function register(namespace: string, attributes: Record<string, number>): Promise<void> {
  const { workflowService, operatorService } = engine.connection
  await workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: proto.google.protobuf.Duration.fromObject({ seconds: 86_400 }),
  })
  await expect
    .poll(() =>
      operatorService.addSearchAttributes({ namespace, searchAttributes: attributes }).then(() => true, String),
    )
    .toBe(true)
}

test('a prepared database and namespace are taken without a word', async () => {
  expect(await checkDatabase(database.workerUrl)).toEqual(nothing)
  expect(await checkNamespace('default')).toEqual(nothing)
})

test('a namespace that is not there is told with the command that makes it, which then has made it', async () => {
  expect((await checkNamespace('fresh')).problems).toEqual([
    'The Temporal server has no namespace fresh: run "npm run prepare:neighbours", which makes it, or correct TEMPORAL_NAMESPACE.',
  ])
  const config = { connectionOptions: { address: engine.address }, namespace: 'fresh' }
  await prepareTemporal(config)
  await prepareTemporal(config)
  expect(await checkNamespace('fresh')).toEqual(nothing)
})

test('search attributes that are missing, or of another type, are told with what to run', async () => {
  const { INDEXED_VALUE_TYPE_KEYWORD: keyword, INDEXED_VALUE_TYPE_BOOL: bool } =
    proto.temporal.api.enums.v1.IndexedValueType
  const { firm, matter, replenishment, attention } = searchAttributes
  await register('odd', {
    [firm.name]: bool,
    [matter.name]: keyword,
    [replenishment.name]: bool,
    [attention.name]: bool,
  })
  expect((await checkNamespace('odd')).problems).toEqual([
    'Namespace odd lacks the search attributes RetainerPhase: run "npm run prepare:neighbours" against it, then start again.',
    'Search attribute RetainerFirm of namespace odd is not of the type Keyword: remove it ("temporal operator search-attribute remove --namespace odd --name RetainerFirm"), then run "npm run prepare:neighbours".',
  ])
})

test('a database without the newest migrations is told with what it lacks', async () => {
  await sql`update migration set name = 'x' where name = '0016_lists'`.execute(database.owner)
  const { problems } = await checkDatabase(database.workerUrl)
  await sql`update migration set name = '0016_lists' where name = 'x'`.execute(database.owner)
  expect(problems).toEqual([
    'The database lacks the migrations 0016_lists: run "npm run prepare:neighbours" against it, then start again.',
  ])
})

test('a database that a newer version prepared is only told: a step back on purpose must be possible', async () => {
  await sql`insert into migration (name, run_on) values ('9999_newer', now())`.execute(database.owner)
  const { problems, warnings } = await checkDatabase(database.workerUrl)
  await sql`delete from migration where name = '9999_newer'`.execute(database.owner)
  expect(problems).toEqual([])
  expect(warnings).toEqual([expect.stringContaining('migrations that this version does not know (9999_newer)')])
})

test('an empty database, one that is not there, and a wrong password are told with what to do', async () => {
  const elsewhere = (change: (url: URL) => void): Promise<unknown> => {
    const url = new URL(database.workerUrl)
    change(url)
    return checkDatabase(url.toString())
  }
  const never = { problems: [expect.stringContaining('was never prepared: run "npm run prepare:neighbours"')] }
  expect(await elsewhere((url) => (url.pathname = '/nowhere'))).toMatchObject(never)
  expect(await elsewhere((url) => (url.pathname = '/postgres'))).toMatchObject(never)
  const login = { problems: [expect.stringContaining('(28P01): correct DATABASE_WORKER_URL')] }
  expect(await elsewhere((url) => (url.password = 'wrong'))).toMatchObject(login)
})

test('a database that does not answer is only told: work waits for it', async () => {
  const { problems, warnings } = await checkDatabase('postgres://retainer_worker:x@127.0.0.1:1/retainer')
  expect(problems).toEqual([])
  expect(warnings).toEqual([expect.stringMatching(/^PostgreSQL does not answer \(ECONNREFUSED\)/)])
})

test.each([
  [95_000, '95 s ahead of'],
  [-120_000, '120 s behind'],
])('a clock that is off by %i ms is told', async (offMs, words) => {
  const { problems } = await checkClock(database.owner, () => Date.now() + offMs)
  expect(problems).toEqual([
    `This machine's clock is ${words} PostgreSQL's: have both set by NTP (chronyd, systemd-timesyncd), then start again.`,
  ])
})

test('a clock within half a minute is right', async () => {
  expect(await checkClock(database.owner, () => Date.now() - 25_000)).toEqual(nothing)
})

test('the worker says all of it at once, a sentence each, and ends with a code that is not 0', async () => {
  const env = {
    PATH: process.env['PATH'],
    DATABASE_WORKER_URL: database.workerUrl.replace(/\/[^/]*$/, '/nowhere'),
    TEMPORAL_ADDRESS: engine.address,
    TEMPORAL_NAMESPACE: 'nowhere',
    TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml',
    STRIPE_SECRET_KEY: 'sk_test_preflight',
    RESEND_API_KEY: 're_preflight',
    PAY_LINK_SECRET: 'p'.repeat(32),
    PUBLIC_URL: 'http://127.0.0.1:4000',
    WORKER_HEALTH_PORT: '0',
  }
  const args = ['--import', 'tsx', 'src/worker/main.ts']
  const failed = await promisify(execFile)(process.execPath, args, { cwd: PROJECT_DIR, env }).then(
    () => ({ code: 0, stdout: '' }),
    (error: unknown) => error as { code: number; stdout: string },
  )
  const said = JSON.parse(failed.stdout.trim().split('\n').at(-1) ?? '') as { msg: string }
  expect(said.msg.split('\n')).toEqual([
    'It cannot start like this:',
    expect.stringContaining('The database was never prepared'),
    expect.stringContaining('The Temporal server has no namespace nowhere'),
  ])
  expect(failed.code).toBe(1)
})
