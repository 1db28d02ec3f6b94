import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { createLogger } from '../../src/log.ts'
import { type Dispatcher, inboxDispatcher } from '../../src/worker/inbox/dispatcher.ts'
import { claimRows } from '../../src/worker/inbox/rows.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const OLDER = { received_at: new Date(Date.now() - 60_000), next_try_at: new Date(Date.now() - 60_000) }

let database: TestDatabase
let db: Database
beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase(database.workerUrl, { name: 'test-lanes', max: 20 })
})
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

/** Stripe, which does not answer on these accounts, and an engine that takes what it is told. */
function neighbours(...hanging: string[]) {
  const answers = Promise.withResolvers<void>()
  const asked: string[] = []
  const withinMs: number[] = []
  const told: string[] = []
  const retrieve = async (id: string, _: object, { stripeAccount = 'platform' }: { stripeAccount?: string }) => {
    asked.push(id)
    if (hanging.includes(stripeAccount)) await answers.promise
    return { id, status: 'in_transit' }
  }
  const withDeadline = (atMs: number, call: () => Promise<void>) => {
    withinMs.push(atMs - Date.now())
    return call()
  }
  const signalWithStart = async (_: string, { workflowId }: { workflowId: string }) => void told.push(workflowId)
  const dispatcher: Dispatcher = inboxDispatcher({
    db,
    stripe: { payouts: { retrieve } },
    temporal: { withDeadline, workflow: { signalWithStart } },
    log: createLogger('test'),
  } as never)
  return { dispatcher, asked, told, withinMs, answer: answers.resolve }
}

interface Row {
  source?: string
  type?: string
  account?: string
  received_at?: Date
  next_try_at?: Date
  firm_id?: string
  matter_id?: string
}

async function file(count: number, row: Row): Promise<string[]> {
  const common = { source: 'stripe', type: 'payout.paid', ...row }
  const rows = Array.from({ length: count }, () => ({ ...common, id: `evt_${randomUUID()}`, object_id: randomUUID() }))
  await db.insertInto('inbox').values(rows).execute()
  return rows.map(({ id }) => id)
}

const lookedAt = (ids: string[]) =>
  until('they are looked at', async () => {
    const rows = db.selectFrom('inbox').select('id').where('id', 'in', ids).where('outcome', 'is not', null)
    return (await rows.execute()).length === ids.length
  })

beforeEach(async () => void (await database.owner.deleteFrom('inbox').execute()))

test('R12: an account on which the provider hangs holds up no other firm’s payment', async () => {
  const { dispatcher, answer } = neighbours('acct_hangs')
  await file(80, { account: 'acct_hangs', ...OLDER })
  const others = await file(40, { account: 'acct_answers' })
  await dispatcher.takeDue()
  await lookedAt(others)
  answer()
  await dispatcher.stop()
})

test('R12, R19: a provider that hangs for all holds up no transfer between matters and no mail that came back', async () => {
  const { dispatcher, told, answer } = neighbours('acct_1', 'acct_2', 'platform')
  for (const account of ['acct_1', 'acct_2']) await file(80, { account, ...OLDER })
  await file(80, { ...OLDER })
  const [firm_id, matter_id] = [randomUUID(), randomUUID()]
  await file(1, { source: 'books', type: 'transfer', firm_id, matter_id })
  const bounced = await file(1, { source: 'resend', type: 'email.bounced' })
  await dispatcher.takeDue()
  await lookedAt(bounced)
  await until('the matter is told', async () => told.length === 1)
  answer()
  await dispatcher.stop()
})

test('R12: an event that the provider does not answer holds up none that comes after it, of its own account either', async () => {
  const { dispatcher, asked, answer } = neighbours('acct_hangs')
  const [slow] = await file(1, { account: 'acct_hangs' })
  await dispatcher.takeDue()
  expect(asked).toHaveLength(1)
  await db.updateTable('inbox').set({ next_try_at: OLDER.next_try_at }).where('id', '=', String(slow)).execute()
  const later = await file(30, { account: 'acct_answers' })
  await dispatcher.takeDue()
  await lookedAt(later)
  expect(asked, 'and it is asked for once, however long that lasts').toHaveLength(31)
  answer()
  await dispatcher.stop()
})

test('R12: what failed goes behind what has waited for longer, not before it', async () => {
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000)
  const [failed] = await file(1, { received_at: ago(3_600), next_try_at: ago(1) })
  const [waiting] = await file(1, { received_at: ago(30), next_try_at: ago(30) })
  const next = async () => (await claimRows(db, ['stripe'], { atMost: 1, butAccounts: [], butIds: [] }))[0]?.id
  expect([await next(), await next()]).toEqual([waiting, failed])
})

test('an engine that does not answer holds a row no longer than half a minute', async () => {
  const { dispatcher, withinMs } = neighbours()
  await file(1, { source: 'books', type: 'transfer', firm_id: randomUUID(), matter_id: randomUUID() })
  await dispatcher.takeDue()
  await dispatcher.stop()
  expect(withinMs).toEqual([expect.any(Number)])
  expect(withinMs[0]).toBeLessThanOrEqual(30_000)
})

test('a worker that is stopped begins no more rows, and ends when those under way have', async () => {
  const { dispatcher, asked, answer } = neighbours('acct_hangs')
  await file(80, { account: 'acct_hangs' })
  await dispatcher.takeDue()
  const begun = asked.length
  const stopped = dispatcher.stop()
  answer()
  await stopped
  await dispatcher.takeDue()
  expect(asked).toHaveLength(begun)
})
