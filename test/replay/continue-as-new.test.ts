import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CommandUnanswered } from '../../src/api/command-gateway.ts'
import type { Answer } from '../../src/domain/events.ts'
import { startRealEngine } from '../support/engine.ts'
import { historiesOf } from '../support/histories.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import { type MatterDriver, minor } from '../support/matter-driver.ts'
import { quiet } from '../support/quiet.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  // What years would bring: the server suggests a new run after every few messages.
  const startEngine = () => startRealEngine({ 'limit.historyCount.suggestContinueAsNew': '30' })
  life = await startLifecycle({ startEngine })
})
afterAll(() => life?.end())

const runsOf = async (matter: MatterDriver) => (await historiesOf(life.engine.client, [matter])).length

/** Asks as a client of the API does: once more, by the same key, when no answer came in time. */
async function cheque(matter: MatterDriver, amount: string, key: string): Promise<Answer> {
  const command = { kind: 'recordOfflinePayment', paymentId: key, currency: 'USD', amountMinor: minor(amount) } as const
  try {
    return await matter.ask(command, key)
  } catch (error) {
    if (error instanceof CommandUnanswered) return cheque(matter, amount, key)
    throw error
  }
}

/** Small deposits until the matter has gone through so many more runs. */
async function newRuns(matter: MatterDriver, count: number): Promise<void> {
  const goal = (await runsOf(matter)) + count
  const another = async () => {
    await cheque(matter, '0.01', randomUUID())
    return (await runsOf(matter)) >= goal
  }
  await until(`it has ${goal} runs`, another, 60_000)
}

describe('a matter that continues as new on the real server', { timeout: 120_000 }, () => {
  test('in the middle of a request keeps its reminders, and sends mails in flight once', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    await life.outbox.failing({
      path: '/emails',
      times: 100_000,
      effect: { kind: 'fail', status: 500, afterActing: true },
    })
    await matter.ask({ kind: 'createOnline' })
    const { nextReminderAtMs, openRequestId } = await matter.liveState()
    await newRuns(matter, 3)
    expect(await matter.liveState()).toMatchObject({ nextReminderAtMs, openRequestId, phase: 'REQUESTED' })
    const [latest] = await historiesOf(life.engine.client, [matter])
    const timers = latest?.history.events?.filter((event) => event.timerStartedEventAttributes) ?? []
    expect(timers.length, 'the new run waits for the next reminder').toBeGreaterThanOrEqual(1)

    await life.outbox.healed()
    await quiet(life.database)
    const templates = await matter.templates('client')
    expect(templates.filter((template) => template === 'REQUEST')).toEqual(['REQUEST'])
    const { version } = await matter.row()
    expect(templates.filter((template) => template === 'RECEIPT').length, 'one receipt a deposit').toBe(
      Number(version) - 2,
    )
    await matter.withdraw()
    expect((await matter.liveState()).nextReminderAtMs).toBeNull()
  })

  test('in the middle of opening a payment makes one page', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    await matter.createOnline()
    const fault = { kind: 'fail', status: 503, afterActing: true } as const
    await life.sandbox.failing({ path: '/v1/checkout/sessions', times: 100_000, effect: fault })
    const { attemptId } = await matter.opensPayment()
    await until('the provider has acted', async () => (await life.sandbox.sessionsOf(matter.id)).length > 0)
    await newRuns(matter, 2)
    await life.sandbox.healed()
    const session = await matter.pageOpen(attemptId)
    expect((await life.sandbox.sessionsOf(matter.id)).map(({ id }) => id)).toEqual([session])
  })

  test('under bursts of commands and facts acts on each once, and every asker gets the answer', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    const ids = Array.from({ length: 12 }, (_, n) => `${n}-${randomUUID()}`)
    const signalled = ids.map((id) =>
      matter.tell('paymentSettled', {
        paymentId: `pi_${id}`,
        amountMinor: '100',
        providerAccount: 'platform',
        requestId: null,
        attemptId: null,
        method: 'CARD',
        feeMinor: null,
      }),
    )
    // Each is asked twice at the same moment, as a client does that lost the connection.
    const answers = await Promise.all(ids.flatMap((id) => [cheque(matter, '2.00', id), cheque(matter, '2.00', id)]))
    await Promise.all(signalled)
    for (const id of ids) await matter.decided(`payment:pi_${id}:settled`)

    expect(answers).toEqual(
      ids.flatMap((id) => [
        { ok: true, id },
        { ok: true, id },
      ]),
    )
    expect((await matter.figures()).balance).toBe('36.00')
    expect(await runsOf(matter)).toBeGreaterThan(3)
    await quiet(life.database)
    expect((await matter.templates('client')).length).toBe(24)

    const [first = ''] = ids
    expect(await cheque(matter, '2.00', first), 'runs later, the same answer').toEqual({ ok: true, id: first })
    const reused = { ok: false, refusal: { code: 'IdempotencyKeyReused' } }
    expect(await cheque(matter, '3.00', first)).toEqual(reused)
    expect((await matter.figures()).balance).toBe('36.00')
  })

  test('while mail is stuck begins only some at once, lets payments past them, and sends each in the end', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    await matter.createOnline()
    await life.outbox.failing({ path: '/emails', times: 100_000, effect: { kind: 'fail', status: 500 } })
    for (let n = 0; n < 20; n += 1) await cheque(matter, '1.00', randomUUID())
    await until('eight of the receipts and notices are under way', async () => {
      const { raw } = await life.engine.client.workflow.getHandle(matter.workflowId).describe()
      const begun = raw.pendingActivities?.filter(({ activityType }) => activityType?.name === 'sendMail')
      return begun?.length === 8 && (await matter.liveState()).effectsInFlight === 40
    })

    const { attemptId } = await matter.opensPayment()
    await matter.pageOpen(attemptId)
    await life.outbox.healed()
    await quiet(life.database)
    const receipts = (await matter.templates('client')).filter((template) => template === 'RECEIPT')
    expect(receipts.length).toBe(20)
  })
})
