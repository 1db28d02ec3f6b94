import { expect, test } from 'vitest'
import { eventsOf } from './event-source.ts'
import { startApi, usd } from './support.ts'

test('what went wrong inside is masked, and logged without what was asked or answered', async () => {
  const api = await startApi({
    liveState: () => Promise.reject(new Error('connect ECONNREFUSED: ada@lovelace.example')),
  })
  const { gid: id } = await api.matter()
  const { errors } = await api.ask('query ($id: ID!) { matter(id: $id) { retainer { liveState { phase } } } }', { id })
  expect(errors).toMatchObject([
    {
      message: 'Something went wrong on our side.',
      path: ['matter', 'retainer', 'liveState'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    },
  ])
  expect(JSON.parse(api.logged())).toMatchObject({
    msg: 'a GraphQL request failed',
    path: 'matter.retainer.liveState',
    err: { type: 'Error' },
  })
  expect(api.logged()).not.toContain('lovelace')
  await api.close()
})

test('in a stream too, and the stream goes on', async () => {
  const api = await startApi({ liveState: () => Promise.reject(new Error('of ada@lovelace.example')) })
  const { gid: matterId } = await api.matter()
  for (const amount of ['1', '2']) {
    await api.mutate('recordOfflinePayment', { matterId, amount: usd(amount), method: 'OTHER' }, '__typename')
  }
  const document = `subscription ($matterId: ID!) { retainerEvents(matterId: $matterId, after: 0) {
    sequence matter { retainer { liveState { phase } } } } }`
  const headers = { accept: 'text/event-stream', 'x-viewer': JSON.stringify(api.viewerOf({})) }
  const response = await api.handle(api.request(document, { matterId }, headers), api.log)
  const events = eventsOf(response)
  for (const sequence of [1, 2]) {
    const { value } = await events.next()
    expect(JSON.parse(value?.data ?? '')).toMatchObject({
      data: { retainerEvents: { sequence } },
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    })
  }
  await events.return(undefined)
  expect(api.logged()).not.toContain('lovelace')
  await api.close()
})
