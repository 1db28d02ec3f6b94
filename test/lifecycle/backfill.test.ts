import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import { sql } from 'kysely'
import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { fileMissingEvents } from '../../src/provider/missing-events.ts'
import { stripeBackfill } from '../../src/worker/inbox/backfill.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createFirm, createMatter } from '../support/firm.ts'
import { until } from '../support/until.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
const SILENCE_MS = 300
const GONE = new Stripe.errors.StripePermissionError({ message: 'revoked', code: 'account_invalid' })

let database: TestDatabase
let db: Database
beforeEach(async () => {
  database = await createTestDatabase()
  db = openDatabase(database.workerUrl, { name: 'test-backfill', max: 10, silenceMs: SILENCE_MS })
})
afterEach(async () => {
  vi.useRealTimers()
  await db?.destroy()
  await database?.drop()
})

interface Event {
  id: string
  created: number
  type: string
  data: { object: { id: string } }
}

/** So many events, one after the other from so long ago on. */
const events = (count: number, agoMs: number, everyMs = 1_000): Event[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `evt_${randomUUID()}`,
    created: Math.floor((Date.now() - agoMs + n * everyMs) / 1_000),
    type: 'payout.paid',
    data: { object: { id: `po_${n}` } },
  }))

type Account = Event[] | (() => Promise<never>)
interface Range {
  gte: number
  lt?: number
}

/** Lists the events of these accounts as Stripe does: the newest first, by pages; or does on them what it is told. */
function provider(accounts: Record<string, Account>, onPage = () => {}) {
  const asked: string[] = []
  function list({ created, limit }: { created: Range; limit: number }, { stripeAccount = 'platform' } = {}) {
    const account = accounts[stripeAccount] ?? []
    asked.push(stripeAccount)
    if (typeof account === 'function') return account()
    const found = account
      .filter((event) => event.created >= created.gte && event.created < (created.lt ?? Number.POSITIVE_INFINITY))
      .toSorted((a, b) => b.created - a.created)
    onPage()
    return Object.assign(Promise.resolve({ has_more: found.length > limit }), {
      async *[Symbol.asyncIterator]() {
        yield* found
      },
    })
  }
  return { asked, stripe: { events: { list } } as unknown as Stripe }
}

const engine = (start: () => Promise<void>): Client =>
  ({ withDeadline: (_: number, call: () => unknown) => call(), workflow: { start } }) as unknown as Client
const temporal = engine(async () => {})

const connect = (stripeAccount: string) => createFirm(database.owner, { stripeAccount })

async function filed(account: string): Promise<string[]> {
  const rows = await database.owner.selectFrom('inbox').select('id').where('account', '=', account).execute()
  return rows.map(({ id }) => id).toSorted()
}

const idsOf = (of: Event[]) => of.map(({ id }) => id).toSorted()

const cursorOf = async (account: string) =>
  (await db.selectFrom('provider_cursor').select('seen_until').where('account', '=', account).executeTakeFirst())
    ?.seen_until

const setCursor = (account: string, agoMs: number) =>
  db
    .insertInto('provider_cursor')
    .values({ source: 'stripe', account, seen_until: new Date(Date.now() - agoMs) })
    .execute()

async function use(account: string, agoMs: number): Promise<void> {
  const firm = await connect(account)
  const paid = { method: 'CARD', amount_minor: 1n, settled_at: new Date(Date.now() - agoMs), provider_account: account }
  const matter_id = await createMatter(database.owner, firm)
  await database.owner
    .insertInto('payment')
    .values({ firm_id: firm.firmId, id: randomUUID(), matter_id, version: 1n, ...paid })
    .execute()
}

async function locks(): Promise<number> {
  const { rows } = await sql<{ held: number }>`
    select count(*)::int as held from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`.execute(
    database.owner,
  )
  return rows[0]?.held ?? 0
}

test('a busy account that a firm connects is not taken in with its past, which is no business of the firm', async () => {
  await connect('acct_busy')
  const { stripe } = provider({ acct_busy: events(50, 20 * DAY_MS, HOUR_MS) })
  expect(await stripeBackfill({ db, temporal, stripe })()).toBe(0)
  expect(await fileMissingEvents(db, stripe, 'acct_busy', null), 'nor by a first reconciliation').toBe(0)
  expect(await filed('acct_busy')).toEqual([])
  expect((await cursorOf('acct_busy'))?.getTime()).toBeGreaterThan(Date.now() - 10_000)
})

test('R12: an account that was never looked at is looked at from when clients could first pay on it', async () => {
  await use('acct_used', 2 * DAY_MS)
  const ours = events(5, 2 * DAY_MS)
  const { stripe } = provider({ acct_used: [...events(5, 3 * DAY_MS), ...ours] })
  expect(await stripeBackfill({ db, temporal, stripe })()).toBe(5)
  expect(await filed('acct_used')).toEqual(idsOf(ours))
})

test('R12: books from a backup that knew of no payment on an account yet fetch what came since the backup', async () => {
  await connect('acct_restored')
  await setCursor('acct_restored', 2 * DAY_MS)
  const since = events(5, DAY_MS)
  const { stripe } = provider({ acct_restored: [...events(5, 3 * DAY_MS), ...since] })
  expect(await stripeBackfill({ db, temporal, stripe })()).toBe(5)
  expect(await filed('acct_restored')).toEqual(idsOf(since))
})

test('R12: an account that hangs keeps no other from being asked, for however long it hangs', async () => {
  const hang = Promise.withResolvers<never>()
  const accounts: Record<string, Account> = { acct_0: () => hang.promise }
  await connect('acct_0')
  for (const account of ['acct_1', 'acct_2', 'acct_3', 'acct_4', 'acct_5']) {
    await connect(account)
    await setCursor(account, HOUR_MS)
    accounts[account] = events(2, HOUR_MS / 2)
  }
  const { stripe } = provider(accounts)
  const looked = stripeBackfill({ db, temporal, stripe })()
  await until('the others are filed', async () => (await filed('acct_5')).length === 2)
  await until('the connection with its lock is taken for lost', async () => (await locks()) === 0)
  hang.reject(new Error('no answer'))
  await expect(looked, 'its own failure is told, not one of the books').rejects.toThrow('no answer')
  expect(await cursorOf('acct_0')).toBeUndefined()
})

test('firms that could not be told of an account that is refused us are told with the next look, and others are asked', async () => {
  for (const account of ['acct_a', 'acct_b', 'acct_c', 'acct_d', 'acct_e']) await connect(account)
  const refused = async () => Promise.reject(GONE)
  const { stripe, asked } = provider({ acct_a: refused, acct_b: refused, acct_c: refused, acct_d: refused })
  let isAway = true
  let told = 0
  const backfill = stripeBackfill({
    db,
    stripe,
    temporal: engine(async () => {
      if (isAway) throw new Error('the engine is away')
      told += 1
    }),
  })
  await expect(backfill()).rejects.toThrow('the engine is away')
  expect(asked).toContain('acct_e')
  isAway = false
  await backfill()
  await backfill()
  expect(told).toBe(4)
})

test('R12: a very long list is taken in look by look, the oldest first, so that it holds up no other account', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  await connect('acct_long')
  await setCursor('acct_long', 20 * DAY_MS)
  const all = [...events(150, 19 * DAY_MS, 60_000), ...events(450, DAY_MS, 7_000)]
  const { stripe } = provider({ acct_long: all }, () => vi.setSystemTime(Date.now() + 3_000))
  const backfill = stripeBackfill({ db, temporal, stripe })
  let looks = 0
  for (let taken = 0; taken < all.length && looks < 100; looks += 1) {
    await backfill()
    taken = (await filed('acct_long')).length
    expect(await filed('acct_long')).toEqual(idsOf(all.slice(0, taken)))
  }
  expect(looks).toBeGreaterThan(3)
  expect(await filed('acct_long')).toEqual(idsOf(all))
})

test('R12: as many events in one second as no page holds are all taken in', async () => {
  await connect('acct_second')
  await setCursor('acct_second', 2 * HOUR_MS)
  const all = events(250, HOUR_MS, 0)
  const { stripe } = provider({ acct_second: all })
  expect(await stripeBackfill({ db, temporal, stripe })()).toBe(250)
  expect(await filed('acct_second')).toEqual(idsOf(all))
})

test('a worker that is stopped asks for no further page and no further account, and the next goes on where it ended', async () => {
  await connect('acct_stopped')
  await setCursor('acct_stopped', 20 * DAY_MS)
  const all = events(600, 19 * DAY_MS, HOUR_MS / 2)
  const stopping = new AbortController()
  let pages = 0
  const { stripe } = provider({ acct_stopped: all }, () => {
    pages += 1
    if (pages === 8) stopping.abort()
  })
  const backfill = stripeBackfill({ db, temporal, stripe })
  await backfill(stopping.signal)
  const some = (await filed('acct_stopped')).length
  expect(some).toBeLessThan(600)
  await backfill()
  expect(await filed('acct_stopped')).toEqual(idsOf(all))
})
