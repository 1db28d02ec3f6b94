import { temporal } from '@temporalio/proto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectNoFailedTasks, expectReplays, historiesOf } from '../support/histories.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { RecordedRun } from '../support/recorded-runs.ts'

const { EventType, WorkflowTaskFailedCause } = temporal.api.enums.v1

/** The checks that every lifecycle ends with find what they look for: here they are given histories that break a promise. */
let life: Lifecycle
let good: RecordedRun
beforeAll(async () => {
  life = await startLifecycle()
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  const [run] = await historiesOf(life.engine.client, [matter])
  if (!run) throw new Error('The matter left no history.')
  good = run
})
afterAll(() => life?.end())

/** The same history, one event changed. */
function tampered(type: number, change: (event: temporal.api.history.v1.IHistoryEvent) => object): RecordedRun[] {
  const events = (good.history.events ?? []).map((event) =>
    event.eventType === type ? temporal.api.history.v1.HistoryEvent.create({ ...event, ...change(event) }) : event,
  )
  return [{ ...good, history: { events } }]
}

test('a history that today’s code would not have made does not replay', async () => {
  await expectReplays([good])
  const other = tampered(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, (event) => ({
    activityTaskScheduledEventAttributes: {
      ...event.activityTaskScheduledEventAttributes,
      activityType: { name: 'other' },
    },
  }))
  await expect(expectReplays(other)).rejects.toThrow('every history replays')
})

test.each([
  ['failed', WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE],
  ['was taken away by the server', WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND],
])('a workflow task that %s is found', (_, cause) => {
  const failing = tampered(EventType.EVENT_TYPE_TIMER_STARTED, () => ({
    eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    workflowTaskFailedEventAttributes: { cause },
  }))
  expect(() => expectNoFailedTasks(failing)).toThrow('no workflow task failed')
})
