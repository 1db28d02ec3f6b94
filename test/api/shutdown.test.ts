import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { startLiveRig } from './live-rig.ts'

let rig: Awaited<ReturnType<typeof startLiveRig>>
beforeAll(async () => {
  rig = await startLiveRig()
})
afterAll(() => rig?.close())

test('a process that is told to end answers what it took, also a command whose matter does not answer, and takes no more', async () => {
  const api = await rig.startProcess()
  const { gid: matterId } = await rig.matter()
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${await rig.token(60, ['ADMIN'])}`,
  }
  const query = 'mutation ($input: CreateOnlineInput!) { createOnline(input: $input) { __typename } }'
  const variables = { input: { idempotencyKey: randomUUID(), matterId } }
  let answered = false
  // Nothing listens where this process looks for the engine.
  const asked = fetch(api.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  asked.then(
    () => (answered = true),
    () => undefined,
  )
  await until('the process knows who asks', async () => {
    const probe = await fetch(api.url, { method: 'POST', headers, body: '{"query":"{ viewer { subject } }"}' })
    return probe.status === 200
  })
  expect(answered, 'it waits for the matter').toBe(false)
  const toldAt = performance.now()
  const ended = api.end('SIGTERM')
  const answer = await asked
  expect(await answer.json()).toMatchObject({
    data: null,
    errors: [{ extensions: { code: 'COMMAND_UNANSWERED', requestId: answer.headers.get('x-request-id') } }],
  })
  expect(await ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - toldAt).toBeLessThan(14_000)
  await expect(fetch(api.url, { method: 'POST', headers, body: '{}' })).rejects.toThrow()
})
