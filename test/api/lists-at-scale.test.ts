import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Firmly } from '../../schema/reading.ts'
import { firmInvoicePage } from '../../schema/reads/invoices.ts'
import { type MatterFilter, type MatterOrder, matterPage } from '../../schema/reads/matter-list.ts'
import { clientPage } from '../../schema/reads/people.ts'
import { firmRequestPage } from '../../schema/reads/requests.ts'
import { totalsOf } from '../../schema/reads/totals.ts'
import { asFirm } from '../../src/db/pool.ts'
import { createFirm } from '../support/firm.ts'
import { fileMatters } from './many-matters.ts'
import { type Api, startApi } from './support.ts'

/** With `LIST_MATTERS=10000` the medians are measured and printed, beside what is asserted anyway. */
const MEASURED = process.env['LIST_MATTERS']
const MATTERS = Number(MEASURED ?? 1_000)
const FIRST_50 = { size: 50, limit: 51, after: null }
const FIELDS = ['NUMBER', 'TITLE', 'CLIENT', 'BALANCE', 'AMOUNT_DUE', 'LAST_ACTIVITY'] as const

let api: Api
let firmId: string

beforeAll(async () => {
  api = await startApi()
  ;({ firmId } = api.firm)
  await fileMatters(api.database.owner, firmId, MATTERS)
  await fileMatters(api.database.owner, (await createFirm(api.database.owner)).firmId, MATTERS / 2)
}, 300_000)
afterAll(() => api.close())

const asOurs = <T>(work: (trx: Firmly) => Promise<T>): Promise<T> => asFirm(api.db, firmId, work)
const page = (filter: MatterFilter, order: MatterOrder, place = FIRST_50 as Parameters<typeof matterPage>[4]) =>
  asOurs((trx) => matterPage(trx, firmId, filter, order, place))

/**
 * Reads as the API's login, and answers by which indexes PostgreSQL did, told to scan whole tables, or to sort, only where it must: with
 * so few rows it could choose either.
 */
const indexesOf = (work: (trx: Firmly) => Promise<unknown>, { maySort = true } = {}): Promise<string[]> =>
  asOurs(async (trx) => {
    const scans = async () => {
      const { rows } = await sql<{ name: string; scans: bigint }>`
        select relname as name, pg_stat_get_xact_numscans(oid) as scans from pg_class
        where relkind = 'i' and relnamespace = 'public'::regnamespace`.execute(trx)
      return new Map(rows.map((row) => [row.name, row.scans]))
    }
    await sql`set local enable_seqscan = off`.execute(trx)
    if (!maySort) await sql`set local enable_sort = off`.execute(trx)
    const before = await scans()
    await work(trx)
    return [...(await scans())].filter(([name, count]) => count > (before.get(name) ?? 0n)).map(([name]) => name)
  })

test.each([
  ['NUMBER', 'matter_firm_id_number_key'],
  ['TITLE', 'matter_by_title'],
  ['CLIENT', 'client_by_name'],
  ['BALANCE', 'retainer_by_balance'],
  ['AMOUNT_DUE', 'retainer_by_amount_due'],
  ['LAST_ACTIVITY', 'retainer_by_activity'],
] as const)(
  'matters by %s are read in the order of an index, which row-level security leaves usable',
  async (field, index) => {
    for (const direction of ['ASC', 'DESC'] as const) {
      const order = { field, direction }
      const rows = await page({}, order, { ...FIRST_50, limit: MATTERS / 2 })
      const after = rows.at(-1)?.place ?? null
      const inOrder = { maySort: false }
      const first = await indexesOf((trx) => matterPage(trx, firmId, {}, order, FIRST_50), inOrder)
      expect(first, direction).toContain(index)
      const behind = await indexesOf((trx) => matterPage(trx, firmId, {}, order, { ...FIRST_50, after }), inOrder)
      expect(behind, `${direction} behind a cursor`).toContain(index)
    }
  },
)

const ORDER = { field: 'NUMBER', direction: 'ASC' } as const

test.each<[MatterFilter, string]>([
  [{ attention: true }, 'retainer_with_attention'],
  [{ requestOverdue: true }, 'request_open_by_firm'],
  [{ search: '00042' }, 'matter_by_part'],
])('matters filtered by %j are found by an index', async (filter, index) => {
  expect(await indexesOf((trx) => matterPage(trx, firmId, filter, ORDER, FIRST_50))).toContain(index)
})

test('clients, requests and invoices of the whole firm are read in the order of an index', async () => {
  const first = FIRST_50
  expect(await indexesOf((trx) => clientPage(trx, firmId, null, first))).toContain('client_by_name')
  expect(await indexesOf((trx) => firmRequestPage(trx, firmId, {}, first))).toContain('request_by_firm')
  expect(await indexesOf((trx) => firmInvoicePage(trx, firmId, null, first))).toContain('invoice_by_firm')
})

test.runIf(MEASURED)(
  'measured',
  async () => {
    const client = await asOurs((trx) => trx.selectFrom('client').select('id').limit(1).executeTakeFirstOrThrow())
    const filters: MatterFilter[] = [
      { phase: 'REQUESTED' },
      { phases: ['DUE', 'REQUESTED'] },
      { enabled: false },
      { belowMinimum: true },
      { requestOverdue: true },
      { attention: true },
      { clientId: client.id },
      ...['00042', 'lovelace 12', 'nothing like it', 'engine', 'a'].map((search) => ({ search })),
    ]
    const first = FIRST_50
    const medians: Record<string, string> = {}
    for (const field of FIELDS)
      for (const direction of ['ASC', 'DESC'] as const)
        medians[`${field} ${direction}`] = await medianMs(() => page({}, { field, direction }))
    for (const filter of filters) medians[JSON.stringify(filter)] = await medianMs(() => page(filter, ORDER))
    medians['clients'] = await medianMs(() => asOurs((trx) => clientPage(trx, firmId, null, first)))
    medians['clients, search'] = await medianMs(() => asOurs((trx) => clientPage(trx, firmId, 'łucja', first)))
    medians['requests, overdue'] = await medianMs(() =>
      asOurs((trx) => firmRequestPage(trx, firmId, { overdue: true }, first)),
    )
    medians['invoices, unpaid'] = await medianMs(() => asOurs((trx) => firmInvoicePage(trx, firmId, 'UNPAID', first)))
    medians['totals'] = await medianMs(() => asOurs((trx) => totalsOf(trx, firmId)))
    medians['GraphQL, list of 50'] = await medianMs(() => api.data(LIST))
    medians['GraphQL, everything of 50'] = await medianMs(() => api.data(EVERYTHING))
    medians['GraphQL, refundable of 50'] = await medianMs(() => api.data(REFUNDABLE))
    console.table(medians)
  },
  300_000,
)

const LIST =
  '{ matters(first: 50) { nodes { number title client { name } retainer { phase balance { amount } amountDue { amount } } } } }'
const REFUNDABLE = '{ matters(first: 50) { nodes { retainer { refundable { amount { amount } } } } } }'
const EVERYTHING = `{ matters(first: 50) { nodes { number title client { name } retainer { phase balance { amount } openRequest { number }
  transactions(first: 5) { nodes { kind amount { amount } } } decisions(first: 3) { nodes { code } } attention { code } } } } }`

async function medianMs(work: () => Promise<unknown>): Promise<string> {
  const times: number[] = []
  for (let nth = 0; nth < 25; nth++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return (times.toSorted((a, b) => a - b)[12] ?? 0).toFixed(1)
}
