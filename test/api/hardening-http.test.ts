import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Edge, startEdge } from '../edges/edge.ts'
import { until } from '../support/until.ts'
import { type Api, startApi } from './support.ts'

let api: Api
let edge: Edge
const closing = new AbortController()
beforeAll(async () => {
  api = await startApi()
  edge = await startEdge(api.database.apiUrl, { graphql: api.handle, closing: closing.signal })
})
afterAll(async () => {
  await edge?.close()
  await api?.close()
})

const asViewer = () => ({ 'content-type': 'application/json', 'x-viewer': JSON.stringify(api.viewerOf({})) })
const ask = (query: string, headers: Record<string, string> = {}, variables: object = {}) =>
  fetch(`${edge.url}/graphql`, {
    method: 'POST',
    headers: { ...asViewer(), ...headers },
    body: JSON.stringify({ query, variables }),
  })

/** Sends bytes as they are and answers all that comes back until the connection ends. */
async function raw(bytes: string | Buffer, { halfClose = false } = {}): Promise<string> {
  const { hostname, port } = new URL(edge.url)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.on('data', (chunk) => (answer += chunk)).on('error', () => undefined)
  socket.write(bytes)
  if (halfClose) socket.end()
  await once(socket, 'close')
  return answer
}

describe('every answer, whatever was asked,', () => {
  const REQUESTS: [string, RequestInit?][] = [
    ['/healthz'],
    ['/nowhere'],
    ['/graphql'],
    ['/graphql', { method: 'POST', body: 'nope' }],
    ['/graphql', { method: 'DELETE' }],
    ['/pay/x'],
    ['/pay/assets/pay.css'],
    ['/documents/statement'],
    ['/webhooks/stripe'],
    ['/webhooks/resend', { method: 'POST', body: '{}' }],
  ]

  test.each(REQUESTS)(
    '%s: has its request’s id, and headers that let a browser do nothing with it',
    async (path, init) => {
      const answer = await fetch(edge.url + path, { ...init, headers: { 'x-request-id': 'mine-1' } })
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'x-request-id': 'mine-1',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': expect.any(String),
        'strict-transport-security': expect.any(String),
        'content-security-policy': expect.stringMatching(/^default-src 'none'.*frame-ancestors 'none'/),
      })
      expect(answer.headers.get('x-powered-by')).toBeNull()
      const body = await answer.text()
      if (answer.headers.get('content-type')?.includes('json') && answer.status >= 400) {
        const { error, errors } = JSON.parse(body)
        expect(error?.code ?? errors[0].extensions.code).toMatch(/^[A-Z_]+$/)
      }
    },
  )

  test('a result too', async () => {
    const answer = await ask('{ viewer { subject } }', { 'x-request-id': 'mine-2' })
    expect(await answer.json()).toEqual({ data: { viewer: { subject: 'test' } } })
    expect(answer.headers.get('x-request-id')).toBe('mine-2')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('a request’s id that is none is replaced', async () => {
    for (const id of ['a b', 'x'.repeat(300), '{"x":1}']) {
      const answer = await fetch(`${edge.url}/healthz`, { headers: { 'x-request-id': id } })
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('an error has its own request’s id, also one that was met before, and so has the log', async () => {
    for (const query of [
      '{ viewer',
      '{ nothing }',
      `{ viewer { ${'a: subject '.repeat(5)} } }`,
      '{ matters(first: 0) { nodes { id } } }',
    ]) {
      for (const id of ['first', 'second']) {
        const { errors = [] } = await (await ask(query, { 'x-request-id': id })).json()
        for (const { extensions } of errors) expect(extensions.requestId).toBe(id)
      }
    }
    expect(edge.logged()).toContain('"requestId":"second"')
  })
})

test('a page of another origin may ask only where the configuration names it, and with a token, never a cookie', async () => {
  const open = await startEdge(api.database.apiUrl, {
    graphql: api.handle,
    config: { corsOrigins: ['https://app.hartvale.example'] },
  })
  const preflight = (origin: string, at = open) =>
    fetch(`${at.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
  const ours = await preflight('https://app.hartvale.example')
  expect(ours.status).toBe(204)
  expect(ours.headers.get('access-control-allow-origin')).toBe('https://app.hartvale.example')
  expect(ours.headers.get('access-control-allow-headers')).toContain('authorization')
  expect(ours.headers.get('access-control-allow-credentials')).toBeNull()
  expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  const asked = await fetch(`${open.url}/graphql`, {
    method: 'POST',
    headers: { ...asViewer(), origin: 'https://app.hartvale.example' },
    body: '{"query":"{ __typename }"}',
  })
  expect(asked.headers.get('access-control-allow-origin')).toBe('https://app.hartvale.example')
  expect(asked.headers.get('access-control-expose-headers')).toContain('x-request-id')
  await open.close()
  const none = await preflight('https://app.hartvale.example', edge)
  expect(none.headers.get('access-control-allow-origin'), 'by default none').toBeNull()
})

describe('what is no request gets a coded client error, and the server goes on:', () => {
  const POST = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
  test.each([
    ['no HTTP', 'nonsense\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(70_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['two lengths', `${POST}Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc`, 400, 'BAD_REQUEST'],
    [
      'length and chunks',
      `${POST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'BAD_REQUEST',
    ],
    ['a chunk that is none', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400, 'BAD_REQUEST'],
  ])('%s', async (_, bytes, status, code) => {
    const answer = await raw(bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain(`"code":"${code}"`)
    expect((await fetch(`${edge.url}/healthz`)).status).toBe(200)
  })

  test('a body that breaks off', async () => {
    const answer = await raw(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nx-viewer: ${JSON.stringify(api.viewerOf({}))}\r\nContent-Length: 500\r\n\r\n{"query":`,
      { halfClose: true },
    )
    expect(answer).not.toMatch(/^HTTP\/1.1 5/)
    expect((await fetch(`${edge.url}/healthz`)).status).toBe(200)
  })

  test('a body that would unpack to a thousand times its size, or is larger than it says', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, ' '))
    const packed = await fetch(`${edge.url}/graphql`, {
      method: 'POST',
      headers: { ...asViewer(), 'content-encoding': 'gzip' },
      body: bomb,
    })
    expect(packed.status).toBe(415)
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
    })
    const init = { method: 'POST', headers: asViewer(), body: endless, duplex: 'half' } as RequestInit
    const answer = await fetch(`${edge.url}/graphql`, init)
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] })
  })

  test('a hundred streams that their readers left without a word leave nothing behind', async () => {
    const { gid: matterId } = await api.matter()
    const watch = 'subscription ($matterId: ID!) { retainerEvents(matterId: $matterId) { sequence } }'
    const open = (signal: AbortSignal) =>
      fetch(`${edge.url}/graphql`, {
        method: 'POST',
        headers: { ...asViewer(), accept: 'text/event-stream' },
        body: JSON.stringify({ query: watch, variables: { matterId } }),
        signal,
      })
    const gone = new AbortController()
    const streams = await Promise.all(Array.from({ length: 100 }, () => open(gone.signal)))
    expect(streams.map(({ status }) => status)).toEqual(Array(100).fill(200))
    expect((await open(gone.signal)).status, 'more than one person has').toBe(429)
    gone.abort()
    const back = new AbortController()
    for (let nth = 0; nth < 100; nth++) {
      await until('a stream is let in again', async () => (await open(back.signal)).status === 200)
    }
    back.abort()
  })
})

test('nothing of all this was a fault of ours', () => {
  expect(api.logged()).not.toContain('"level":50')
  expect(edge.logged()).not.toContain('"level":50')
})

test('once the process is to end, what comes on open connections is turned away to another one', async () => {
  closing.abort()
  const answer = await ask('{ viewer { subject } }')
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(answer.headers.get('connection')).toBe('close')
  expect(await answer.json()).toEqual({ error: { code: 'TEMPORARILY_UNAVAILABLE' } })
})
