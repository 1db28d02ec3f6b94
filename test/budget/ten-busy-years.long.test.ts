import type { temporal } from '@temporalio/proto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY_MS, openWorld, type World } from '../../src/simulation/world/world.ts'
import { expectNobodyNamedByEngine } from '../privacy/nobody-named.ts'
import { alteredBundle } from '../support/altered-bundle.ts'
import { expectBooksBalance } from '../support/books.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startSkippingEngine } from '../support/engine.ts'
import { createFirm } from '../support/firm.ts'
import { expectNoFailedTasks, historiesOf } from '../support/histories.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { matterIn } from '../support/matter-in-world.ts'
import { quiet } from '../support/quiet.ts'
import { type Cost, costOf } from './cost.ts'

const QUARTERS = 40
/** After so many events a run is to end. A quarter brings fewer, so that none has cause to be longer than twice this. */
const LONG = 150

let database: TestDatabase
let world: World
beforeAll(async () => {
  // The engine that skips time never suggests a new run, and stops its clock for ever when one ends with activities under way.
  const workflowBundle = await alteredBundle(
    [/\{ continueAsNewSuggested, (targetWorkerDeploymentVersionChanged \} =)/, '{ historyLength, $1'],
    [
      /if \(continueAsNewSuggested\)/,
      `if (historyLength > ${LONG} && _class_private_field_get(this, _state)?.effects.length === 0)`,
    ],
  )
  database = await createTestDatabase()
  world = await openWorld({ engine: await startSkippingEngine(), database, workflowBundle })
})
afterAll(async () => {
  try {
    if (world) await expectNobodyNamedByEngine(world.engine.client, database.owner)
  } finally {
    await world?.stop()
    await database?.drop()
  }
}, 300_000)

async function days(count: number): Promise<void> {
  await world.pass(count * DAY_MS)
  await quiet(database)
}

/** More is invoiced than there is, and nobody pays the rest; the client is reminded, and tops up in four payments. */
async function quarter(matter: MatterDriver): Promise<void> {
  await Promise.all(['1500.00', '80.00', '20.00'].map((amount) => matter.invoice(amount)))
  await days(8)
  await Promise.all(Array.from({ length: 4 }, () => matter.clientPays('250.00')))
  await days(83)
}

const newestRun = async (matter: MatterDriver) => {
  await matter.rests()
  const { workflowId, runId } = await matter.newestRun()
  const { events } = await world.engine.client.workflow.getHandle(workflowId, runId).fetchHistory()
  return { runId, events: events ?? [] }
}

/** What `act` costs, done within one run: done again where another began meanwhile. */
async function costing(matter: MatterDriver, act: () => Promise<unknown>): Promise<Cost> {
  const before = await newestRun(matter)
  await act()
  const after = await newestRun(matter)
  return after.runId === before.runId ? costOf(after.events.slice(before.events.length)) : costing(matter, act)
}

/** What a deposit and an invoice cost while a request is open, and then the rest of it is paid. */
async function costs(matter: MatterDriver): Promise<Record<'deposit' | 'invoice', Cost>> {
  await matter.invoice('1500.00')
  const deposit = await costing(matter, () => matter.clientPays('1.00'))
  const invoice = await costing(matter, () => matter.invoice('1.00'))
  await matter.clientPays('1000.00')
  return { deposit, invoice }
}

/** Bytes of what a run begins with. */
function inputOf({ events }: temporal.api.history.v1.IHistory): number {
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []
  return input?.data?.length ?? 0
}

test('R7, R9, R12, R16: in ten busy years no run grows longer, none begins with more, and the last deposit costs what the first did', {
  timeout: 300_000,
}, async () => {
  const matter = await matterIn(world, database, await createFirm(database.owner))
  await matter.save({ initial: '1000.00', topUp: ['1000.00', '200.00'] })
  await matter.createOnline()
  await matter.clientPays('1000.00')
  const first = await costs(matter)
  for (let n = 0; n < QUARTERS; n += 1) await quarter(matter)
  expect(await costs(matter), 'events and Actions').toEqual(first)

  const runs = (await historiesOf(world.engine.client, [matter])).toReversed()
  const lengths = runs.map(({ history }) => history.events?.length ?? 0)
  expect(runs.length).toBeGreaterThan(QUARTERS / 4)
  expect(Math.max(...lengths)).toBeLessThan(2 * LONG)

  // The very first run loads the books. Of what is under way when a run ends, it hands over a few hundred bytes more or less.
  const inputs = runs.slice(1).map(({ history }) => inputOf(history))
  const half = inputs.length / 2
  const mostBytes = Math.max(...inputs.slice(0, half)) + 500
  expect(Math.max(...inputs.slice(half)), 'bytes that a run begins with').toBeLessThan(mostBytes)
  const reminded = (await matter.decisions()).filter((decision) => decision === 'R9 REMINDER_SENT')
  expect(reminded.length, 'the years went by').toBe(QUARTERS)
  expect(await matter.figures()).toMatchObject({ due: '0.00', phase: 'NOTHING_DUE' })

  expectNoFailedTasks(runs)
  await expectBooksBalance(database.owner)
})
