import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle({ timeZone: 'America/New_York' })
})
afterAll(() => life?.end())

test('R9, R10: a reminder falls due after a week, and none once replenishment is off', async () => {
  const matter = await life.matter()
  await matter.save({ topUp: ['500.00', '0.00'] })
  await matter.createOnline()
  await life.days(8)
  expect(await matter.templates('client')).toEqual(['REQUEST', 'REMINDER'])
  await matter.turnOff()
  await life.days(365)
  expect(await matter.templates('client')).toEqual(['REQUEST', 'REMINDER'])
  expect(await matter.figures()).toEqual({ balance: '0.00', due: '500.00', phase: 'FROZEN' })
})
