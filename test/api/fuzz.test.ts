import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schema } from '../../schema/index.ts'
import { ERROR_CODES } from '../../src/api/error-codes.ts'
import { startEdge } from '../edges/edge.ts'
import { operationsOf } from './fuzz/operations.ts'
import { populate } from './fuzz/populated.ts'
import type { Known } from './fuzz/values.ts'
import { type Api, type Picked, startApi } from './support.ts'

/** `FUZZ_SECONDS=600 npx vitest run test/api/fuzz.test.ts` looks longer. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 6)
const ROUNDS = 20
const OURS = new Set(['INTERNAL_SERVER_ERROR', 'TEMPORARILY_UNAVAILABLE', 'TIMED_OUT', 'COMMAND_UNANSWERED'])

let api: Api
let known: Known
beforeAll(async () => {
  api = await startApi()
  known = await populate(api)
})
afterAll(() => api?.close())

test(
  'whatever the schema is asked, with real ids of every firm and values of every kind, the answer is never a fault of ours',
  async () => {
    const { operations, unasked } = operationsOf(schema, known)
    const codes = new Map<string, number>()
    let answered = 0
    const { seed = 0 } = fc.readConfigureGlobal()
    // Until time is up and, on a machine that is busy with others, until every field has had its turn.
    for (let round = 0; round < ROUNDS && (round === 0 || unasked().length > 0); round++)
      await fc.assert(
        fc.asyncProperty(operations, async (operation) => {
          const headers = { 'x-viewer': JSON.stringify(api.viewerOf({})) }
          const response = await api.handle(api.request(operation.query, operation.variables, headers), api.log, 'fuzz')
          const { data, errors = [] }: Picked = await response.json()
          const context = JSON.stringify({ operation, errors, logged: api.logged().slice(-3_000) }).slice(0, 20_000)
          expect(response.status, context).toBeLessThan(500)
          expect(data !== undefined || errors.length > 0, context).toBe(true)
          for (const { extensions } of errors) {
            const code = extensions?.code
            expect(ERROR_CODES, context).toContain(code)
            expect(OURS.has(code), context).toBe(false)
            expect(extensions.requestId).toBe('fuzz')
            codes.set(code, (codes.get(code) ?? 0) + 1)
          }
          if (errors.length === 0) answered += 1
        }),
        { seed: seed + round, numRuns: 1_000_000, interruptAfterTimeLimit: SECONDS * 1_000, endOnFailure: true },
      )
    expect(api.logged()).toBe('')
    expect(answered, 'operations without an error').toBeGreaterThan(50)
    if (process.env['FUZZ_SECONDS']) console.info(answered, Object.fromEntries(codes), unasked())
    expect(unasked(), 'fields that were never asked for').toEqual([])
  },
  (SECONDS * ROUNDS + 180) * 1_000,
)

test(
  'whatever is sent to /graphql, by any method, as any kind of body, is answered with a code or a result',
  async () => {
    const edge = await startEdge(api.database.apiUrl, { graphql: api.handle })
    const part = fc.oneof(
      fc.constantFrom(
        '{ __typename }',
        'query A { __typename } query B { viewer { subject } }',
        'mutation { closeMatter }',
        'subscription { retainerEvents(matterId: "x") { sequence } }',
        '{ viewer { subject } } fragment F on Viewer { ...F }',
      ),
      fc.jsonValue({ maxDepth: 3 }),
    )
    const json = fc
      .record({ query: part, variables: part, operationName: part, extensions: part }, { requiredKeys: [] })
      .map((body) => JSON.stringify(body))
    const body = fc.oneof(
      { weight: 4, arbitrary: json },
      fc.tuple(json, fc.nat(60)).map(([text, length]) => text.slice(0, length)),
      json.map((text) => `{"query":1,"query":"{ __typename }",${text.slice(1)}`),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom('[]', '[{"query":"{ __typename }"}]', 'null', '\ufeff{}', '['.repeat(200_000)),
    )
    const init = fc.record({
      method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
      type: fc.constantFrom(
        'application/json',
        'application/json',
        'application/json; charset=utf-16',
        'text/plain',
        'x',
      ),
      accept: fc.constantFrom(
        '*/*',
        'application/json',
        'text/event-stream',
        'multipart/mixed',
        'image/png',
        'application/graphql-response+json',
      ),
      body,
      search: fc.webQueryParameters(),
    })
    await fc.assert(
      fc.asyncProperty(init, async ({ method, type, accept, body: content, search }) => {
        const answer = await fetch(
          `${edge.url}/graphql?${method === 'GET' ? `query=${encodeURIComponent(String(content))}&${search}` : ''}`,
          {
            method,
            headers: { 'content-type': type, accept, 'x-viewer': JSON.stringify(api.viewerOf({})) },
            ...(method !== 'GET' && { body: content }),
          },
        )
        const text = await answer.text()
        expect(answer.status, text).toBeLessThan(500)
        if (!answer.headers.get('content-type')?.includes('json')) return
        for (const { extensions } of JSON.parse(text).errors ?? []) expect(ERROR_CODES, text).toContain(extensions.code)
      }),
      { numRuns: 100_000, interruptAfterTimeLimit: (SECONDS * 1_000) / 3, endOnFailure: true },
    )
    expect(api.logged()).not.toContain('"level":50')
    await edge.close()
  },
  (SECONDS + 180) * 1_000,
)
