import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RateLimitSettings, rateLimits } from '../../../src/api/limits/rate-limits.ts'
import { type Api, options, startApi } from '../support.ts'

const MUCH = 1_000
const limited = (settings: Partial<RateLimitSettings>) =>
  rateLimits({ queries: MUCH, commands: MUCH, createOnline: MUCH, payLink: MUCH, payAddress: MUCH, ...settings })

let api: Api
beforeAll(async () => {
  api = await startApi({ rateLimits: limited({ queries: 5, commands: 5 }) })
})
afterAll(() => api?.close())

/** Asks as `subject`; the answer's status, when to come again, and its first code. */
async function ask(query: string, subject: string, variables: object = {}, firm = api.firm) {
  const viewer = { ...api.viewerOf({ firm }), subject }
  const response = await api.handle(api.request(query, variables, { 'x-viewer': JSON.stringify(viewer) }), api.log)
  const { errors } = await response.json()
  return { status: response.status, retryAfter: response.headers.get('retry-after'), error: errors?.[0]?.extensions }
}

const QUERY = '{ viewer { subject } }'
const command = (times: number) =>
  `mutation ($input: UpdateClientInput!) { ${Array.from({ length: times }, (_, nth) => `c${nth}: updateClient(input: $input) { __typename }`).join(' ')} }`

async function untilLimited(send: () => ReturnType<typeof ask>) {
  for (let answered = 0; ; answered++) {
    const answer = await send()
    if (answer.error?.code === 'RATE_LIMITED') return { answered, ...answer }
  }
}

describe('a person who asks too often is told when to come again', () => {
  test('with queries; commands and other people go on', async () => {
    const refused = await untilLimited(() => ask(QUERY, 'ada'))
    expect(refused).toMatchObject({ answered: 5, status: 429, error: { retryAfterS: expect.any(Number) } })
    expect(Number(refused.retryAfter)).toBeGreaterThan(0)
    expect((await ask(QUERY, 'grace')).error).toBeUndefined()
    expect((await ask(command(1), 'ada', { input: {} })).error.code).toBe('BAD_USER_INPUT')
  })

  test('with what never becomes an operation, which is read and checked all the same', async () => {
    const refused = await untilLimited(() => ask('{ nothing }', 'eve'))
    expect(refused).toMatchObject({ answered: 10, status: 429, error: { retryAfterS: expect.any(Number) } })
    expect(Number(refused.retryAfter)).toBeGreaterThan(0)
  })

  test('with commands, each of a document counted; nothing of the refused ones is done', async () => {
    const clientId = Buffer.from(`Client:${api.firm.clientId}`).toString('base64')
    const input = () => ({ input: { idempotencyKey: randomUUID(), clientId, name: 'Ada Lovelace' } })
    expect((await ask(command(5), 'mary', input())).error).toBeUndefined()
    const renamed = { input: { ...input().input, name: 'Not Ada' } }
    expect(await ask(command(1), 'mary', renamed)).toMatchObject({ status: 429, error: { code: 'RATE_LIMITED' } })
    const { name } = await api.database.owner.selectFrom('client').select('name').executeTakeFirstOrThrow()
    expect(name).toBe('Ada Lovelace')
  })
})

test('R3: a client is not mailed over and over: Create online of one matter is damped, a repetition of one is not', async () => {
  const asked = await startApi({ rateLimits: limited({ createOnline: 3 }) })
  const { gid: matterId } = await asked.matter()
  await asked.mutate('updateMatterBillingOptions', { matterId, ...options('1000') }, '__typename')
  const create = (idempotencyKey: string, id = matterId) =>
    asked.ask('mutation ($input: CreateOnlineInput!) { createOnline(input: $input) { __typename } }', {
      input: { idempotencyKey, matterId: id },
    })
  const first = randomUUID()
  for (const key of [first, first, first, first, randomUUID(), randomUUID()]) {
    expect((await create(key)).data).toEqual({ createOnline: { __typename: 'CreateOnlinePayload' } })
  }
  const { data, errors } = await create(randomUUID())
  expect(data).toBeNull()
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterS: expect.any(Number) })
  expect((await create(first)).errors, 'what was answered once is answered again').toBeUndefined()
  const other = await asked.matter()
  expect((await create(randomUUID(), other.gid)).errors).toBeUndefined()
  await asked.close()
})

test('a person has so many streams open and no more; one that ends makes room', async () => {
  const watch = 'subscription ($matterId: ID!) { retainerEvents(matterId: $matterId) { sequence } }'
  const busy = await startApi({ rateLimits: limited({}) })
  const matter = await busy.matter()
  const open = () => {
    const headers = { accept: 'text/event-stream', 'x-viewer': JSON.stringify(busy.viewerOf({})) }
    return busy.handle(busy.request(watch, { matterId: matter.gid }, headers), busy.log)
  }
  const streams = await Promise.all(Array.from({ length: 100 }, open))
  expect(streams.every(({ status }) => status === 200)).toBe(true)
  const refused = await open()
  expect(refused.status).toBe(429)
  expect(await refused.text()).toContain('TOO_MANY_STREAMS')
  for (const { body } of streams) await body?.cancel()
  const again = await open()
  expect(again.status).toBe(200)
  await again.body?.cancel()
  await busy.close()
})
