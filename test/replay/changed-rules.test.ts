import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createLogger } from '../../src/log.ts'
import { openWorld, type World } from '../../src/simulation/world/world.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { expectNobodyNamedByEngine } from '../privacy/nobody-named.ts'
import { alteredBundle } from '../support/altered-bundle.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startRealEngine } from '../support/engine.ts'
import { createFirm, type TestFirm } from '../support/firm.ts'
import { expectNoFailedTasks, expectReplays, historiesOf } from '../support/histories.ts'
import { matterIn } from '../support/matter-in-world.ts'

let database: TestDatabase
let world: World
let firm: TestFirm
beforeAll(async () => {
  database = await createTestDatabase()
  const engine = await startRealEngine()
  world = await openWorld({ engine, database, workflowBundle: { codePath: inject('workflowBundlePath') } })
  firm = await createFirm(database.owner)
})
afterAll(async () => {
  await world?.stop()
  await database?.drop()
})

async function otherWorker(workflowBundle: { code: string }, during: () => Promise<void>): Promise<void> {
  await world.workerAway(async () => {
    const log = createLogger('changed-rules', { level: 'error' })
    const worker = await startWorker({ config: world.workerConfig, log, workflowBundle })
    try {
      await during()
    } finally {
      await worker.stop()
    }
  })
}

test('R21: without versions a changed rule goes on from what the books hold, not from what it would have decided', async () => {
  const matter = await matterIn(world, database, firm)
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()

  const countsByTens = await alteredBundle([
    /turn\.state\.requestCount = number;/,
    'turn.state.requestCount = 10 * number;',
  ])
  await otherWorker(countsByTens, async () => {
    await matter.cheque('100.00')
    expect((await matter.row()).state).toMatchObject({ requestCount: 1 })
    expect((await matter.figures()).due).toBe('900.00')
    await matter.withdraw()
    await matter.createOnline()
    expect((await matter.row()).state, 'and decides by the changed rule').toMatchObject({ requestCount: 20 })
  })
  const runs = await historiesOf(world.engine.client, [matter])
  expectNoFailedTasks(runs)
  await expectReplays(runs)
  await expectNobodyNamedByEngine(world.engine.client, database.owner)
})
