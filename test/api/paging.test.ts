import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { booked } from './booked.ts'
import { type Api, options, type Picked, startApi, usd } from './support.ts'

const MATTERS = 55

let api: Api
beforeAll(async () => {
  api = await startApi()
  const { firmId, clientId } = api.firm
  const rows = Array.from({ length: MATTERS }, (_, nth) => ({
    id: randomUUID(),
    firm_id: firmId,
    client_id: clientId,
    number: `M-${String(nth + 1).padStart(3, '0')}`,
    title: nth === 7 ? '100% of O’Neil_v_Co' : 'Analytical engine',
  }))
  await api.database.owner.insertInto('matter').values(rows).execute()
})
afterAll(() => api.close())

/** All pages of a list from its beginning, and how many there were. */
async function walk(document: string, variables: object, listOf: (data: Picked) => Picked) {
  const items: Picked[] = []
  for (let after: string | null = null, pages = 1; ; pages++) {
    const list: Picked = listOf(await api.data(document, { ...variables, after }))
    items.push(...list.nodes)
    expect(list.pageInfo.hasPreviousPage).toBe(pages > 1)
    if (!list.pageInfo.hasNextPage) return { items, pages }
    after = list.pageInfo.endCursor
  }
}

test('a list’s pages bring every item once, in order', async () => {
  const document = `query ($after: String) { matters(first: 20, after: $after) {
    nodes { number } pageInfo { hasNextPage hasPreviousPage endCursor } } }`
  const { items, pages } = await walk(document, {}, (data) => data.matters)
  expect(pages).toBe(3)
  expect(items.map(({ number }) => number)).toEqual(
    Array.from({ length: MATTERS }, (_, nth) => `M-${String(nth + 1).padStart(3, '0')}`),
  )
})

test('a page has 20 items unless asked for, and 100 at most', async () => {
  expect((await api.data('{ matters { edges { cursor node { id } } } }')).matters.edges).toHaveLength(20)
  expect((await api.data('{ matters(first: 100) { nodes { id } } }')).matters.nodes).toHaveLength(MATTERS)
  for (const first of [0, -1, 101]) {
    const { errors } = await api.ask('query ($first: Int) { matters(first: $first) { nodes { id } } }', { first })
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'first', reason: 'OUT_OF_RANGE' })
  }
})

test('matters are found by number, title and client, taken literally, and by phase', async () => {
  const found = async (filter: object) =>
    (
      await api.data('query ($filter: MatterFilter) { matters(first: 100, filter: $filter) { nodes { number } } }', {
        filter,
      })
    ).matters.nodes.map(({ number }: { number: string }) => number)
  expect(await found({ search: 'm-00' })).toHaveLength(9)
  expect(await found({ search: 'lovelace' })).toHaveLength(MATTERS)
  expect(await found({ search: '100%' })).toEqual(['M-008'])
  expect(await found({ search: 'l_v' })).toEqual(['M-008'])
  expect(await found({ search: '%' })).toEqual(['M-008'])
  expect(await found({ phase: 'DISABLED' })).toHaveLength(MATTERS)
  expect(await found({ phase: 'REQUESTED' })).toEqual([])
  expect(await found({ attention: false, search: 'M-055' })).toEqual(['M-055'])
})

test('R12: the general retainer tab runs from the newest line to the oldest, each balance following from the next', async () => {
  const { gid: id } = await api.matter()
  for (let nth = 1; nth <= 7; nth++) {
    await api.mutate(
      'recordOfflinePayment',
      { matterId: id, amount: usd(`${nth}.00`), method: 'CHEQUE', reference: `${nth}` },
      '__typename',
    )
  }
  const document = `query ($id: ID!, $after: String) { matter(id: $id) { retainer { transactions(first: 3, after: $after) {
    nodes { amount { amount } balance { amount } memo } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`
  const { items } = await walk(document, { id }, (data) => data.matter.retainer.transactions)
  expect(items.map(({ memo }) => memo)).toEqual([7, 6, 5, 4, 3, 2, 1].map((nth) => `Check ${nth}`))
  expect(items.map(({ balance }) => balance.amount)).toEqual([
    '28.00',
    '21.00',
    '15.00',
    '10.00',
    '6.00',
    '3.00',
    '1.00',
  ])

  for (const list of ['decisions', 'invoices', 'requests']) {
    await walk(
      `query ($id: ID!, $after: String) { matter(id: $id) { retainer { ${list}(first: 2, after: $after) {
        nodes { __typename } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`,
      { id },
      (data) => data.matter.retainer[list],
    )
  }
})

test('decisions and invoices page without loss', async () => {
  const { gid: id } = await api.matter()
  await api.mutate('updateMatterBillingOptions', { matterId: id, ...options('10') }, '__typename')
  for (let nth = 1; nth <= 5; nth++)
    await api.mutate('recordInvoice', { matterId: id, number: `P-${nth}`, amount: usd('1') }, '__typename')
  const page = (list: string, fields: string) => `query ($id: ID!, $after: String) { matter(id: $id) { retainer {
    ${list}(first: 2, after: $after) { nodes { ${fields} } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`
  const invoices = await walk(page('invoices', 'number'), { id }, (data) => data.matter.retainer.invoices)
  expect(invoices.items.map(({ number }) => number)).toEqual(['P-5', 'P-4', 'P-3', 'P-2', 'P-1'])
  const decisions = await walk(page('decisions', 'sequence code'), { id }, (data) => data.matter.retainer.decisions)
  const rows = await api.database.owner
    .selectFrom('decision')
    .innerJoin('matter', 'matter.id', 'decision.matter_id')
    .select(['decision.version', 'decision.code'])
    .where('matter.id', '=', Buffer.from(id, 'base64').toString().slice('Matter:'.length))
    .orderBy('decision.version', 'desc')
    .orderBy('decision.line', 'desc')
    .execute()
  expect(decisions.items).toEqual(rows.map(({ version, code }) => ({ sequence: Number(version), code })))
})

test('refunds, disputes, payouts, unapplied funds and reconciliations page without loss', async () => {
  const mine = await startApi()
  try {
    const on = booked(mine)
    const matter = await on.enabled()
    const [refunds, disputes, unapplied, payouts, reconciliations]: string[][] = [[], [], [], [], []]
    for (let nth = 1; nth <= 5; nth++) {
      const paymentId = await on.pays(matter, 1_000n)
      const refund = { matterId: matter.gid, amount: usd('1') }
      refunds?.push((await mine.mutate('refundRetainer', refund, 'refund { id }')).refund.id)
      disputes?.push(await on.disputes(matter, paymentId, 100n))
      unapplied?.push((await on.lateMoney(100n)).paymentId)
      const account = `acct_${mine.firm.firmId.slice(0, 8)}`
      await on.paysOut(`po_${nth}`, account, [{ kind: 'CHARGE', amountMinor: 100n, feeMinor: 1n, paymentId }])
      payouts?.push(`po_${nth}`)
      reconciliations?.push(`r-${nth}`)
    }
    await mine.database.owner
      .insertInto('reconciliation')
      .values((reconciliations ?? []).map((id) => ({ id, firm_id: mine.firm.firmId, started_at: new Date() })))
      .execute()
    const page = (list: string, node: string) =>
      `${list}(first: 2, after: $after) { nodes { ${node} } pageInfo { hasNextPage hasPreviousPage endCursor } }`
    async function all(document: string, listOf: (data: Picked) => Picked): Promise<string[]> {
      const items: Picked[] = []
      for (let after: string | null = null; ; ) {
        const list: Picked = listOf(await mine.data(document, { id: matter.gid, after }))
        items.push(...list.nodes)
        if (!list.pageInfo.hasNextPage) return items.map(({ is }) => is)
        after = list.pageInfo.endCursor
      }
    }
    const ofMatter = (list: string, node: string) =>
      all(
        `query ($id: ID!, $after: String) { matter(id: $id) { retainer { ${page(list, node)} } } }`,
        (data) => data.matter.retainer[list],
      )
    const ofFirm = (list: string, node: string) =>
      all(`query ($after: String) { viewer { ${page(list, node)} } }`, (data) => data.viewer[list])
    expect(await ofMatter('refunds', 'is: id')).toEqual(refunds?.toReversed())
    expect(await ofMatter('disputes', 'is: reference')).toEqual(disputes?.toReversed())
    expect(await ofFirm('unappliedFunds', 'is: reference')).toEqual(unapplied)
    expect(await ofFirm('payouts', 'is: reference')).toEqual(payouts?.toReversed())
    expect((await ofFirm('reconciliations', 'is: id')).length).toBe(5)

    const nul = Buffer.from(JSON.stringify([new Date().toISOString(), '\0', '\0'])).toString('base64url')
    for (const list of ['unappliedFunds', 'payouts', 'reconciliations']) {
      const { errors } = await mine.ask(`query ($after: String) { viewer { ${page(list, 'id')} } }`, { after: nul })
      expect(errors?.[0]?.extensions, list).toMatchObject({ reason: 'NOT_A_CURSOR' })
    }
  } finally {
    await mine.close()
  }
})

test('a cursor of something else is refused by name', async () => {
  const cursors = [
    'zzz',
    '',
    Buffer.from('[1]').toString('base64url'),
    Buffer.from('"\\u0000"').toString('base64url'),
    Buffer.from('null').toString('base64url'),
  ]
  for (const after of cursors) {
    const { errors } = await api.ask('query ($after: String) { matters(after: $after) { nodes { id } } }', { after })
    expect(errors?.[0]?.extensions, after).toEqual({ code: 'BAD_USER_INPUT', field: 'after', reason: 'NOT_A_CURSOR' })
  }
})
