import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, startApi } from './support.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

test.each([
  ['nested 20,000 deep', `{${'a{'.repeat(20_000)}`, ['QUERY_TOO_DEEP', 'QUERY_TOO_LONG']],
  [
    'with a list nested 30,000 deep',
    `query($x: MatterFilter = ${'['.repeat(30_000)}) { viewer { subject } }`,
    ['QUERY_TOO_DEEP', 'QUERY_TOO_LONG'],
  ],
  ['of 100,000 fields', `{ viewer { ${'subject '.repeat(100_000)} } }`, ['QUERY_TOO_LONG']],
])('a document %s is a client’s error, with a code', async (_, query, codes) => {
  const { errors } = await api.ask(query)
  expect(errors).toHaveLength(1)
  expect(codes).toContain(errors?.[0]?.extensions?.['code'])
})

test('a sender’s name that no mail can carry is refused before it stops the firm’s mail', async () => {
  const { errors } = await api.ask(
    'mutation ($input: UpdatePracticeSettingsInput!) { updatePracticeSettings(input: $input) { __typename } }',
    { input: { idempotencyKey: crypto.randomUUID(), senderName: 'Evil" <a@b.example>, "x' } },
  )
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'senderName' })
})
