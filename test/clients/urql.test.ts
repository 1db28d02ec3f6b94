import { Client, cacheExchange, fetchExchange } from '@urql/core'
import { Repeater } from 'graphql-yoga'
import { afterAll, beforeAll, test } from 'vitest'
import type { Picked } from '../api/support.ts'
import { type Online, startOnline } from './online.ts'
import { operation } from './operations.ts'
import { tellStory } from './story.ts'

let online: Online
beforeAll(async () => {
  online = await startOnline()
})
afterAll(() => online.close())

test('urql tells the story, with its document cache, and subscriptions by its own fetch exchange', async () => {
  const client = new Client({
    url: online.url,
    exchanges: [cacheExchange, fetchExchange],
    fetchSubscriptions: true,
    fetchOptions: { headers: online.headers },
  })
  await tellStory(online, {
    async run(name, variables) {
      const { document } = operation(name)
      const answer = await (name.endsWith('Mutation')
        ? client.mutation<Picked>(document, variables)
        : client.query<Picked>(document, variables)
      ).toPromise()
      if (answer.error) throw answer.error
      return answer.data
    },
    watch: (name, variables) =>
      new Repeater<Picked>(async (push, stop) => {
        const { unsubscribe } = client
          .subscription<Picked>(operation(name).document, variables)
          .subscribe(({ data, error }) => (error ? stop(error) : void push(data)))
        await stop
        unsubscribe()
      }),
  })
})
