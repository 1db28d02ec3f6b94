import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFirm } from '../support/firm.ts'
import { type Ledger, openLedger } from './ledger.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger?.end())

/** The instants of a firm's reminders after `from`, in UTC. */
async function seriesOf(timeZone: string, from: string, days: number[], hour = 9): Promise<string[]> {
  const { firmId } = await createFirm(ledger.database.owner, { timeZone })
  await ledger.database.owner
    .updateTable('firm')
    .set({ reminder_days: days, reminder_hour: hour })
    .where('id', '=', firmId)
    .execute()
  const { rows } = await sql<{ series: { nth: number; atMs: number }[] }>`
    select reminder_series(firm, ${Date.parse(from)}::bigint) as series from firm where id = ${firmId}`.execute(
    ledger.worker,
  )
  const series = rows[0]?.series ?? []
  expect(series.map(({ nth }) => nth)).toEqual(series.map((_, index) => index + 1))
  return series.map(({ atMs }) => new Date(atMs).toISOString().slice(0, 16))
}

test.each([
  [
    'New York, clocks forward on 14 March',
    'America/New_York',
    '2027-03-10T22:00:00Z',
    ['2027-03-13T14:00', '2027-03-14T13:00', '2027-03-15T13:00'],
  ],
  [
    'New York, clocks back on 7 November',
    'America/New_York',
    '2027-11-03T22:00:00Z',
    ['2027-11-06T13:00', '2027-11-07T14:00', '2027-11-08T14:00'],
  ],
  [
    'London, clocks forward on 28 March',
    'Europe/London',
    '2027-03-24T22:00:00Z',
    ['2027-03-27T09:00', '2027-03-28T08:00', '2027-03-29T08:00'],
  ],
  [
    'Lord Howe, by half an hour on 4 April',
    'Australia/Lord_Howe',
    '2027-03-31T12:00:00Z',
    ['2027-04-02T22:00', '2027-04-03T22:30', '2027-04-04T22:30'],
  ],
  [
    'Phoenix, which has no summer time',
    'America/Phoenix',
    '2027-03-10T22:00:00Z',
    ['2027-03-13T16:00', '2027-03-14T16:00', '2027-03-15T16:00'],
  ],
  [
    'Auckland, where it is tomorrow already',
    'Pacific/Auckland',
    '2027-06-10T22:00:00Z',
    ['2027-06-13T21:00', '2027-06-14T21:00', '2027-06-15T21:00'],
  ],
])('R9: in %s', async (_, timeZone, from, expected) => {
  expect(await seriesOf(timeZone, from, [3, 4, 5])).toEqual(expected)
})

test('R9: an hour that the day does not have is the next that it has', async () => {
  expect(await seriesOf('America/New_York', '2027-03-12T22:00:00Z', [2], 2)).toEqual(['2027-03-14T07:00'])
})

test('R9: days in any order, each once; none is no reminder', async () => {
  expect(await seriesOf('UTC', '2027-01-01T00:00:00Z', [14, 7, 7, 28])).toEqual([
    '2027-01-08T09:00',
    '2027-01-15T09:00',
    '2027-01-29T09:00',
  ])
  expect(await seriesOf('UTC', '2027-01-01T00:00:00Z', [])).toEqual([])
})
