import { randomUUID } from 'node:crypto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NIGHTLY_WORKFLOW, type ReconciliationInput } from '../../workflows/books-contract.ts'
import { TASK_QUEUES } from '../../workflows/contract.ts'
import { alteredBundle } from '../support/altered-bundle.ts'
import { startRealEngine } from '../support/engine.ts'

/** On the real server: the one that skips time stops its clock while a task fails. */
let engine: TestWorkflowEnvironment
beforeAll(async () => {
  engine = await startRealEngine()
})
afterAll(() => engine?.teardown())

test('a reconciliation that cannot end keeps no other firm from its own', async () => {
  const [stuck, next] = ['firm_a', 'firm_b']
  const ended: string[] = []
  const nothing = async () => []
  const activities = {
    beginReconciliation: nothing,
    // What an older activity answers, or a newer: the task of this workflow fails and is tried again, for ever.
    checkBooks: async ({ firmId }: ReconciliationInput) => (firmId === stuck ? null : []),
    checkMatters: nothing,
    checkEvents: nothing,
    checkProvider: nothing,
    takeInMissingEvents: async () => 0,
    isUnderWay: async () => false,
    endReconciliation: async ({ firmId }: ReconciliationInput, { status }: { status: string }) => {
      ended.push(`${firmId} ${status}`)
      return null
    },
    firmsAfter: async (firmId: string | null) => (firmId === null ? [stuck, next] : []),
  }
  const { nativeConnection: connection, client } = engine
  const workflowBundle = await alteredBundle([/'4 hours'/, "'3 seconds'"])
  const [matters, provider] = await Promise.all([
    Worker.create({ connection, taskQueue: TASK_QUEUES.retainer, workflowBundle, activities }),
    Worker.create({ connection, taskQueue: TASK_QUEUES.payments, activities }),
  ])
  const options = { workflowId: randomUUID(), taskQueue: TASK_QUEUES.retainer, args: [{ afterFirmId: null }] }
  await matters.runUntil(provider.runUntil(client.workflow.execute(NIGHTLY_WORKFLOW, options)))
  expect(ended.at(-1)).toBe('firm_b CLEAN')
}, 60_000)
