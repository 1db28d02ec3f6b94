import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Resend } from 'resend'
import { afterEach, expect, test } from 'vitest'
import { openEndpoint, until } from '../far-side/endpoint.ts'
import { runToEnd, startProgram } from '../far-side/program.ts'
import { API_KEY, mail, WEBHOOK_SECRET } from './harness.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

test('SIGKILL after a mail was accepted loses nothing: its id stands and its events arrive', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'outbox-'))
  cleanUp.push(() => rmSync(dataDir, { recursive: true }))
  const endpoint = await openEndpoint((nth) => (nth <= 2 ? 503 : 200))
  cleanUp.push(endpoint.close)
  const env = {
    DATA_DIR: dataDir,
    OUTBOX_PORT: '0',
    RESEND_WEBHOOK_SECRET: WEBHOOK_SECRET,
    RESEND_WEBHOOK_URL: endpoint.url,
  }

  const first = await startProgram('outbox/main.ts', env)
  cleanUp.push(() => first.child.kill('SIGKILL'))
  const send = (url: string) => new Resend(API_KEY, { baseUrl: url }).emails.send(mail(), { idempotencyKey: 'k1' })
  const sent = await send(first.url)
  expect(sent.error).toBeNull()
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')

  const second = await startProgram('outbox/main.ts', env)
  cleanUp.push(() => second.child.kill('SIGKILL'))
  expect((await fetch(`${second.url}/healthz`)).status).toBe(200)
  expect((await send(second.url)).data).toEqual(sent.data)
  await until(async () => {
    const rows = (await (await fetch(`${second.url}/_control/deliveries`)).json()) as { state: string }[]
    return rows.length === 2 && rows.every((row) => row.state === 'delivered')
  })
  expect(new Set(endpoint.types())).toEqual(new Set(['email.sent', 'email.delivered']))
  second.child.kill('SIGTERM')
  expect(await once(second.child, 'exit')).toEqual([0, null])
})

test('without its settings the program says which one is missing and ends with 1', async () => {
  const { code, errors } = await runToEnd('outbox/main.ts', { RESEND_WEBHOOK_URL: 'http://127.0.0.1:9' })
  expect(code).toBe(1)
  expect(errors).toContain('RESEND_WEBHOOK_SECRET')
})
