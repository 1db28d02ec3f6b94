import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, startApi } from './support.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

async function send(init: RequestInit, query = '') {
  const headers = { 'x-viewer': JSON.stringify(api.viewerOf({})), ...(init.headers as Record<string, string>) }
  const response = await api.handle(new Request(`http://api.test/graphql${query}`, { ...init, headers }), api.log)
  const text = await response.text()
  return { status: response.status, code: text ? JSON.parse(text).errors?.[0]?.extensions.code : undefined }
}

const posting = (body: string, headers: object = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body,
})
const TYPENAME = '{"query":"{ __typename }"}'
const inUrl = (query: string) => `?query=${encodeURIComponent(query)}`

test('a request that is none gets a coded client error, and is none of our log’s business', async () => {
  for (const body of [
    '',
    'nope',
    'null',
    '5',
    `[${TYPENAME}]`,
    '{"query":5}',
    '{"query":"{ __typename }","variables":"x"}',
  ]) {
    expect(await send(posting(body)), body).toEqual({ status: 400, code: 'BAD_REQUEST' })
  }
  expect(await send({ method: 'GET' }, `${inUrl('{ __typename }')}&variables={`)).toEqual({
    status: 400,
    code: 'BAD_REQUEST',
  })
  expect(await send({ method: 'PUT', body: TYPENAME })).toEqual({ status: 405, code: 'METHOD_NOT_ALLOWED' })
  expect(await send(posting(TYPENAME, { accept: 'text/xml' }))).toEqual({ status: 406, code: 'NOT_ACCEPTABLE' })
  expect(api.logged()).toBe('')
})

test('a command is never carried out by GET', async () => {
  const mutation = 'mutation ($input: CreateOnlineInput!) { createOnline(input: $input) { __typename } }'
  const variables = encodeURIComponent(JSON.stringify({ input: { idempotencyKey: 'x', matterId: 'y' } }))
  expect(await send({ method: 'GET' }, `${inUrl(mutation)}&variables=${variables}`)).toEqual({
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
  })
  expect(await send({ method: 'GET' }, inUrl('{ __typename }'))).toEqual({ status: 200, code: undefined })
})

test('a body is JSON and nothing else: no form of another site, and nothing that unpacks to more', async () => {
  const refused = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/xml',
    '',
  ]) {
    expect(await send(posting(TYPENAME, { 'content-type': type })), type).toEqual(refused)
  }
  expect(await send(posting(TYPENAME, { 'content-encoding': 'gzip' }))).toEqual(refused)
  expect((await send(posting(TYPENAME, { 'content-type': 'application/json; charset=utf-8' }))).status).toBe(200)
})
