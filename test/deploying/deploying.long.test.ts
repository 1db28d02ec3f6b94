import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { makeCurrent } from '../../src/deployment/make-current.ts'
import { moveMatters } from '../../src/deployment/move-matters.ts'
import { countOpen } from '../../src/deployment/open-workflows.ts'
import { listVersions, VersionsError } from '../../src/deployment/versions.ts'
import { openWorld, type World } from '../../src/simulation/world/world.ts'
import { NIGHTLY_SCHEDULE } from '../../workflows/books-contract.ts'
import { expectNobodyNamedByEngine } from '../privacy/nobody-named.ts'
import { expectBooksBalance } from '../support/books.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startRealEngine } from '../support/engine.ts'
import { createFirm, type TestFirm } from '../support/firm.ts'
import { expectNoFailedTasks, historiesOf } from '../support/histories.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { matterIn } from '../support/matter-in-world.ts'
import { quiet } from '../support/quiet.ts'
import { type RecordedRun, replayFailures } from '../support/recorded-runs.ts'
import { until as untilSoon } from '../support/until.ts'
import { brokenVersion, Fleet, versionOne, versionTwo } from './fleet.ts'
import { operator } from './operator.ts'
import { Traffic } from './traffic.ts'

/** One deployment, told from its beginning: each test goes on where the one before it ended. */
let database: TestDatabase
let world: World
let firm: TestFirm
let fleet: Fleet
const traffic = new Traffic()
const matters: MatterDriver[] = []
let busy: MatterDriver[]
let idle: MatterDriver[]

beforeAll(async () => {
  database = await createTestDatabase()
  const engine = await startRealEngine()
  world = await openWorld({ engine, database, workflowBundle: versionOne() })
  firm = await createFirm(database.owner)
  fleet = new Fleet(world.workerConfig)
})
afterAll(async () => {
  await fleet?.stopAll()
  await world?.stop()
  await database?.drop()
})

async function requested(): Promise<MatterDriver> {
  const matter = await matterIn(world, database, firm)
  await matter.save({ initial: '100000.00' })
  await matter.createOnline()
  matters.push(matter)
  return matter
}

const client = () => world.engine.client
/** The server tells its queues and its visibility of a change in its own time. */
const until: typeof untilSoon = (promise, holds) => untilSoon(promise, holds, 180_000)
const mattersOn = async (buildId: string) => (await countOpen(client(), fleet.versionOf(buildId))).matters
const move = (buildId: string, now = false) =>
  moveMatters(client(), { version: fleet.versionOf(buildId), now, report: () => undefined })
/** A run is on no version yet until its first task has ended. */
const versionOf = (matter: MatterDriver) =>
  until('its first task has ended', async () => {
    const { raw } = await client().workflow.getHandle(matter.workflowId).describe()
    return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId
  })
const balances = () => Promise.all(matters.map(async (matter) => (await matter.row()).balance_minor))

describe('deploying under load', { timeout: 600_000 }, () => {
  test('the first version takes over from workers without one; every matter stays as it is', async () => {
    busy = [await requested(), await requested(), await requested()]
    idle = [await requested(), await requested(), await requested()]
    traffic.begin(busy)
    const one = await fleet.start('one', versionOne())
    await expect(listVersions(client(), 'misspelt')).rejects.toThrow(VersionsError)
    await makeCurrent(client(), one)
    await until('the busy ones are on it', async () => (await mattersOn('one')) >= busy.length)
    for (const matter of idle) await traffic.cheque(matter)
    await until('all are', async () => (await mattersOn('one')) === matters.length)
    expect((await countOpen(client(), null)).matters).toBe(0)
  })

  test('of a version that is really another, busy matters go over by themselves and idle ones stay', async () => {
    await expect(move('one')).rejects.toThrow('is the current one')
    const two = await fleet.start('two', await versionTwo())
    await makeCurrent(client(), two)
    const added = await requested()
    expect(await versionOf(added)).toBe('two')
    traffic.begin([added])
    await until('the busy ones have gone over', async () => (await mattersOn('two')) === busy.length + 1)
    expect(await Promise.all(idle.map(versionOf))).toEqual(['one', 'one', 'one'])
  })

  test('a nudge moves the idle ones, those with work under way when it is done, and then the old version is empty', async () => {
    const types = operator(world, fleet.deploymentName)
    expect(await types('retire', 'one')).toMatch(/^failed: Version one still has \d matters\. Next: .* move one$/)
    const [working, ...resting] = idle as [MatterDriver, ...MatterDriver[]]
    await world.outbox.failing({ path: '/emails', times: 100_000, effect: { kind: 'fail', status: 500 } })
    await working.ask({ kind: 'createOnline' })
    await until('its mail is under way', async () => (await working.liveState()).effectsInFlight > 0)
    const moving = move('one')
    await until('the resting ones have moved', async () =>
      (await Promise.all(resting.map(versionOf))).every((buildId) => buildId === 'two'),
    )
    expect(await versionOf(working), 'its mail is tried where it was begun').toBe('one')
    await world.outbox.healed()
    await moving
    // A mail that waits for its next try may outlast the command's patience.
    await until('all have moved', async () => (await move('one')).left === 0)
    expect(await versionOf(working)).toBe('two')
    expect(await types('retire', 'one')).toBe('Nothing is open on version one: its workers may be stopped.')
    await until('the list shows it', async () =>
      /^Version.*\ntwo +current +1 +7 +0\none +draining +1 +0 +0$/.test(await types()),
    )
    expect(await types('retire', 'two')).toContain('make another one current first')
    expect(await types('retier', 'two')).toContain('There is no command retier.')
    await fleet.stop('one')
    for (const matter of idle) await traffic.cheque(matter)
  })

  test('what the Schedule starts begins on the current version', async () => {
    await client().schedule.getHandle(NIGHTLY_SCHEDULE).trigger()
    const query = `WorkflowType = 'reconciliation' AND TemporalWorkerDeploymentVersion = '${fleet.deploymentName}:two'`
    await until('the firm is reconciled there', async () => (await client().workflow.count(query)).count > 0)
  })

  test('back to the first version: matters go back with all that the second did', async () => {
    const one = await fleet.start('one', versionOne())
    await makeCurrent(client(), one)
    // Its mail cannot be sent at all: with --now it does not wait for that.
    const [stuck] = idle as [MatterDriver, ...MatterDriver[]]
    await world.outbox.failing({ path: '/emails', times: 100_000, effect: { kind: 'fail', status: 500 } })
    await stuck.ask({ kind: 'createOnline' })
    expect(await move('two', true)).toMatchObject({ left: 0 })
    await world.outbox.healed()
    expect(await Promise.all(matters.map(versionOf))).toEqual(matters.map(() => 'one'))
    await fleet.stop('two')
  })

  test('every deposit was answered and is booked once; no task failed; each run replays with the code that made it', async () => {
    await traffic.stop()
    for (const matter of idle) await traffic.cheque(matter)
    await quiet(database)
    expect(traffic.deposits).toBeGreaterThan(50)
    expect(await balances()).toEqual(matters.map(traffic.balanceMinorOf))
    await expectBooksBalance(database.owner)
    for (const matter of matters) {
      const { version } = await matter.liveState()
      expect(BigInt(version), 'the workflow is where its books are').toBe((await matter.row()).version)
    }
    const runs = await historiesOf(client(), matters)
    expectNoFailedTasks(runs)
    const [ones, twos] = [runs.filter((run) => !madeByTwo(run)), runs.filter(madeByTwo)]
    expect([ones.length > 2 * idle.length, twos.length >= matters.length]).toEqual([true, true])
    expect(await replayFailures(ones, { codePath: inject('workflowBundlePath') })).toEqual([])
    expect(await replayFailures(twos, await versionTwo())).toEqual([])
  })

  test('a version that fails every task holds up what went over to it, and going back sets it free', async () => {
    const matter = await requested()
    await makeCurrent(client(), await fleet.start('broken', await brokenVersion()))
    await traffic.cheque(matter)
    const { workflowTaskFailedEventAttributes: failed } = await until('it is held up there', async () => {
      const { events } = await client().workflow.getHandle(matter.workflowId).fetchHistory()
      return events?.find((event) => event.workflowTaskFailedEventAttributes)
    })
    expect(failed?.failure?.message).toBe('Broken.')
    await makeCurrent(client(), fleet.versionOf('one'))
    await traffic.cheque(matter)
    expect(await versionOf(matter)).toBe('one')
    expect((await matter.row()).balance_minor).toBe(traffic.balanceMinorOf(matter))
    await expectNobodyNamedByEngine(client(), database.owner)
  })
})

const madeByTwo = ({ history }: RecordedRun): boolean =>
  history.events?.some(
    ({ workflowTaskCompletedEventAttributes: completed }) => completed?.deploymentVersion?.buildId === 'two',
  ) ?? false
