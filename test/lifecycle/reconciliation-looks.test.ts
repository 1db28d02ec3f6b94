import { randomUUID } from 'node:crypto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Difference } from '../../src/reconciliation/difference.ts'
import { RECONCILIATION_WORKFLOW } from '../../workflows/books-contract.ts'
import { TASK_QUEUES } from '../../workflows/contract.ts'
import { startSkippingEngine } from '../support/engine.ts'

let engine: TestWorkflowEnvironment
beforeAll(async () => {
  engine = await startSkippingEngine()
})
afterAll(() => engine?.teardown())

/** How a reconciliation ends whose looks at the events find these, the last again and again, on an account that never rests. */
async function reconciled(...looks: string[][]): Promise<string[]> {
  let ended: Difference[] = []
  let look = 0
  const differences = (subjects: string[] = []): Difference[] =>
    subjects.map((subject) => ({
      check: 'EVENTS',
      code: 'EVENT_NOT_BOOKED',
      subject,
      matterId: null,
      expected: null,
      found: null,
    }))
  const nothing = async () => []
  const activities = {
    beginReconciliation: nothing,
    checkBooks: nothing,
    checkMatters: nothing,
    checkProvider: nothing,
    takeInMissingEvents: async () => 0,
    isUnderWay: async () => true,
    checkEvents: async () => differences(looks[Math.min(look++, looks.length - 1)]),
    endReconciliation: async (_: object, ending: { differences: Difference[] }) => {
      ended = ending.differences
      return null
    },
  }
  const { nativeConnection: connection, client } = engine
  const workflowBundle = { codePath: inject('workflowBundlePath') }
  const [matters, provider] = await Promise.all([
    Worker.create({ connection, taskQueue: TASK_QUEUES.retainer, workflowBundle, activities }),
    Worker.create({ connection, taskQueue: TASK_QUEUES.payments, activities }),
  ])
  const input = { firmId: randomUUID(), reconciliationId: randomUUID() }
  const options = { workflowId: randomUUID(), taskQueue: TASK_QUEUES.retainer, args: [input] }
  await matters.runUntil(provider.runUntil(client.workflow.execute(RECONCILIATION_WORKFLOW, options)))
  return ended.map(({ subject }) => subject)
}

test('on an account where something is always just on its way, what each look finds anew is no difference', async () => {
  expect(await reconciled(['evt_1', 'evt_2'], ['evt_2', 'evt_3'], ['evt_3', 'evt_4'])).toEqual([])
})

test('what every look finds is a difference, and what one of them finds is none', async () => {
  expect(await reconciled(['evt_stuck', 'evt_1'], ['evt_2', 'evt_stuck'])).toEqual(['evt_stuck'])
})
