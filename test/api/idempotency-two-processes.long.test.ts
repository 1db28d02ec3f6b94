import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLiveRig } from './live-rig.ts'
import type { Picked } from './support.ts'

let rig: Awaited<ReturnType<typeof startLiveRig>>
beforeAll(async () => {
  rig = await startLiveRig()
})
afterAll(() => rig?.close())

test('one key at two API processes at once, and after both were replaced: filed once, answered alike, other input refused', async () => {
  const first = await Promise.all([rig.startProcess(), rig.startProcess()])
  const authorization = `Bearer ${await rig.token(60, ['ADMIN'])}`
  async function file(url: string, idempotencyKey: string, name: string): Promise<Picked> {
    const query =
      'mutation ($input: CreateClientInput!) { createClient(input: $input) { __typename ... on CreateClientPayload { client { id name } } } }'
    const variables = { input: { idempotencyKey, name, email: 'ada@client.example' } }
    const headers = { 'content-type': 'application/json', authorization }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    return (await response.json()).data.createClient
  }
  const keys = Array.from({ length: 10 }, () => randomUUID())
  const same = await Promise.all(
    keys.map((key) =>
      Promise.all(first.flatMap(({ url }) => [file(url, key, `Ada ${key}`), file(url, key, `Ada ${key}`)])),
    ),
  )
  for (const answers of same) {
    expect(answers).toEqual(answers.map(() => answers[0]))
    expect(answers[0]).toMatchObject({ __typename: 'CreateClientPayload' })
  }
  const raced = randomUUID()
  const two = await Promise.all(first.map(({ url }, nth) => file(url, raced, `Grace ${nth}`)))
  expect(new Set(two.map(({ __typename }) => __typename))).toEqual(
    new Set(['CreateClientPayload', 'IdempotencyKeyReused']),
  )

  await Promise.all(first.map((each) => each.end('SIGTERM')))
  const later = await rig.startProcess()
  for (const [nth, key] of keys.entries()) {
    expect(await file(later.url, key, `Ada ${key}`)).toEqual(same[nth]?.[0])
    expect(await file(later.url, key, 'Somebody else')).toMatchObject({ __typename: 'IdempotencyKeyReused' })
  }
  const filed = await rig.owner.selectFrom('client').select('name').where('email', '=', 'ada@client.example').execute()
  expect(filed).toHaveLength(keys.length + 1)
  await later.end('SIGTERM')
})
