import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { ServiceError } from '@temporalio/client'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { isOutage, isStatementTimeout } from '../../../src/api/outage.ts'
import { openDatabase } from '../../../src/db/pool.ts'
import { startApi } from '../support.ts'

const closings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
})

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  closings.push(async () => server.close())
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

test('a database that is away, or hangs up, is TEMPORARILY_UNAVAILABLE, and no fault of ours in the log', async () => {
  const hangingUp = await portOf(createServer((socket) => socket.destroy()))
  for (const port of [1, hangingUp]) {
    const db = openDatabase(`postgres://x:y@127.0.0.1:${port}/z`, { name: 'test-away', max: 2 })
    const away = await startApi({ db })
    closings.push(
      () => away.close(),
      () => db.destroy(),
    )
    const { errors } = await away.ask('{ viewer { firm { name } } }')
    expect(errors?.[0]?.extensions, String(port)).toEqual({ code: 'TEMPORARILY_UNAVAILABLE' })
  }
})

test('once a firm is known, the same comes from every field that reads, with where it was', async () => {
  const api = await startApi()
  const db = openDatabase(api.database.apiUrl, { name: 'test-lost', max: 2 })
  const lost = await startApi({ db, events: api.events })
  closings.push(
    () => lost.close(),
    () => api.close(),
  )
  expect((await lost.ask('{ viewer { firm { name } } }', {}, { firm: api.firm })).errors).toBeUndefined()
  await db.destroy()
  const { errors } = await lost.ask('{ viewer { firm { name } } matters { nodes { id } } }', {}, { firm: api.firm })
  expect(
    errors?.map(({ path, extensions }) => [path?.[0], extensions?.['code'], extensions?.['retryAfterS']]),
  ).toContainEqual(['matters', 'TEMPORARILY_UNAVAILABLE', 1])
  expect(lost.logged()).not.toContain('"level":50')
})

test('an engine that is away: what it was not asked for goes on, a reconciliation is asked for later', async () => {
  const away = Object.assign(new ServiceError('Failed to start Workflow'), {
    cause: Object.assign(new Error('14 UNAVAILABLE: No connection established'), {
      code: 14,
      details: '',
      metadata: {},
    }),
  })
  const api = await startApi({ startReconciliation: () => Promise.reject(away) })
  closings.push(() => api.close())
  const { errors } = await api.ask(
    'mutation ($input: StartReconciliationInput!) { startReconciliation(input: $input) { __typename } }',
    { input: { idempotencyKey: randomUUID() } },
  )
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' })
  expect(api.logged()).not.toContain('"level":50')
  expect((await api.ask('{ viewer { subject } }')).errors).toBeUndefined()
})

test('a statement that takes too long is ended, and its query is TIMED_OUT', async () => {
  const api = await startApi()
  closings.push(() => api.close())
  const slow = await startApi({
    liveState: async () => {
      await api.db.connection().execute(async (one) => {
        await sql`set statement_timeout = 20`.execute(one)
        await sql`select pg_sleep(5)`.execute(one)
      })
      return null
    },
  })
  closings.push(() => slow.close())
  const { gid: id } = await slow.matter()
  const { data, errors } = await slow.ask(
    'query ($id: ID!) { matter(id: $id) { id retainer { liveState { phase } } } }',
    { id },
  )
  expect(errors?.[0]).toMatchObject({ path: ['matter', 'retainer', 'liveState'], extensions: { code: 'TIMED_OUT' } })
  expect(data.matter, 'what was found is there').toMatchObject({ id, retainer: { liveState: null } })
})

test('a query that takes longer than a query may is given up whole: TIMED_OUT, and nothing more is asked for it', async () => {
  let asked = 0
  const { promise: never } = Promise.withResolvers<null>()
  const slow = await startApi({
    queryWithinMs: 2_000,
    liveState: () => {
      asked++
      return never
    },
  })
  closings.push(() => slow.close())
  const { gid: id } = await slow.matter()
  await slow.ask('query ($id: ID!) { matter(id: $id) { retainer { phase } } }', { id })
  const query = 'query ($id: ID!) { matter(id: $id) { retainer { liveState { phase } } } }'
  const startedAtMs = performance.now()
  const headers = { 'x-viewer': JSON.stringify(slow.viewerOf({})) }
  const answer = await slow.handle(slow.request(query, { id }, headers), slow.log)
  const { data, errors } = await answer.json()
  expect([answer.status, data, errors[0].extensions, asked]).toEqual([503, undefined, { code: 'TIMED_OUT' }, 1])
  expect(performance.now() - startedAtMs, 'long before the workflow’s own deadline').toBeLessThan(10_000)
  expect((await slow.ask('{ viewer { subject } }')).errors, 'the next one is answered').toBeUndefined()
})

test('what passes is told apart from what does not', () => {
  const coded = (code: unknown) => Object.assign(new Error('x'), { code })
  for (const code of ['ECONNREFUSED', '57P01', '57P03', '53300', '08006', '40P01', '55000', 14, 4]) {
    expect(isOutage(new Error('outer', { cause: coded(code) })), String(code)).toBe(true)
  }
  for (const code of ['23505', '42P01', '28P01', '22021', 5, 3]) expect(isOutage(coded(code)), String(code)).toBe(false)
  expect(isOutage(new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]))).toBe(true)
  expect(isOutage(new Error('timeout exceeded when trying to connect'))).toBe(true)
  expect(isOutage(new TypeError('x is not a function'))).toBe(false)
  expect(isStatementTimeout(coded('57014'))).toBe(true)
})
