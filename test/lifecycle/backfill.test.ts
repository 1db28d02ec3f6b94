import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { fileMissingEvents } from '../../src/provider/missing-events.ts'
import { stripeBackfill } from '../../src/worker/inbox/backfill.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createFirm, createMatter } from '../support/firm.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

let database: TestDatabase
let db: Database
beforeEach(async () => {
  database = await createTestDatabase()
  db = openDatabase(database.workerUrl, { name: 'test-backfill', max: 10 })
})
afterEach(async () => {
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
