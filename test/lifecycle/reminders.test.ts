import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from '../../src/domain/events.ts'
import { createFirm } from '../support/firm.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

async function requested(timeZone?: string): Promise<MatterDriver> {
  const firm = timeZone ? await createFirm(life.database.owner, { timeZone }) : life.firm
  const matter = await life.matter({ firm })
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  return matter
}

describe('R9: reminders of an open request', () => {
  test('come on days 7, 14 and 28 at 9 o’clock in New York, before and after the clocks go forward', async () => {
    await life.until('2055-03-02T20:00:00Z')
    const matter = await requested('America/New_York')
    const tokyo = await requested('Asia/Tokyo')
    const london = await requested('Europe/London')
    await life.until('2055-04-10T00:00:00Z')

    expect(await matter.mailed('client'), 'the United States change on 14 March').toEqual([
      'REQUEST 2055-03-02 20:00',
      'REMINDER 2055-03-09 14:00',
      'REMINDER 2055-03-16 13:00',
      'REMINDER 2055-03-30 13:00',
    ])
    expect(await london.mailed('client'), 'the United Kingdom on 28 March').toEqual([
      'REQUEST 2055-03-02 20:00',
      'REMINDER 2055-03-09 09:00',
      'REMINDER 2055-03-16 09:00',
      'REMINDER 2055-03-30 08:00',
    ])
    expect(await tokyo.mailed('client'), 'Japan never, and there the request went out on 3 March').toEqual([
      'REQUEST 2055-03-02 20:00',
      'REMINDER 2055-03-10 00:00',
      'REMINDER 2055-03-17 00:00',
      'REMINDER 2055-03-31 00:00',
    ])
  })

  test('one that rings while a person sends the request again gives way to the new series', async () => {
    await life.until('2056-01-10T20:00:00Z')
    const matter = await requested()
    await life.until('2056-01-17T13:59:53Z')
    let pressed: Promise<Answer> | undefined
    // The reminder comes while the books make Create online wait.
    await life.database.owner.transaction().execute(async (books) => {
      await books.selectFrom('retainer').select('version').where('matter_id', '=', matter.id).forUpdate().execute()
      pressed = matter.ask({ kind: 'createOnline' })
      await until('the reminder has rung', async () => {
        // The database ends a transaction that does nothing.
        await sql`select 1`.execute(books)
        return (await life.now()) > Date.parse('2056-01-17T14:00:02Z')
      })
    })
    expect(await pressed).toMatchObject({ ok: true })
    await life.until('2056-02-01T00:00:00Z')
    expect(await matter.mailed('client')).toEqual([
      'REQUEST 2056-01-10 20:00',
      'REQUEST 2056-01-17 14:00',
      'REMINDER 2056-01-24 14:00',
      'REMINDER 2056-01-31 14:00',
    ])
    expect(await matter.decisions()).toContain('R9 REMINDER_NO_LONGER_PLANNED')
  })
})
