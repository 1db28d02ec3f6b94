import { randomUUID } from 'node:crypto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { PAYOUT_WORKFLOW, payoutTold } from '../../workflows/books-contract.ts'
import { TASK_QUEUES } from '../../workflows/contract.ts'
import { startSkippingEngine } from '../support/engine.ts'

let engine: TestWorkflowEnvironment
beforeAll(async () => {
  engine = await startSkippingEngine()
})
afterAll(() => engine?.teardown())

test('R12: an event about a payout that is told again while it waits has the payout listed once, and while it is listed once more', async () => {
  const { nativeConnection: connection, client } = engine
  const listed: string[] = []
  const handle = client.workflow.getHandle(randomUUID())
  const activities = {
    bookPayoutOf: async (_: object, inboxId: string) => {
      listed.push(inboxId)
      if (listed.length === 1) {
        for (const told of ['evt_paid', 'evt_failed', 'evt_failed', 'evt_paid', 'evt_failed']) {
          await handle.signal(payoutTold, told)
        }
      }
      return { notices: [], content: null, firmIds: [], unplacedLines: 0 }
    },
  }
  const workflowBundle = { codePath: inject('workflowBundlePath') }
  const [matters, provider] = await Promise.all([
    Worker.create({ connection, taskQueue: TASK_QUEUES.retainer, workflowBundle }),
    Worker.create({ connection, taskQueue: TASK_QUEUES.payments, activities }),
  ])
  const told = { signal: payoutTold, signalArgs: ['evt_paid'] as [string] }
  const args = [{ payoutId: 'po', providerAccount: 'platform' }]
  const options = { workflowId: handle.workflowId, taskQueue: TASK_QUEUES.retainer, args, ...told }
  await matters.runUntil(
    provider.runUntil(async () => {
      await client.workflow.signalWithStart(PAYOUT_WORKFLOW, options)
      await handle.result()
    }),
  )
  expect(listed).toEqual(['evt_paid', 'evt_paid', 'evt_failed'])
}, 60_000)
