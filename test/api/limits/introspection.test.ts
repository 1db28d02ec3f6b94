import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, globalId, startApi } from '../support.ts'

let closed: Api
let open: Api
beforeAll(async () => {
  closed = await startApi()
  open = await startApi({ introspection: true })
})
afterAll(() => Promise.all([closed?.close(), open?.close()]))

const firstOf = async (api: Api, query: string, variables: object = {}) => (await api.ask(query, variables)).errors?.[0]

test('the schema is told only where that is allowed, to an admin’s token too; __typename always is', async () => {
  for (const query of [
    getIntrospectionQuery(),
    '{ __type(name: "Query") { name } }',
    '{ viewer { firm { __typename } } __schema { queryType { name } } }',
  ]) {
    expect((await firstOf(closed, query))?.extensions).toEqual({ code: 'INTROSPECTION_DISABLED' })
    expect(await firstOf(open, query)).toBeUndefined()
  }
  expect(await closed.data('{ __typename viewer { __typename } }')).toMatchObject({ viewer: { __typename: 'Viewer' } })
})

test('nor does any error suggest a name of it', async () => {
  const mistyped: [string, object?][] = [
    ['{ viewr { subject } }'],
    ['{ viewer { subjct } }'],
    ['{ matters(frist: 1) { nodes { id } } }'],
    ['{ matters(filter: { sarch: "x" }) { nodes { id } } }'],
    ['query ($filter: MatterFilter) { matters(filter: $filter) { nodes { id } } }', { filter: { sarch: 'x' } }],
    ['query ($filter: MatterFiltr) { matters(filter: $filter) { nodes { id } } }'],
    ['query ($filter: MatterFilter) { matters(filter: $filter) { nodes { id } } }', { filter: { phase: 'REQUESTD' } }],
    ['{ node(id: "x") { ... on Mattr { id } } }'],
  ]
  for (const [query, variables] of mistyped) {
    const error = await firstOf(closed, query, variables)
    expect(error?.extensions?.['code'], query).toMatch(/^(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)$/)
    expect(error?.message, query).not.toContain('Did you mean')
  }
  expect((await firstOf(open, '{ viewr { subject } }'))?.message).toContain('Did you mean "viewer"')
})

test('an error echoes no id and no long input', async () => {
  const secret = 'not-yours-to-see'
  for (const id of [secret, globalId('Client', secret)]) {
    expect((await firstOf(closed, 'query ($id: ID!) { matter(id: $id) { id } }', { id }))?.message).not.toContain(
      secret,
    )
  }
  const long = await firstOf(closed, 'query ($first: Int) { matters(first: $first) { nodes { id } } }', {
    first: 'x'.repeat(100_000),
  })
  expect(long?.message.length).toBeLessThan(400)
})
