import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/pool.ts'
import { createLogger } from '../../src/log.ts'
import { mattersBehind } from '../../src/worker/behind.ts'
import { openBooks } from '../edges/matter-on-the-books.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import { quiet } from '../support/quiet.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

test('R5: a request whose task was lost after its commit is sent all the same, once, though nobody asks again', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  const books = openBooks(life.database)
  const db = openDatabase(life.database.workerUrl, { name: 'test-behind', max: 2 })
  try {
    const { firmId, id: matterId } = matter
    await books.commands.send({ firmId, matterId, key: randomUUID(), input: {}, command: { kind: 'createOnline' } })
    expect((await matter.liveState()).phase, 'the workflow does not know').toBe('DUE')

    const temporal = life.engine.client
    const lookForThem = mattersBehind({ db, temporal, log: createLogger('test', { level: 'error' }), untriedMs: 0 })
    await Promise.all([lookForThem(), lookForThem()])
    await quiet(life.database)
    expect(await matter.templates('client')).toEqual(['REQUEST'])
    expect(await matter.liveState()).toMatchObject({
      phase: 'REQUESTED',
      version: Number((await matter.row()).version),
    })
  } finally {
    await Promise.all([books.close(), db.destroy()])
  }
})

test('options whose task was lost after its commit are known to the workflow after the next reconciliation', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  const books = openBooks(life.database)
  try {
    const { firmId, id: matterId } = matter
    const known = (await matter.liveState()).version
    await books.commands.send({
      firmId,
      matterId,
      key: randomUUID(),
      input: {},
      command: { kind: 'turnReplenishmentOff' },
    })
    expect((await matter.liveState()).version, 'the workflow does not know').toBe(known)
    await life.reconcile()
    expect(await matter.liveState()).toMatchObject({ version: Number((await matter.row()).version) })
  } finally {
    await books.close()
  }
})
