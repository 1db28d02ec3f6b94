import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/pool.ts'
import { createLogger } from '../../src/log.ts'
import { inboxDispatcher } from '../../src/worker/inbox/dispatcher.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database?.drop())

test('R12: an event that could not be told for hours is tried again within a minute, not after as long again', async () => {
  const db = openDatabase(database.workerUrl, { name: 'test-outage', max: 2 })
  const away = async () => {
    throw new Error('The provider is away.')
  }
  const dispatcher = inboxDispatcher({
    db,
    stripe: { payouts: { retrieve: away } },
    temporal: { withDeadline: (_: number, call: () => unknown) => call() },
    log: createLogger('test'),
  } as never)
  const id = `evt_${randomUUID()}`
  const row = { id, source: 'stripe', type: 'payout.paid', object_id: 'po_1', tries: 40 }
  await db.insertInto('inbox').values(row).execute()
  await dispatcher.takeDue()
  await dispatcher.stop()
  const waits = sql<number>`extract(epoch from next_try_at - now())::float`.as('seconds')
  const next = await db.selectFrom('inbox').select(['tries', waits]).where('id', '=', id).executeTakeFirstOrThrow()
  expect(next.tries).toBe(41)
  expect(next.seconds).toBeGreaterThan(5)
  expect(next.seconds).toBeLessThanOrEqual(60)
  await db.destroy()
})
