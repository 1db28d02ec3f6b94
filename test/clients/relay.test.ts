import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { parse, print } from 'graphql'
import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Picked } from '../api/support.ts'
import { type Online, startOnline } from './online.ts'
import { STORY_TEXT } from './operations.ts'
import { tellStory } from './story.ts'

const require = createRequire(import.meta.url)
let dir: string
let online: Online
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'retainer-relay-'))
  online = await startOnline()
})
afterAll(async () => {
  await online.close()
  await rm(dir, { recursive: true })
})

/** What a list on a screen is made of: pages and refetching by Relay's own directives, on the root and below a node. */
const LISTS = `
  query ListsQuery($count: Int!, $cursor: String, $matterId: ID!) {
    ...ListsMatters @arguments(count: $count, cursor: $cursor)
    matter(id: $matterId) { retainer { ...ListsTab @arguments(count: $count) } }
  }
  fragment ListsMatters on Query
  @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" })
  @refetchable(queryName: "ListsMattersRefetchQuery") {
    matters(first: $count, after: $cursor) @connection(key: "ListsMatters_matters") { edges { node { id number } } }
  }
  fragment ListsTab on Retainer
  @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" })
  @refetchable(queryName: "ListsTabRefetchQuery") {
    transactions(first: $count, after: $cursor) @connection(key: "ListsTab_transactions") { edges { node { id kind } } }
  }`

/** Compiles the operations against the printed schema, offline, and answers the folder of what it made. */
async function compile(): Promise<string> {
  const config = {
    src: './src',
    schema: './schema.graphql',
    language: 'javascript',
    artifactDirectory: './made',
    customScalarTypes: { Decimal: 'string', DateTime: 'string', Date: 'string' },
  }
  await mkdir(path.join(dir, 'src'))
  await mkdir(path.join(dir, 'made'))
  const schema = await readFile(new URL('../../schema/schema.graphql', import.meta.url))
  await writeFile(path.join(dir, 'schema.graphql'), schema)
  await writeFile(path.join(dir, 'relay.config.json'), JSON.stringify(config))
  for (const [module, text] of Object.entries({ Story: STORY_TEXT, Lists: LISTS })) {
    const tags = parse(text).definitions.map((each) => `graphql\`${print(each)}\``)
    await writeFile(path.join(dir, 'src', `${module}.js`), tags.join('\n'))
  }
  const compiler = require.resolve('relay-compiler/cli.js')
  await promisify(execFile)(process.execPath, [compiler, 'relay.config.json'], { cwd: dir })
  return path.join(dir, 'made')
}

test('relay-compiler takes the printed schema and the story, pages and refetching; what it makes of them runs', async () => {
  const made = await compile()
  const textOf = (name: string): string => require(path.join(made, `${name}.graphql.js`)).default.params.text
  const sse = createClient({ url: online.url, headers: online.headers, retryAttempts: 0 })

  async function ask(name: string, variables: object): Promise<Picked> {
    const response = await fetch(online.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...online.headers },
      body: JSON.stringify({ query: textOf(name), variables }),
    })
    const { data, errors } = await response.json()
    expect(errors).toBeUndefined()
    return data
  }
  async function* watch(name: string, variables: object): AsyncGenerator<Picked> {
    const sent = { query: textOf(name), variables: variables as Record<string, unknown> }
    for await (const { data } of sse.iterate(sent)) yield data
  }
  await tellStory(online, { run: ask, watch })

  const { matters } = await ask('StoryMattersQuery', { first: 1 })
  const [{ node }] = matters.edges
  const { matter } = await ask('StoryMatterQuery', { id: node.id })
  const page = { count: 1, cursor: matters.pageInfo.endCursor }
  const lists = await ask('ListsQuery', { ...page, matterId: matter.id })
  expect(lists.matters.edges).toHaveLength(1)
  const { edges, pageInfo } = lists.matter.retainer.transactions
  expect(edges).toHaveLength(1)
  const refetched = await ask('ListsTabRefetchQuery', { id: matter.retainer.id, count: 1, cursor: pageInfo.endCursor })
  expect(refetched.node).toMatchObject({ __typename: 'Retainer', transactions: { pageInfo: expect.any(Object) } })
  expect((await ask('ListsMattersRefetchQuery', page)).matters.edges).toHaveLength(1)
})
