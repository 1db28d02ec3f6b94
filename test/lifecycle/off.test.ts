import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

/** A matter whose client has been asked for a top-up of 500. */
async function askedForTopUp(): Promise<MatterDriver> {
  const matter = await life.matter()
  await matter.save({ topUp: ['500.00', '0.00'] })
  await matter.createOnline()
  return matter
}

describe('R10: off is off', () => {
  test('a mail queued behind a failing provider is not sent any more', async () => {
    const matter = await life.matter()
    await matter.save({ topUp: ['500.00', '0.00'] })
    await life.outbox.failing({ path: '/emails', times: 1000, effect: { kind: 'fail', status: 429 } })
    await matter.ask({ kind: 'createOnline' })
    await until('the courier has tried', async () => (await life.outbox.faultsLeft()) < 1000)
    await life.hoursOfTrouble(0.05)
    await matter.turnOff()
    await life.outbox.healed()
    await life.days(60)
    expect(await matter.templates('client')).toEqual([])
    expect((await matter.liveState()).effectsInFlight).toBe(0)
  })

  test('a reminder queued behind a failing provider is not sent any more', async () => {
    const matter = await askedForTopUp()
    await life.outbox.failing({ path: '/emails', times: 1000, effect: { kind: 'disconnect' } })
    await life.hoursOfTrouble(7.5 * 24)
    await matter.turnOff()
    await life.outbox.healed()
    await life.days(60)
    expect(await matter.templates('client')).toEqual(['REQUEST'])
  })

  test('a frozen request can be withdrawn: its link then says that nothing is due', async () => {
    const matter = await askedForTopUp()
    await matter.turnOff()
    const { attemptId } = await matter.opensPayment()
    const session = await matter.pageOpen(attemptId)
    await matter.withdraw()
    expect(await matter.figures()).toEqual({ balance: '0.00', due: '0.00', phase: 'NOTHING_DUE' })
    expect(await life.sandbox.pay(session)).toBe(410)
  })
})
