import { afterAll, expect, inject, test } from 'vitest'
import { play } from '../../src/simulation/play/play.ts'
import type { Told } from '../../src/simulation/play/timeline.ts'
import { type ReadScenario, readScenario } from '../../src/simulation/reading/read-scenario.ts'
import { startSkippingEngine } from '../../src/simulation/world/engine.ts'
import { openWorld, type World } from '../../src/simulation/world/world.ts'
import { expectNobodyNamedByEngine } from '../privacy/nobody-named.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { expectNoFailedTasks, expectReplays, historiesOf, type RunOf } from '../support/histories.ts'
import type { RecordedRun } from '../support/recorded-runs.ts'

/**
 * So many are played one after the other in one world: each 28 years after the one before, when the calendar repeats. It no
 * longer does across 2100, which is no leap year.
 */
const PER_WORLD = 2

interface Stage {
  world: World
  database: TestDatabase
  runs: RunOf[]
  played: number
}

let stage: Stage | undefined
const histories: RecordedRun[] = []

async function onStage(): Promise<Stage> {
  if (stage && stage.played < PER_WORLD) return stage
  await leave()
  const database = await createTestDatabase()
  const engine = await startSkippingEngine()
  const world = await openWorld({ engine, database, workflowBundle: { codePath: inject('workflowBundlePath') } })
  return (stage = { world, database, runs: [], played: 0 })
}

/** Holds what was played to what must hold of any life, and closes the world. */
async function leave(): Promise<void> {
  if (!stage) return
  const { world, database, runs } = stage
  stage = undefined
  try {
    const lived = await historiesOf(world.engine.client, runs)
    expectNoFailedTasks(lived)
    histories.push(...lived)
    await expectNobodyNamedByEngine(world.engine.client, database.owner, runs)
  } finally {
    await world.stop()
    await database.drop()
  }
}

/** What is not as the scenario expects. */
async function differencesIn(scenario: ReadScenario): Promise<string[]> {
  const { world, runs, played } = await onStage()
  if (stage) stage.played = played + 1
  const differences: string[] = []
  const tell = (told: Told) => {
    if (told.kind !== 'difference') return
    const { line, at, what, expected, got } = told
    differences.push(`line ${line}, ${at}: ${what}: expected ${expected}, got ${got}`)
  }
  runs.push(...(await play(scenario, world, { tell })))
  return differences
}

/** A test for each of these scenarios, by the name of its file: as its writer expects, and then as must hold of any life. */
export function playEach(texts: Iterable<[string, string]>): void {
  for (const [file, text] of texts) {
    const scenario = readScenario(text)
    if ('mistakes' in scenario) throw new Error(`${file}: ${JSON.stringify(scenario.mistakes)}`)
    const { title, rules } = scenario.scenario
    test(`${rules.join(', ')}: ${title}`, async () => {
      expect(await differencesIn(scenario)).toEqual([])
    })
  }
  afterAll(async () => {
    await leave()
    await expectReplays(histories)
  })
}
