import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openEndpoint, until } from '../far-side/endpoint.ts'
import { runToEnd, startProgram } from '../far-side/program.ts'
import { SandboxControls } from '../support/sandbox-controls.ts'
import { client, debit, pay, sessionParams, WEBHOOK_SECRET } from './harness.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

test('SIGKILL after the payer was sent on loses nothing: the payment stands and its events arrive', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-'))
  cleanUp.push(() => rmSync(dataDir, { recursive: true }))
  const endpoint = await openEndpoint((nth) => (nth <= 4 ? 503 : 200))
  cleanUp.push(endpoint.close)
  const env = {
    DATA_DIR: dataDir,
    STRIPE_SANDBOX_PORT: '0',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_WEBHOOK_URL: endpoint.url,
  }

  const first = await startProgram('sandbox/main.ts', env)
  cleanUp.push(() => first.child.kill('SIGKILL'))
  const session = await client(first.url).checkout.sessions.create(sessionParams())
  expect((await pay(session)).status).toBe(303)
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')

  const second = await startProgram('sandbox/main.ts', env)
  cleanUp.push(() => second.child.kill('SIGKILL'))
  expect((await fetch(`${second.url}/healthz`)).status).toBe(200)
  expect((await client(second.url).checkout.sessions.retrieve(session.id)).payment_status).toBe('paid')
  await until(async () => {
    const rows = (await (await fetch(`${second.url}/_control/deliveries`)).json()) as { state: string }[]
    return rows.length === 4 && rows.every((row) => row.state === 'delivered')
  })
  expect(new Set(endpoint.types()).size).toBe(4)
  second.child.kill('SIGTERM')
  expect(await once(second.child, 'exit')).toEqual([0, null])
})

test('SIGKILL loses neither what is planned nor how the sandbox behaves, and nothing happens twice', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-'))
  cleanUp.push(() => rmSync(dataDir, { recursive: true }))
  const env = {
    DATA_DIR: dataDir,
    STRIPE_SANDBOX_PORT: '0',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_WEBHOOK_URL: 'http://127.0.0.1:9/nobody',
  }
  const first = await startProgram('sandbox/main.ts', env)
  cleanUp.push(() => first.child.kill('SIGKILL'))
  const before = new SandboxControls(first.url)
  await before.behaves({ debitSettlesAfterMs: 1500, refundSettlesAfterMs: null, nextRefunds: ['short_of_balance'] })
  const session = await client(first.url).checkout.sessions.create({
    ...sessionParams(),
    allowed_payment_method_types: ['us_bank_account'],
  })
  expect((await debit(session)).status).toBe(303)
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')

  const second = await startProgram('sandbox/main.ts', env)
  cleanUp.push(() => second.child.kill('SIGKILL'))
  const [stripe, controls] = [client(second.url), new SandboxControls(second.url)]
  await until(async () => (await stripe.checkout.sessions.retrieve(session.id)).payment_status === 'paid')
  const payment_intent = (await stripe.checkout.sessions.retrieve(session.id)).payment_intent as string
  await expect(controls.debitSettles(payment_intent)).rejects.toThrow('not on its way')
  expect(await stripe.refunds.create({ payment_intent })).toMatchObject({ balance_transaction: null })
  expect(await controls.payOut()).toMatchObject([{ amount: 99_500 }])
  expect(await controls.payOut()).toEqual([])
})

test('without its settings the program says which one is missing and ends with 1', async () => {
  const { code, errors } = await runToEnd('sandbox/main.ts', { STRIPE_WEBHOOK_URL: 'http://127.0.0.1:9' })
  expect(code).toBe(1)
  expect(errors).toContain('STRIPE_WEBHOOK_SECRET')
})
