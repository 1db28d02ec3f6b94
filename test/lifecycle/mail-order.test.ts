import { randomUUID } from 'node:crypto'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { CourierActivities } from '../../activities/courier-wire.ts'
import { type MailTemplate, newRetainer } from '../../src/domain/state.ts'
import { toWire } from '../../src/domain/wire.ts'
import { RETAINER_WORKFLOW, retainerWorkflowId, TASK_QUEUES } from '../../workflows/contract.ts'
import { startRealEngine } from '../support/engine.ts'
import { until } from '../support/until.ts'

const REMINDERS = 40

let engine: Awaited<ReturnType<typeof startRealEngine>>
beforeAll(async () => {
  engine = await startRealEngine()
})
afterAll(() => engine?.teardown())

/** A matter that has this mail to send; the queue it waits in is asked whether it has come there. */
async function mailing(template: MailTemplate): Promise<void> {
  const firmId = randomUUID()
  const matterId = randomUUID()
  const state = newRetainer(firmId, matterId, 'USD')
  state.effects = [{ id: matterId, kind: 'MAIL', template, subjectId: `${matterId}-r1`, nth: 1, plannedAtMs: 0 }]
  const handle = await engine.client.workflow.start(RETAINER_WORKFLOW, {
    workflowId: retainerWorkflowId(matterId),
    taskQueue: TASK_QUEUES.retainer,
    args: [{ firmId, matterId, state: toWire(state) }],
  })
  await until('its mail waits', async () => (await handle.describe()).raw.pendingActivities?.length === 1)
}

test('R9, R12: a receipt overtakes the reminders of all firms, which fall due at one moment', async () => {
  const sent: MailTemplate[] = []
  const sendMail: CourierActivities['sendMail'] = async ({ template }) => {
    sent.push(template)
    return { outcome: 'done' }
  }
  const { nativeConnection: connection } = engine
  const matters = await Worker.create({
    connection,
    taskQueue: TASK_QUEUES.retainer,
    workflowBundle: { codePath: inject('workflowBundlePath') },
  })
  const slowly = { maxTaskQueueActivitiesPerSecond: 10 }
  const mail = await Worker.create({ connection, taskQueue: TASK_QUEUES.mail, activities: { sendMail }, ...slowly })
  await matters.runUntil(async () => {
    for (let n = 0; n < REMINDERS; n += 1) await mailing('REMINDER')
    await mailing('RECEIPT')
    await mail.runUntil(until('the receipt is sent', () => Promise.resolve(sent.includes('RECEIPT'))))
  })
  expect(sent.indexOf('RECEIPT'), 'with room for the partitions of the queue').toBeLessThan(REMINDERS / 2)
})
