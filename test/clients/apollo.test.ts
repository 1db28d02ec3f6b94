import { randomUUID } from 'node:crypto'
import {
  ApolloClient,
  ApolloLink,
  HttpLink,
  InMemoryCache,
  Observable,
  type PossibleTypesMap,
  type TypePolicies,
} from '@apollo/client/core'
import { getMainDefinition, relayStylePagination } from '@apollo/client/utilities'
import { print } from 'graphql'
import { createClient } from 'graphql-sse'
import { Repeater } from 'graphql-yoga'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { options, type Picked } from '../api/support.ts'
import { type Online, startOnline } from './online.ts'
import { operation } from './operations.ts'
import { tellStory } from './story.ts'

let online: Online
beforeAll(async () => {
  online = await startOnline()
})
afterAll(() => online.close())

/** As its documentation sets it up: a normalised cache, HTTP, and graphql-sse for subscriptions. */
async function createApollo(typePolicies: TypePolicies = {}) {
  const sse = createClient({ url: online.url, headers: online.headers, retryAttempts: 0 })
  const events = new ApolloLink(
    ({ query, variables, operationName }) =>
      new Observable((sink) =>
        sse.subscribe<Picked>(
          { query: print(query), variables, ...(operationName && { operationName }) },
          {
            next: (answer) => sink.next(answer as Picked),
            error: (error) => sink.error(error),
            complete: () => sink.complete(),
          },
        ),
      ),
  )
  const isSubscription = ({ query }: ApolloLink.Operation) => {
    const definition = getMainDefinition(query)
    return definition.kind === 'OperationDefinition' && definition.operation === 'subscription'
  }
  const client = new ApolloClient({
    link: ApolloLink.split(isSubscription, events, new HttpLink({ uri: online.url, headers: online.headers })),
    cache: new InMemoryCache({ possibleTypes: await possibleTypes(), typePolicies }),
  })
  return {
    client,
    query: (name: string, variables: object, fetchPolicy: 'cache-first' | 'network-only' = 'network-only') =>
      client.query<Picked>({ query: operation(name).document, variables, fetchPolicy }).then(({ data }) => data),
    mutate: (name: string, variables: object) =>
      client.mutate<Picked>({ mutation: operation(name).document, variables }).then(({ data }) => data),
  }
}

/** Which types are members of a union or interface, asked as the documentation says. */
async function possibleTypes(): Promise<PossibleTypesMap> {
  const response = await fetch(online.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...online.headers },
    body: JSON.stringify({ query: '{ __schema { types { name possibleTypes { name } } } }' }),
  })
  const { data } = await response.json()
  const abstract = data.__schema.types.filter(({ possibleTypes }: Picked) => possibleTypes)
  return Object.fromEntries(
    abstract.map(({ name, possibleTypes }: Picked) => [name, possibleTypes.map((each: Picked) => each.name)]),
  )
}

test('Apollo Client tells the story, and its cache has nothing to warn of', async () => {
  const warnings = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')]
  const { client, query, mutate } = await createApollo()
  await tellStory(online, {
    run: (name, variables) => (name.endsWith('Mutation') ? mutate(name, variables) : query(name, variables)),
    watch: (name, variables) =>
      new Repeater<Picked>(async (push, stop) => {
        const subscription = client
          .subscribe<Picked>({ query: operation(name).document, variables })
          .subscribe({ next: ({ data, error }) => (error ? stop(error) : void push(data)), error: stop })
        await stop
        subscription.unsubscribe()
      }),
  })
  expect(warnings.flatMap(({ mock }) => mock.calls)).toEqual([])
})

test('Apollo Client’s cache follows mutations and pages by ids and cursors alone: nothing is asked again', async () => {
  const policies = { Query: { fields: { matters: relayStylePagination(['filter']) } } }
  const { client, query, mutate } = await createApollo(policies)
  const input = { name: 'Grace Hopper', email: 'grace@client.example' }
  const { createClient: filed } = await mutate('StoryCreateClientMutation', {
    input: { ...input, idempotencyKey: randomUUID() },
  })
  const ids: string[] = []
  for (const number of ['c-1', 'c-2', 'c-3']) {
    const matter = { clientId: filed.client.id, number, title: 'Compilers', idempotencyKey: randomUUID() }
    ids.push((await mutate('StoryCreateMatterMutation', { input: matter })).createMatter.matter.id)
  }
  const [id] = ids
  expect((await query('StoryMatterQuery', { id })).matter.retainer.phase).toBe('DISABLED')
  await mutate('StorySaveOptionsMutation', {
    input: { idempotencyKey: randomUUID(), matterId: id, ...options('500.00') },
  })
  const { matter } = await query('StoryMatterQuery', { id }, 'cache-first')
  expect(matter.retainer).toMatchObject({ phase: 'DUE', amountDue: { amount: '500.00' } })

  const variables = { first: 2, filter: { search: 'Compilers' } }
  const screen = client.watchQuery<Picked>({ query: operation('StoryMattersQuery').document, variables })
  const first = (await screen.refetch()).data
  await screen.fetchMore({ variables: { after: first.matters.pageInfo.endCursor } })
  const { edges, pageInfo } = screen.getCurrentResult().data.matters
  expect(edges.map(({ node }: Picked) => node.id)).toEqual(ids)
  expect(pageInfo.hasNextPage).toBe(false)
})
