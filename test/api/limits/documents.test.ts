import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type FragmentDefinitionNode, Kind, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../../schema/index.ts'
import { story } from '../../../src/api/graphiql-story.ts'
import { DOCUMENT_LIMITS } from '../../../src/api/limits/document-limits.ts'
import { operationCost } from '../../../src/api/limits/operation-cost.ts'
import { MAX_COST } from '../../../src/api/limits/operation-limits.ts'
import { type Api, startApi } from '../support.ts'

const ROOT = path.join(import.meta.dirname, '..', '..', '..')

let api: Api
let id: string
beforeAll(async () => {
  api = await startApi()
  id = (await api.matter()).gid
})
afterAll(() => api?.close())

const codesOf = async (query: string, variables: object = {}): Promise<unknown[]> =>
  ((await api.ask(query, variables)).errors ?? []).map(({ extensions }) => extensions?.['code'])

const repeated = (times: number, part: (nth: number) => string): string =>
  Array.from({ length: times }, (_, nth) => part(nth)).join(' ')

describe('a document is refused, with a code that names the limit, when it', () => {
  test.each([
    ['is too long', 'QUERY_TOO_LONG', `{ viewer { ${'subject '.repeat(DOCUMENT_LIMITS.tokens)} } }`],
    [
      'is too deep',
      'QUERY_TOO_DEEP',
      `{ matters { nodes { ${'client { id } retainer { events { matter { '.repeat(5)} id ${'} } }'.repeat(5)} } } }`,
    ],
    [
      'is too deep by its fragments',
      'QUERY_TOO_DEEP',
      `{ matter(id: "x") { ...F0 } } ${repeated(8, (nth) => `fragment F${nth} on Matter { retainer { events { matter { ...F${nth + 1} } } } }`)}
       fragment F8 on Matter { id }`,
    ],
    ['has too many aliases', 'TOO_MANY_ALIASES', `{ viewer { ${repeated(31, (nth) => `a${nth}: subject`)} } }`],
    ['has too many directives', 'TOO_MANY_DIRECTIVES', `{ viewer { subject ${'@skip(if: false) '.repeat(31)} } }`],
  ])('%s', async (_, code, query) => {
    expect(await codesOf(query)).toContain(code)
  })
})

describe('an operation is refused before it is carried out when it could be too much work', () => {
  const NESTED = `query ($first: Int) { matters(first: $first) { nodes { retainer {
    transactions(first: 100) { nodes { amount { amount } balance { amount } } } } } } }`

  test('by pages inside pages, however their size is said', async () => {
    expect(await codesOf(NESTED, { first: 5 })).toEqual([])
    expect(await codesOf(NESTED, { first: 100 })).toEqual(['QUERY_TOO_COSTLY'])
    expect(await codesOf(NESTED.replace('$first: Int', '$first: Int = 100'))).toEqual(['QUERY_TOO_COSTLY'])
    expect(await codesOf(NESTED.replace('first: $first', 'first: 100'), {})).toContain('GRAPHQL_VALIDATION_FAILED')
    const { errors } = await api.ask(NESTED, { first: 100 })
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(String(MAX_COST)),
      extensions: { limit: MAX_COST, cost: expect.any(Number) },
    })
  })

  test('by fragments that spread each other twice: reckoned in no time', async () => {
    const doubling = `query ($id: ID!) { matter(id: $id) { retainer { liveState { ...F0 } } } }
      ${repeated(12, (nth) => `fragment F${nth} on RetainerLiveState { openRequest { matter { retainer { liveState { ...F${nth + 1} } } } } }`)}`
    const startedAt = performance.now()
    expect(await codesOf(doubling, { id })).not.toEqual([])
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  test('by many commands in one document, or by what a command answers with', async () => {
    const many = repeated(25, (nth) => `c${nth}: createOnline(input: $input) { __typename }`)
    const input = { idempotencyKey: crypto.randomUUID(), matterId: id }
    expect(await codesOf(`mutation ($input: CreateOnlineInput!) { ${many} }`, { input })).toEqual(['QUERY_TOO_COSTLY'])
  })

  test('as a subscription too, whose every event costs that much', async () => {
    const subscription = `subscription ($id: ID!) { retainerEvents(matterId: $id) { matter { retainer {
      events(first: 100) { matter { retainer { events(first: 100) { sequence } transactions(first: 100) { nodes { id } } } } } } } } }`
    expect(await codesOf(subscription, { id })).toEqual(['QUERY_TOO_COSTLY'])
  })
})

test('what a screen needs passes: the README’s operations, GraphiQL’s story, the clients’, and pages of 50', async () => {
  const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/```graphql\n(.*?)```/gs)].map(([, block = '']) => block)
  const clients = await readFile(path.join(ROOT, 'test', 'clients', 'story.graphql'), 'utf8')
  const pages = `query List { matters(first: 50) { pageInfo { endCursor } nodes { id number title client { id name }
      retainer { phase balance { amount } amountDue { amount } openRequest { number remaining { amount } payUrl }
        attention { code } refundable { total { amount } } transactions(first: 5) { nodes { memo amount { amount } balance { amount } } }
        decisions(first: 3) { nodes { rule sentence } } } } } }
    query Page($id: ID!) { matter(id: $id) { client { name email } billingOptions { enabled } retainer { balance { amount }
      requests(first: 50) { nodes { number amount { amount } received { amount } remaining { amount } } }
      transactions(first: 50) { nodes { id amount { amount } balance { amount } } }
      invoices(first: 50) { nodes { number amount { amount } paid { amount } rest { amount } } }
      decisions(first: 50) { nodes { sentence } } refunds(first: 50) { nodes { amount { amount } parts { amount { amount } } } }
      liveState { phase balance { amount } } } } }`
  const costs: Record<string, number> = {}
  for (const text of [...blocks, story(null), clients, pages]) {
    const document = parse(text, { maxTokens: DOCUMENT_LIMITS.tokens })
    const fragments = new Map<string, FragmentDefinitionNode>()
    for (const each of document.definitions)
      if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each)
    for (const operation of document.definitions) {
      if (operation.kind !== Kind.OPERATION_DEFINITION) continue
      const { cost } = operationCost({ schema, operation, fragments, variables: {} })
      costs[operation.name?.value ?? text.slice(0, 40)] = cost
    }
  }
  expect(Object.keys(costs).length).toBeGreaterThan(20)
  expect(Math.max(...Object.values(costs)), JSON.stringify(costs)).toBeLessThan(MAX_COST / 2)
  for (const operationName of ['List', 'Page']) {
    const { errors } = await api.ask(
      pages.replace(/query (List|Page)/g, (all, name) => (name === operationName ? all : `${all}Not`)),
      {
        id,
      },
    )
    expect(errors?.filter(({ extensions }) => extensions?.['code'] !== 'OPERATION_RESOLUTION_FAILURE') ?? []).toEqual(
      [],
    )
  }
})
