import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRealEngine } from '../support/engine.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import { until } from '../support/until.ts'

/** The client of the provider waits 20 seconds; the stack, and most others, end a process by force after ten. */
const WELL_BELOW_MS = 15_000

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle({ startEngine: startRealEngine, reconciles: true })
})
afterAll(() => life?.end())

const owner = () => life.database.owner

test('R12: a worker that is stopped while the provider hangs ends in time, and what hung is booked soon after', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  await life.sandbox.failing({ method: 'GET', path: '/v1/checkout/sessions/*', times: 1, effect: { kind: 'hang' } })
  await matter.paysOnline('1000.00')
  const delivered = life.news.deliver()
  await until('the worker waits for the provider', async () => (await life.sandbox.faultsLeft()) === 0)
  const beganAt = Date.now()
  let took = 0
  await life.workerAway(async () => {
    took = Date.now() - beganAt
    const [open] = await owner().selectFrom('inbox').select('next_try_at').where('booked_at', 'is', null).execute()
    expect(open?.next_try_at.getTime(), 'it comes up again by itself').toBeLessThan(Date.now() + 60_000)
    await owner().updateTable('inbox').set({ next_try_at: new Date() }).where('booked_at', 'is', null).execute()
  })
  expect(took).toBeLessThan(WELL_BELOW_MS)
  await delivered
  expect((await matter.figures()).balance).toBe('1000.00')
})
