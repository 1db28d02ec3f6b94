import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Picked } from '../api/support.ts'
import { type Online, startOnline } from './online.ts'
import { operation } from './operations.ts'
import { tellStory } from './story.ts'

let online: Online
beforeAll(async () => {
  online = await startOnline()
})
afterAll(() => online.close())

test('graphql-sse tells the story: in distinct connections mode queries and mutations come as events too', async () => {
  const client = createClient({ url: online.url, headers: online.headers, singleConnection: false, retryAttempts: 0 })
  async function* watch(name: string, variables: object): AsyncGenerator<Picked> {
    const sent = { query: operation(name).text, variables: variables as Record<string, unknown> }
    for await (const { data, errors } of client.iterate(sent)) {
      if (errors) throw new Error(JSON.stringify(errors))
      yield data
    }
  }
  await tellStory(online, {
    watch,
    async run(name, variables) {
      const answers: Picked[] = []
      for await (const answer of watch(name, variables)) answers.push(answer)
      expect(answers).toHaveLength(1)
      return answers[0]
    },
  })
  client.dispose()
})
