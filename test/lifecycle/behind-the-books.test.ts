import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/pool.ts'
import type { Command } from '../../src/domain/events.ts'
import { createLogger } from '../../src/log.ts'
import { mattersBehind } from '../../src/worker/behind.ts'
import { openBooks } from '../edges/matter-on-the-books.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { quiet } from '../support/quiet.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

/** Decides and commits as the matter's workflow does, which is lost before it knows: by the engine's word it never happened. */
async function lost(matter: MatterDriver, command: Command): Promise<void> {
  const books = openBooks(life.database)
  const known = (await matter.liveState()).version
  const { firmId, id: matterId } = matter
  const answer = await books.commands.send({ firmId, matterId, key: randomUUID(), input: {}, command })
  await books.close()
  expect(answer).toMatchObject({ ok: true })
  expect((await matter.liveState()).version, 'the workflow does not know').toBe(known)
}

/** Has the worker look for matters behind their books, `times` at once. */
async function look(times = 1): Promise<void> {
  const db = openDatabase(life.database.workerUrl, { name: 'test-behind', max: 2 })
  const log = createLogger('test', { level: 'error' })
  const lookForThem = mattersBehind({ db, temporal: life.engine.client, log, untriedMs: 0 })
  await Promise.all(Array.from({ length: times }, lookForThem))
  await db.destroy()
  await quiet(life.database)
}

test('R5: a request whose task was lost after its commit is sent all the same, once, though nobody asks again', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await lost(matter, { kind: 'createOnline' })
  await look(2)
  expect(await matter.templates('client')).toEqual(['REQUEST'])
  expect(await matter.liveState()).toMatchObject({
    phase: 'REQUESTED',
    version: Number((await matter.row()).version),
  })
})

test('R9: reminders of a restatement whose task was lost go out at their time, though nothing else happens to the matter', async () => {
  const matter = await life.matter()
  await matter.save({ topUp: ['500.00', '0.00'] })
  await matter.createOnline()
  await life.days(40)
  const all = ['REQUEST', 'REMINDER', 'REMINDER', 'REMINDER']
  expect([await matter.templates('client'), (await matter.liveState()).nextReminderAtMs]).toEqual([all, null])
  // Decided by this machine's clock: other days than those that the engine, weeks ahead, has reminded on.
  await life.database.owner
    .updateTable('firm')
    .set({ reminder_days: [8] })
    .where('id', '=', matter.firmId)
    .execute()
  await lost(matter, matter.saving({ topUp: ['900.00', '0.00'] }))
  await look()
  expect(await matter.templates('client'), 'its day is still to come').toEqual(all)

  await life.database.owner
    .updateTable('retainer')
    .set({ next_reminder_at: new Date() })
    .where('matter_id', '=', matter.id)
    .execute()
  await look()
  await life.days(1)
  expect(await matter.templates('client')).toEqual([...all, 'REMINDER'])
})

test('R20: a matter whose task was lost after it closed ends', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await lost(matter, { kind: 'closeMatter' })
  expect((await matter.row()).phase).toBe('CLOSED')
  await look()
  await until('the workflow has ended', async () => (await matter.status()) === 'COMPLETED')
})

test('options whose task was lost after its commit are known to the workflow after the next reconciliation', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await lost(matter, { kind: 'turnReplenishmentOff' })
  await life.reconcile()
  expect(await matter.liveState()).toMatchObject({ version: Number((await matter.row()).version) })
})
