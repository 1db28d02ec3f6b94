import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { type Edge, startEdge } from './edge.ts'

let database: TestDatabase
let edge: Edge
beforeAll(async () => {
  database = await createTestDatabase()
  edge = await startEdge(database.apiUrl)
})
afterAll(async () => {
  await edge?.close()
  await database?.drop()
})

/** Runs `work` with an edge of its own. */
async function withEdge(parts: Parameters<typeof startEdge>[1], work: (edge: Edge) => Promise<void>): Promise<void> {
  const mine = await startEdge(database.apiUrl, parts)
  try {
    await work(mine)
  } finally {
    await mine.close()
  }
}

test('the process is healthy at once, and ready while every neighbour answers, each by name', async () => {
  const up = () => Promise.resolve()
  const down = () => Promise.reject(new Error('away'))
  const silent = () => new Promise(() => undefined)
  const ask = async (at: Edge, path: string) => {
    const answer = await fetch(at.url + path)
    return [answer.status, await answer.json()]
  }
  await withEdge({ checks: { database: up, temporal: up } }, async (ready) => {
    expect(await ask(ready, '/readyz')).toEqual([200, { status: 'ready', database: 'up', temporal: 'up' }])
  })
  for (const check of [down, silent]) {
    await withEdge({ checks: { database: up, temporal: check } }, async (waiting) => {
      expect(await ask(waiting, '/healthz')).toEqual([200, { status: 'up' }])
      expect(await ask(waiting, '/readyz')).toEqual([503, { status: 'not ready', database: 'up', temporal: 'down' }])
    })
  }
})

test('an unknown path is a coded 404, with its request’s id', async () => {
  const answer = await fetch(`${edge.url}/nowhere`, { headers: { 'x-request-id': 'given-by-the-caller' } })
  expect(answer.status).toBe(404)
  expect(await answer.json()).toEqual({ error: { code: 'NOT_FOUND' } })
  expect(answer.headers.get('x-request-id')).toBe('given-by-the-caller')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(edge.logged()).toContain('"requestId":"given-by-the-caller"')
})

test('a query of 10 MB is refused in GraphQL’s form and never reaches the schema', async () => {
  await withEdge({ graphql: () => Promise.reject(new Error('reached')) }, async (mine) => {
    const answer = await fetch(`${mine.url}/graphql`, { method: 'POST', body: `{"query":"${'x'.repeat(10_000_000)}"}` })
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] })
  })
})

test('GraphQL gets the request as it came, and streams its answer', async () => {
  const stream = async (request: Request): Promise<Response> =>
    new Response(new Blob([`event: next\ndata: ${request.headers.get('authorization')}\n\n`]).stream(), {
      headers: { 'content-type': 'text/event-stream' },
    })
  await withEdge({ graphql: stream }, async (mine) => {
    const answer = await fetch(`${mine.url}/graphql`, { headers: { authorization: 'Bearer t' } })
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    expect(await answer.text()).toContain('Bearer t')
  })
})

test('a fault of ours is a 500 without details, and its message is not logged', async () => {
  const fault = () => Promise.reject(new TypeError('Ada Lovelace owes $1,000.00'))
  await withEdge({ graphql: fault }, async (mine) => {
    const answer = await fetch(`${mine.url}/graphql`)
    expect(answer.status).toBe(500)
    expect(await answer.json()).toEqual({ error: { code: 'INTERNAL_SERVER_ERROR' } })
    expect(mine.logged()).toContain('"type":"TypeError"')
    expect(mine.logged()).not.toContain('Lovelace')
  })
})

test('a server that closes finishes what it took and takes no more', async () => {
  const finish = Promise.withResolvers<void>()
  let taken = false
  const graphql = async (): Promise<Response> => {
    taken = true
    await finish.promise
    return new Response('finished')
  }
  const mine = await startEdge(database.apiUrl, { graphql })
  const answer = fetch(`${mine.url}/graphql`)
  await until('the request is taken', async () => taken)
  const closed = mine.close()
  await expect(fetch(`${mine.url}/healthz`)).rejects.toThrow()
  finish.resolve()
  expect(await (await answer).text()).toBe('finished')
  await closed
})

test('whatever path, method and body is tried, the answer is one of ours and never a 500', async () => {
  const segment = fc.oneof(
    fc.constantFrom(
      'pay',
      'webhooks',
      'stripe',
      'opening',
      'thanks',
      'assets',
      '..',
      '%',
      '%00',
      '%ff',
      'x'.repeat(43),
    ),
    fc.string({ unit: 'binary', maxLength: 50 }).map((text) => encodeURIComponent(text.toWellFormed())),
    fc.base64String({ maxLength: 60 }),
    fc.uuid(),
  )
  const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`)
  const tokenPath = fc.tuple(segment, fc.constantFrom('', '/opening/', '/thanks/'), segment)
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        path,
        tokenPath.map(([token, page, attempt]) => `/pay/${token}${page}${page && attempt}`),
      ),
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
      async (target, method, body) => {
        const answer = await fetch(edge.url + target, {
          method,
          redirect: 'manual',
          ...(method === 'GET' ? {} : { body }),
        })
        await answer.arrayBuffer()
        expect(answer.status).toBeLessThan(500)
      },
    ),
    { numRuns: 300 },
  )
})
