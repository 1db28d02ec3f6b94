import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/pool.ts'
import { fileMatters } from './many-matters.ts'
import { type Api, startApi } from './support.ts'

let api: Api
/** The same API, on the same database, with its statements counted. */
let counted: Api
let closeDb: () => Promise<void>
let statements = 0
let asked: string[] = []

beforeAll(async () => {
  api = await startApi()
  await fileMatters(api.database.owner, api.firm.firmId, 60)
  // Each read is one statement, behind one that says the firm.
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (!('set_config' in (result.rows[0] ?? {}))) statements += 1
      return result
    },
  }
  const db = openDatabase(api.database.apiUrl, { name: 'test-counting', max: 10 })
  counted = await startApi({
    db: db.withPlugin(counting),
    liveState: async (_firmId, matterId) => {
      asked.push(matterId)
      return null
    },
    commands: { send: () => Promise.reject(new Error('A read commands nothing.')) },
  })
  closeDb = () => db.destroy()
})
afterAll(async () => {
  await closeDb()
  await counted.close()
  await api.close()
})

/** What a page of `first` of the list costs in statements, after one that warms up what a process learns once. */
async function costOf(document: string, first: number): Promise<number> {
  await counted.data(document, { first: 1 }, { firm: api.firm })
  statements = 0
  asked = []
  const data = await counted.data<Record<string, { nodes: unknown[] }>>(document, { first }, { firm: api.firm })
  expect(Object.values(data)[0]?.nodes).toHaveLength(first)
  return statements
}

const PAGE = `query ($first: Int) { matters(first: $first, orderBy: { field: LAST_ACTIVITY, direction: DESC }) { nodes {
  number title client { name } billingOptions { enabled }
  retainer { phase balance { amount } pending { amount } amountDue { amount } canCreateOnline
    openRequest { number remaining { amount } overdue payUrl }
    transactions(first: 5) { nodes { kind amount { amount } balance { amount } } }
    decisions(first: 3) { nodes { code sentence inputs { name value } } }
    refundable { amount { amount } online { amount } } attention { code message } } } } }`

test('a page of 50 matters with client, retainer, open request, transactions, decisions, refundable and attention is nine statements', async () => {
  expect(await costOf(PAGE, 50)).toBe(await costOf(PAGE, 1))
  expect(await costOf(PAGE, 50)).toBe(9)
  expect(asked, 'no workflow was asked').toEqual([])
})

test.each([
  ['clients', 'name email createdAt'],
  [
    'requests',
    'number status overdue remaining { amount } matter { number client { name } retainer { phase balance { amount } } }',
  ],
  ['invoices', 'number rest { amount } matter { number client { name } } applications { amount { amount } }'],
])('the firm’s %s cost as many statements however many there are', async (list, fields) => {
  const document = `query ($first: Int) { ${list}(first: $first) { nodes { ${fields} } } }`
  expect(await costOf(document, 8)).toBe(await costOf(document, 1))
})

test('the other lists of a retainer cost one statement each, however many matters there are', async () => {
  const document = `query ($first: Int) { matters(first: $first) { nodes { retainer {
    refundsInFlight { amount } pendingPayments { paymentId } effectsInFlight
    transactions(first: 3) { nodes { kind invoice { number } payment { method } otherMatter { number } application { id } refund { id } } }
    refunds(first: 1) { nodes { status parts { status } } } disputes(first: 1) { nodes { status } } requests(first: 1) { nodes { number } }
    invoices(first: 2) { nodes { number applications { id } } } } } } }`
  expect(await costOf(document, 50)).toBe(await costOf(document, 1))
})

test('the totals are one statement', async () => {
  statements = 0
  await counted.data('{ viewer { totals { held { amount } overdueCount belowMinimumCount } } }', {}, { firm: api.firm })
  expect(statements).toBe(1)
})

test('only liveState asks workflows', async () => {
  await costOf('query ($first: Int) { matters(first: $first) { nodes { retainer { liveState { phase } } } } }', 3)
  expect(asked).toHaveLength(3)
})
