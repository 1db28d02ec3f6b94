import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { booked } from './booked.ts'
import { type Api, globalId, options, type Picked, startApi, usd } from './support.ts'

let api: Api
/** The firm's matters by what is special about each. */
const ids: Record<string, string> = {}
let clientId: string

beforeAll(async () => {
  api = await startApi()
  const on = booked(api)
  const file = async (name: string, number: string, title: string, client: string) => {
    const { matter } = await api.mutate('createMatter', { clientId: client, number, title }, 'matter { id }')
    ids[name] = matter.id
    return { gid: matter.id, id: Buffer.from(matter.id, 'base64').toString().slice('Matter:'.length), firm: api.firm }
  }
  const ada = globalId('Client', api.firm.clientId)
  const added = await api.mutate(
    'createClient',
    { name: 'Émilie Łucja O’Neil', email: 'e@du-chatelet.example' },
    'client { id }',
  )
  clientId = added.client.id
  const asks = await file('asks', 'A-1', 'zebra crossing', ada)
  const low = await file('low', 'A-2', 'Éclair', clientId)
  const rich = await file('rich', 'A-3', 'eclipse', clientId)
  await file('off', 'A-4', '100% of it_all', ada)
  for (const [{ gid }, saved] of [
    [asks, options('1000')],
    [low, options(null, ['500', '100'])],
    [rich, options(null)],
  ] as const)
    await api.mutate('updateMatterBillingOptions', { matterId: gid, ...saved }, '__typename')
  await on.pays(rich, 90_000n)
  await on.pays(low, 20_000n)
  await api.mutate('createOnline', { matterId: asks.gid }, '__typename')
  await api.mutate('recordInvoice', { matterId: rich.gid, number: 'I-1', amount: usd('40') }, '__typename')
  await api.mutate('recordInvoice', { matterId: ids['off'], number: 'I-2', amount: usd('7') }, '__typename')
})
afterAll(() => api.close())

const LIST = `query ($first: Int, $after: String, $filter: MatterFilter, $orderBy: MatterOrder) {
  matters(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    nodes { id } pageInfo { hasNextPage endCursor } } }`

const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id)
const listed = async (variables: object): Promise<(string | undefined)[]> =>
  (await api.data(LIST, variables)).matters.nodes.map(({ id }: { id: string }) => nameOf(id))

/** The whole list in an order, a page of one at a time. */
async function walked(orderBy: object) {
  const names: (string | undefined)[] = []
  for (let after: string | null = null; ; ) {
    const { nodes, pageInfo }: Picked = (await api.data(LIST, { first: 1, after, orderBy })).matters
    names.push(...nodes.map(({ id }: { id: string }) => nameOf(id)))
    if (!pageInfo.hasNextPage) return names
    after = pageInfo.endCursor
  }
}

describe('matters', () => {
  test.each([
    ['NUMBER', ['asks', 'low', 'rich', 'off']],
    ['TITLE', ['off', 'low', 'rich', 'asks']],
    ['CLIENT', ['asks', 'off', 'low', 'rich']],
    ['BALANCE', null],
    ['AMOUNT_DUE', null],
    ['LAST_ACTIVITY', null],
  ])('are sorted by %s either way, each once however small the pages are', async (field, expected) => {
    const forth = await walked({ field })
    const back = await walked({ field, direction: 'DESC' })
    expect(back).toEqual(forth.toReversed())
    expect(new Set(forth)).toEqual(new Set(Object.keys(ids)))
    expect(forth).toHaveLength(Object.keys(ids).length)
    if (expected) expect(forth).toEqual(expected)
  })

  test('with the most money, or the most due, come first when asked so', async () => {
    expect((await walked({ field: 'BALANCE', direction: 'DESC' })).slice(0, 2)).toEqual(['rich', 'low'])
    expect((await walked({ field: 'AMOUNT_DUE', direction: 'DESC' })).slice(0, 2)).toEqual(['asks', 'low'])
    expect((await walked({ field: 'LAST_ACTIVITY', direction: 'DESC' }))[0]).toBe('off')
  })

  test('go on behind a cursor in its own order only', async () => {
    const { endCursor } = (await api.data(LIST, { first: 1, orderBy: { field: 'TITLE' } })).matters.pageInfo
    const encoded = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url')
    const uuid = randomUUID()
    for (const [field, after] of [
      ['BALANCE', endCursor],
      ['BALANCE', encoded(['BALANCE', '9'.repeat(30), uuid])],
      ['BALANCE', encoded(['BALANCE', '1e3', uuid])],
      ['BALANCE', encoded(['BALANCE', '1', 'x'])],
      ['LAST_ACTIVITY', encoded(['LAST_ACTIVITY', 'yesterday', uuid])],
      ['NUMBER', encoded(['NUMBER', 'A\0', uuid])],
      ['TITLE', encoded(['TITLE', '\ud800', 'A-1'])],
      ['TITLE', encoded('A-1')],
      ['TITLE', 'nonsense'],
    ]) {
      const { errors } = await api.ask(LIST, { after, orderBy: { field } })
      expect(errors?.[0]?.extensions, `${field} ${after}`).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
    }
  })

  test.each<[object, string[]]>([
    [{ phase: 'REQUESTED' }, ['asks']],
    [{ phases: ['REQUESTED', 'DISABLED'] }, ['asks', 'off']],
    [{ phases: [] }, []],
    [{ enabled: true }, ['asks', 'low', 'rich']],
    [{ enabled: false }, ['off']],
    [{ belowMinimum: true }, ['low']],
    [{ belowMinimum: false }, ['asks', 'rich', 'off']],
    [{ requestOverdue: true }, []],
    [{ requestOverdue: false }, ['asks', 'low', 'rich', 'off']],
    [{ attention: true }, ['low', 'rich']],
    [{ attention: false, phase: 'DISABLED' }, ['off']],
  ])('are filtered by %j', async (filter, expected) => {
    expect(await listed({ filter })).toEqual(expected)
  })

  test('are those of a client', async () => {
    expect(await listed({ filter: { clientId } })).toEqual(['low', 'rich'])
    expect(await listed({ filter: { clientId: globalId('Client', randomUUID()) } })).toEqual([])
    expect(await listed({ filter: { clientId: globalId('Client', 'x') } })).toEqual([])
  })

  test.each<[string, string[]]>([
    ['a-1', ['asks']],
    ['ECL', ['low', 'rich']],
    ['éclair', ['low']],
    ['eclair', ['low']],
    ['emilie', ['low', 'rich']],
    ["LUCJA O'NEIL", ['low', 'rich']],
    ['lucja', ['low', 'rich']],
    ['%', ['off']],
    ['it_a', ['off']],
    ['itxa', []],
    ['\\', []],
    ["' or true --", []],
    ['zebra)', []],
  ])('are found by %s in number, title or client’s name, taken literally', async (search, expected) => {
    expect(await listed({ filter: { search } })).toEqual(expected)
  })

  test('R9: have an overdue request once the day of the first reminder has passed, and not before', async () => {
    const sentDaysAgo = (days: number) =>
      api.database.owner
        .updateTable('request')
        .set({ last_sent_at: new Date(Date.now() - days * 86_400_000) })
        .execute()
    await sentDaysAgo(6.9)
    expect(await listed({ filter: { requestOverdue: true } })).toEqual([])
    await sentDaysAgo(7.1)
    expect(await listed({ filter: { requestOverdue: true } })).toEqual(['asks'])
    await api.mutate('updatePracticeSettings', { reminderDays: [10, 20] }, '__typename')
    expect(await listed({ filter: { requestOverdue: true } })).toEqual([])
    await api.mutate('updatePracticeSettings', { reminderDays: [] }, '__typename')
    expect(await listed({ filter: { requestOverdue: true } })).toEqual(['asks'])
  })
})

test('requests and invoices are listed for the whole firm, each with its matter', async () => {
  const { requests, overdue, settled, invoices, unpaid } = await api.data(`{
    requests { nodes { status overdue matter { number } } } overdue: requests(filter: { overdue: true, status: OPEN }) { nodes { id } }
    settled: requests(filter: { status: SATISFIED }) { nodes { id } }
    invoices { nodes { number matter { number } } } unpaid: invoices(status: UNPAID) { nodes { number } } }`)
  expect(requests.nodes).toEqual([{ status: 'OPEN', overdue: true, matter: { number: 'A-1' } }])
  expect([overdue.nodes.length, settled.nodes.length]).toEqual([1, 0])
  expect(invoices.nodes).toEqual([
    { number: 'I-2', matter: { number: 'A-4' } },
    { number: 'I-1', matter: { number: 'A-3' } },
  ])
  expect(unpaid.nodes).toEqual([{ number: 'I-2' }])
})

test('firm-wide lists page without loss', async () => {
  for (const list of ['requests', 'invoices', 'clients']) {
    const document = `query ($first: Int, $after: String) { ${list}(first: $first, after: $after) {
      nodes { id } pageInfo { hasNextPage endCursor } } }`
    const whole = (await api.data(document, { first: 100 }))[list].nodes
    const pieces: Picked[] = []
    for (let after: string | null = null, more = true; more; ) {
      const { nodes, pageInfo }: Picked = (await api.data(document, { first: 1, after }))[list]
      pieces.push(...nodes)
      after = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    expect(pieces, list).toEqual(whole)
    const { errors } = await api.ask(document, { after: 'W10' })
    expect(errors?.[0]?.extensions['code'], list).toBe('BAD_USER_INPUT')
  }
})

test('clients are listed by name and found by name or address', async () => {
  const found = async (search?: string) =>
    (
      await api.data('query ($search: String) { clients(search: $search) { nodes { name } } }', { search })
    ).clients.nodes.map(({ name }: { name: string }) => name)
  expect(await found()).toEqual(['Ada Lovelace', 'Émilie Łucja O’Neil'])
  expect(await found('emilie')).toEqual(['Émilie Łucja O’Neil'])
  expect(await found('DU-CHATELET')).toEqual(['Émilie Łucja O’Neil'])
  expect(await found('%')).toEqual([])
})

test('the totals are those of the lists', async () => {
  const { viewer } = await api.data(`{ viewer { totals {
    held { amount } onItsWay { amount } amountDue { amount } requestedAndUnpaid { amount } requestedCount overdue { amount } overdueCount
    unapplied { amount } unpaidInvoices { amount } refundsInFlight { amount } disputed { amount }
    belowMinimumCount attentionCount firmAttentionCount } } }`)
  const amount = (text: string) => ({ amount: text })
  expect(viewer.totals).toEqual({
    held: amount('1060.00'),
    onItsWay: amount('0.00'),
    amountDue: amount('1300.00'),
    requestedAndUnpaid: amount('1000.00'),
    requestedCount: 1,
    overdue: amount('1000.00'),
    overdueCount: 1,
    unapplied: amount('0.00'),
    unpaidInvoices: amount('7.00'),
    refundsInFlight: amount('0.00'),
    disputed: amount('0.00'),
    belowMinimumCount: 1,
    attentionCount: 2,
    firmAttentionCount: 0,
  })
})

test('what needs the firm’s attention can be dismissed, once, by its own firm', async () => {
  const { owner } = api.database
  const theirs = { code: 'PAYOUT_FAILED', subject_id: 'po_1', since: new Date() }
  await owner
    .insertInto('firm_attention')
    .values({ ...theirs, firm_id: api.firm.firmId })
    .execute()
  const input = { idempotencyKey: randomUUID(), code: 'PAYOUT_FAILED', subjectId: 'po_1' }
  const dismiss = () =>
    api.mutate('dismissFirmAttention', input, 'viewer { attention { code } totals { firmAttentionCount } }')
  const done = { viewer: { attention: [], totals: { firmAttentionCount: 0 } } }
  expect(await dismiss()).toMatchObject(done)
  expect(await dismiss()).toMatchObject(done)
  const again = await api.mutate('dismissFirmAttention', { code: 'PAYOUT_FAILED', subjectId: 'po_1' }, '__typename')
  expect(again).toMatchObject({ __typename: 'NoSuchAttention' })
})
