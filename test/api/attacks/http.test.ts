import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERROR_CODES } from '../../../src/api/error-codes.ts'
import { type Edge, startEdge } from '../../edges/edge.ts'
import { type Api, startApi } from '../support.ts'

let api: Api
let edge: Edge
beforeAll(async () => {
  api = await startApi()
  edge = await startEdge(api.database.apiUrl, { graphql: api.handle })
})
afterAll(async () => {
  await edge?.close()
  await api?.close()
})

interface Answer {
  status: number
  code: string | undefined
  text: string
}

/** Sends bytes as they are; the answer's status, and its code if it is JSON. */
async function raw(bytes: string | Buffer): Promise<Answer> {
  const { hostname, port } = new URL(edge.url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('data', (chunk) => (text += chunk)).on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(text) ?? []
  const [, code] = /"code":"(\w+)"/.exec(text) ?? []
  return { status: Number(status), code, text }
}

const ASKED = '{"query":"{ __typename }"}'

interface Posting {
  body?: string | Buffer
  path?: string
  host?: string
  more?: string
}

/** A request to GraphQL by somebody with a token, but for what is wrong with it. */
function posting({ body = ASKED, path = '/graphql', host = 'api.test', more = '' }: Posting): Buffer {
  const viewer = JSON.stringify(api.viewerOf({}))
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nx-viewer: ${viewer}\r\nConnection: close\r\n`
  return Buffer.concat([
    Buffer.from(`${head}${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`),
    Buffer.from(body),
  ])
}

const getting = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: api.test\r\nx-viewer: ${JSON.stringify(api.viewerOf({}))}\r\nConnection: close\r\n\r\n`

const bare = (line: string) => `${line} HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n`

describe('a request that nobody can serve is refused with a code:', () => {
  test.each(['', 'a b', 'a/../b?x#y', 'a@b:99999', '[::1'])('for the host “%s”', async (host) => {
    expect(await raw(posting({ host }))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  test.each(['OPTIONS *', 'TRACK /graphql', 'GET \\evil'])('%s', async (line) => {
    expect(await raw(bare(line))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  test.each([
    'Transfer-Encoding : chunked\r\n',
    'Transfer-Encoding: chunked, identity\r\n',
    'Transfer-Encoding: identity\r\n',
    'X-A: b\r\n c\r\n',
    'X-A: b\0c\r\n',
    'Content-Length: +3\r\n',
  ])('with the header %j, by which two servers could disagree on where it ends', async (more) => {
    expect(await raw(posting({ more }))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })
})

test('no path leads around a route, and none is read as a file’s', async () => {
  for (const path of ['/graphql/', '/graphql;x', '/GraphQL', '/%67raphql', '//evil.example/graphql']) {
    expect(await raw(posting({ path })), path).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  }
  const dead: Record<string, string> = {}
  for (const path of [
    '/pay/%zz',
    '/pay/%ff%fe',
    '/pay/%00',
    '/pay/..%2f..%2f',
    '/documents/..%2f..%2fetc/passwd',
    '/documents/statement?link=%00',
  ]) {
    const { status, text } = await raw(bare(`GET ${path}`))
    expect(status, path).toBe(404)
    dead[path] = text
  }
  for (const text of Object.values(dead)) expect(text).toContain('This link cannot be used')
  expect((await raw(bare('GET /pay/assets/../../package.json'))).status).toBe(404)
})

test('headers that ask for another way of talking are not listened to', async () => {
  for (const more of [
    'Upgrade: websocket\r\n',
    'Expect: 100-continue\r\n',
    'X-HTTP-Method-Override: DELETE\r\n',
    'Range: bytes=0-1\r\nIf-None-Match: *\r\n',
  ]) {
    expect((await raw(posting({ more }))).text, more).toContain('{"data":{"__typename":"Query"}}')
  }
  expect((await raw(posting({ more: 'Accept: ;;;q=,,/\r\n' }))).code).toBe('NOT_ACCEPTABLE')
  expect((await raw(posting({ more: 'Content-Type: text/plain\r\n' }))).code).toBe('UNSUPPORTED_MEDIA_TYPE')
})

const deep = (open: string, close: string, times: number) => open.repeat(times) + close.repeat(times)

test.each([
  ['bytes that are no UTF-8', Buffer.from([...Buffer.from('{"query":"'), 0xff, 0xc0, ...Buffer.from('"}')])],
  ['UTF-16', Buffer.from(ASKED, 'utf16le')],
  ['a list as its variables', '{"query":"{ __typename }","variables":[]}'],
  ['a prototype', '{"__proto__":{},"query":"{ __typename }"}'],
  ['no document, but its hash', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}'],
  [
    'a list a hundred thousand deep',
    `{"query":"query($p:[RetainerPhase!]) { matters(filter:{phases:$p}) { nodes { id } } }","variables":{"p":${deep('[', ']', 100_000)}}}`,
  ],
  [
    'an object fifty thousand deep',
    `{"query":"query($f:MatterFilter) { matters(filter:$f) { nodes { id } } }","variables":{"f":${'{"phase":'.repeat(50_000)}1${'}'.repeat(50_000)}}}`,
  ],
  [
    'an integer of thirty digits',
    `{"query":"query($n:Int) { matters(first:$n) { nodes { id } } }","variables":{"n":${'9'.repeat(30)}}}`,
  ],
  [
    'a number beyond all numbers',
    '{"query":"query($n:Int) { matters(first:$n) { nodes { id } } }","variables":{"n":1e400}}',
  ],
  ['@defer', '{"query":"{ viewer { ... @defer { subject } } }"}'],
  ['@stream', '{"query":"{ matters { nodes @stream { id } } }"}'],
  ['a batch', `[${ASKED},${ASKED}]`],
  [
    'fragments that spread each other',
    '{"query":"{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...C } fragment C on Viewer { ...A }"}',
  ],
  ['a fragment that spreads itself, unused', '{"query":"{ __typename } fragment A on Viewer { ...A }"}'],
  ['two thousand __typename', JSON.stringify({ query: `{ ${'__typename '.repeat(2_000)} }` })],
  [
    'sixty aliases in a fragment',
    JSON.stringify({
      query: `{ viewer { ...A } } fragment A on Viewer { ${Array.from({ length: 60 }, (_, n) => `a${n}: subject`).join(' ')} }`,
    }),
  ],
  ['an operation that is a prototype’s', '{"query":"{ __typename }","operationName":"__proto__"}'],
])('a body with %s is answered with a code of the client’s, and nothing of the engine’s words', async (_, body) => {
  const { status, code, text } = await raw(posting({ body }))
  expect(status, text).toBeLessThan(500)
  expect(ERROR_CODES).toContain(code)
  expect(['INTERNAL_SERVER_ERROR', 'TEMPORARILY_UNAVAILABLE', 'TIMED_OUT']).not.toContain(code)
  expect(text).not.toContain('originalError')
})

test('commands behind aliases in fragments are each counted before one is carried out', async () => {
  const commands = (name: string) =>
    Array.from({ length: 15 }, (_, n) => `${name}${n}: startReconciliation(input: $input) { __typename }`).join(' ')
  const query = `mutation ($input: StartReconciliationInput!) { ...A ...B }
    fragment A on Mutation { ${commands('a')} } fragment B on Mutation { ${commands('b')} }`
  const body = JSON.stringify({ query, variables: { input: { idempotencyKey: crypto.randomUUID() } } })
  expect(await raw(posting({ body }))).toMatchObject({ status: 400, code: 'QUERY_TOO_COSTLY' })
})

test('what a URL carries beside the document is checked as a body’s is', async () => {
  const query = 'query=%7B__typename%7D'
  for (const more of ['variables=[]', 'variables=5', 'variables={', 'extensions={', 'variables=%00']) {
    expect(await raw(getting(`/graphql?${query}&${more}`)), more).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  }
  for (const more of ['variables=null', 'extensions=null&operationName=', 'query=%7Bnope%7D']) {
    expect((await raw(getting(`/graphql?${query}&${more}`))).text, more).toContain('"data"')
  }
})

test('nothing of all this was a fault of ours', () => {
  expect(api.logged()).not.toContain('"level":50')
  expect(edge.logged()).not.toContain('"level":50')
})
