import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Edge, startEdge } from '../edges/edge.ts'
import { createFirm } from '../support/firm.ts'
import { until } from '../support/until.ts'
import { eventsOf } from './event-source.ts'
import { type Api, globalId, options, type Picked, startApi, usd } from './support.ts'

let api: Api
let edge: Edge
/** Streams that are open, by what they wait for. */
let open = 0

beforeAll(async () => {
  api = await startApi()
  const { onNews } = api.events
  // The hub the handler has is this very object.
  api.events.onNews = (matterId, wake) => {
    open += 1
    const end = onNews(matterId, wake)
    return () => {
      open -= 1
      end()
    }
  }
  edge = await startEdge(api.database.apiUrl, { graphql: (request) => api.handle(request, api.log) })
})
afterAll(async () => {
  await edge.close()
  await api.close()
})

const SUBSCRIPTION = `subscription ($matterId: ID!, $after: Int) { retainerEvents(matterId: $matterId, after: $after) {
  sequence type refusal phase balance { amount } amountDue { amount } decisions { code } matter { number } } }`

/** Opens a stream over HTTP, as a frontend does. */
async function subscribe(
  variables: object,
  { viewer = {}, method = 'POST' }: { viewer?: object; method?: string } = {},
) {
  const connection = new AbortController()
  const params = { query: SUBSCRIPTION, variables: JSON.stringify(variables) }
  const url = method === 'GET' ? `${edge.url}/graphql?${new URLSearchParams(params)}` : `${edge.url}/graphql`
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'x-viewer': JSON.stringify({ ...api.viewerOf({ roles: ['READER'] }), ...viewer }),
    },
    ...(method === 'POST' && { body: JSON.stringify({ ...params, variables }) }),
    signal: connection.signal,
  })
  const events = eventsOf(response)
  return {
    response,
    end: () => connection.abort(),
    /** The next event's data; undefined when the stream has ended. */
    async next(): Promise<Picked> {
      const { value, done } = await events.next()
      if (done || value.event === 'complete') return undefined
      const { data, errors } = JSON.parse(value.data)
      return errors ? { errors } : data.retainerEvents
    },
    async take(count: number): Promise<Picked[]> {
      const taken = []
      for (let nth = 0; nth < count; nth++) taken.push(await this.next())
      return taken
    },
  }
}

async function eventfulMatter() {
  const matter = await api.matter()
  await api.mutate('updateMatterBillingOptions', { matterId: matter.gid, ...options('1000.00') }, '__typename')
  return {
    ...matter,
    pay: () =>
      api.mutate('recordOfflinePayment', { matterId: matter.gid, amount: usd('1.00'), method: 'CHEQUE' }, '__typename'),
  }
}

test('R12: a matter’s events reach a subscriber as they are committed, refusals too', async () => {
  const matter = await eventfulMatter()
  const stream = await subscribe({ matterId: matter.gid })
  expect(stream.response.headers.get('content-type')).toContain('text/event-stream')
  await until('the stream is open', async () => open > 0)
  await matter.pay()
  await api.mutate('withdrawRequest', { matterId: matter.gid }, '__typename')
  expect(await stream.take(2)).toMatchObject([
    {
      sequence: 2,
      type: 'OFFLINE_PAYMENT_RECORDED',
      refusal: null,
      phase: 'DUE',
      balance: { amount: '1.00' },
      amountDue: { amount: '999.00' },
    },
    { sequence: 3, type: 'REQUEST_WITHDRAWN', refusal: 'NoOpenRequest', balance: { amount: '1.00' } },
  ])
  stream.end()
})

test('a stream goes on behind any sequence number, by POST and by GET', async () => {
  const matter = await eventfulMatter()
  for (let nth = 0; nth < 3; nth++) await matter.pay()
  for (const method of ['POST', 'GET']) {
    const stream = await subscribe({ matterId: matter.gid, after: 2 }, { method })
    expect((await stream.take(2)).map(({ sequence }) => sequence)).toEqual([3, 4])
    stream.end()
  }
})

test('no event is lost, doubled or out of order while the connection that wakes is killed again and again', async () => {
  const matter = await eventfulMatter()
  const streams = await Promise.all([1, 2, 3].map(() => subscribe({ matterId: matter.gid, after: 0 })))
  const superuser = new pg.Client({ connectionString: inject('superuserUrl') })
  await superuser.connect()
  const total = 61
  let killed = 0
  const writing = (async () => {
    for (let nth = 1; nth < total; nth++) {
      await matter.pay()
      await notify(matter.id)
      if (nth % 10 === 0) killed += (await killListeners(superuser)).rowCount ?? 0
    }
  })()
  for (const stream of streams) {
    const events = await stream.take(total)
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: total }, (_, nth) => nth + 1))
  }
  await writing
  expect(killed, 'connections killed').toBeGreaterThan(0)
  streams.forEach((stream) => stream.end())
  await superuser.end()
})

test('a notice wakes at once: the stream does not wait for its poll', async () => {
  const matter = await eventfulMatter()
  const stream = await subscribe({ matterId: matter.gid, after: 0 })
  await stream.take(1)
  const medianMs = async () => {
    const delaysMs: number[] = []
    for (let nth = 0; nth < 10; nth++) {
      await matter.pay()
      const committedAt = performance.now()
      await notify(matter.id)
      await stream.next()
      delaysMs.push(performance.now() - committedAt)
    }
    return delaysMs.toSorted((a, b) => a - b)[5] ?? 0
  }
  // On a machine that is busy it may take as long once.
  expect((await medianMs()) < 500 || (await medianMs()) < 500 || (await medianMs()) < 500).toBe(true)
  stream.end()
})

test('a stream ends with the token', async () => {
  const matter = await eventfulMatter()
  const stream = await subscribe({ matterId: matter.gid, after: 0 }, { viewer: { expiresAtMs: Date.now() + 5_000 } })
  expect(await stream.take(2)).toMatchObject([{ sequence: 1 }, undefined])
})

test('a client that goes away leaves nothing behind', async () => {
  const matter = await eventfulMatter()
  await until('earlier streams have ended', async () => open === 0)
  const streams = await Promise.all([1, 2].map(() => subscribe({ matterId: matter.gid, after: 0 })))
  await Promise.all(streams.map((stream) => stream.take(1)))
  expect(open).toBe(2)
  streams.forEach((stream) => stream.end())
  await until('the streams have ended', async () => open === 0)
})

test('nobody subscribes to what the firm does not have, or without a role', async () => {
  const stranger = await createFirm(api.database.owner)
  const { gid: theirs } = await api.matter(stranger)
  for (const matterId of [theirs, globalId('Matter', randomUUID()), globalId('Matter', 'x')]) {
    const stream = await subscribe({ matterId })
    expect((await stream.next()).errors[0].extensions).toEqual({ code: 'NOT_FOUND' })
  }
  const { gid } = await api.matter()
  const refused = await subscribe({ matterId: gid }, { viewer: { roles: [] } })
  expect((await refused.next()).errors[0].extensions).toEqual({ code: 'FORBIDDEN' })
  const negative = await subscribe({ matterId: gid, after: -1 })
  expect((await negative.next()).errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  // As after a restore from a backup: waiting there, it would miss what comes until then.
  for (const after of [1, 2_147_483_647]) {
    const ahead = await subscribe({ matterId: gid, after })
    expect((await ahead.next()).errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'OUT_OF_RANGE' })
  }
})

const LARGE = `subscription ($matterId: ID!, $after: Int) { retainerEvents(matterId: $matterId, after: $after) {
  sequence matter { client { email } } } }`

test('a stream that nobody reads is let go with its token', async () => {
  const matter = await eventfulMatter()
  for (let nth = 0; nth < 60; nth++) await matter.pay()
  const owner = api.database.owner
  await owner
    .updateTable('client')
    .set({ email: 'x'.repeat(1_000_000) })
    .execute()
  await until('earlier streams have ended', async () => open === 0)
  const body = JSON.stringify({ query: LARGE, variables: { matterId: matter.gid, after: 0 } })
  const viewer = JSON.stringify({ ...api.viewerOf({ roles: ['READER'] }), expiresAtMs: Date.now() + 10_000 })
  const socket = connect({ port: Number(new URL(edge.url).port), host: '127.0.0.1' })
  socket.once('data', () => socket.pause())
  socket.write(
    [
      'POST /graphql HTTP/1.1',
      'host: 127.0.0.1',
      'accept: text/event-stream',
      'content-type: application/json',
      `x-viewer: ${viewer}`,
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
  await until('the stream is open', async () => open === 1)
  await until('the stream is let go', async () => open === 0, 40_000)
  socket.destroy()
})

test('streams end when the process is to end', async () => {
  const matter = await eventfulMatter()
  const stream = await subscribe({ matterId: matter.gid, after: 0 })
  await stream.take(1)
  await api.events.close()
  expect(await stream.next(), 'a word that it goes on elsewhere').toMatchObject({
    errors: [{ extensions: { code: 'TEMPORARILY_UNAVAILABLE', retryAfterS: 1 } }],
  })
  expect(await stream.next()).toBeUndefined()
})

const notify = (matterId: string) =>
  sql`select pg_notify('matter', ${`${randomUUID()},${matterId}`})`.execute(api.database.owner)

const killListeners = (superuser: pg.Client) =>
  superuser.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'listen-matter' and datname = $1`,
    [new URL(api.database.apiUrl).pathname.slice(1)],
  )
