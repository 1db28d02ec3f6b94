import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openEndpoint, until } from '../far-side/endpoint.ts'
import { mail, openOutbox, WEBHOOK_SECRET } from './harness.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

async function open(answer?: (nth: number) => number) {
  const endpoint = await openEndpoint(answer)
  const opened = await openOutbox({ webhookUrl: endpoint.url })
  cleanUp.push(endpoint.close, opened.outbox.close)
  return { endpoint, ...opened }
}

test('sent and delivered are told by webhooks that the official client verifies', async () => {
  const { endpoint, resend } = await open()
  const { data } = await resend.emails.send(mail())
  await until(() => endpoint.received.length === 2)
  const events = endpoint.received.map(({ body, header }) => {
    const headers = { id: header('svix-id'), timestamp: header('svix-timestamp'), signature: header('svix-signature') }
    return resend.webhooks.verify({ payload: body, headers, webhookSecret: WEBHOOK_SECRET })
  })
  expect(events.map((event) => event.type).sort()).toEqual(['email.delivered', 'email.sent'])
  for (const event of events)
    expect(event.data).toMatchObject({ email_id: data?.id, to: ['client@example.com'], tags: { kind: 'request' } })
  expect(new Set(endpoint.received.map(({ header }) => header('svix-id'))).size).toBe(2)
})

test.each([
  ['bounced@resend.dev', ['email.bounced', 'email.sent'], { bounce: { type: 'Permanent' } }],
  ['bounce+label@firm.example', ['email.bounced', 'email.sent'], {}],
  ['anyone@bounce.test', ['email.bounced', 'email.sent'], {}],
  ['listed@example.com', ['email.bounced', 'email.sent'], {}],
  ['complained@resend.dev', ['email.complained', 'email.delivered', 'email.sent'], {}],
  ['suppressed@resend.dev', ['email.suppressed'], { suppressed: { type: 'OnAccountSuppressionList' } }],
  ['delivered@resend.dev', ['email.delivered', 'email.sent'], {}],
])('a mail to %s ends in %j', async (to, types, detail) => {
  const { endpoint, resend, faults } = await open()
  await faults({ bounceAddresses: ['Listed@example.com'] })
  const { data } = await resend.emails.send(mail({ to }))
  await until(() => endpoint.received.length === types.length)
  expect(endpoint.types().sort()).toEqual(types)
  const first = endpoint.received.find(({ type }) => type === types[0])
  expect(JSON.parse(first?.body ?? '')).toMatchObject({ data: detail })
  expect((await resend.emails.get(data?.id ?? '')).data?.last_event).toBe(types[0]?.slice('email.'.length))
})

test('a webhook that is not answered by 2xx is sent again with the same svix-id', async () => {
  const { endpoint, resend, faults } = await open((nth) => (nth < 3 ? 500 : 200))
  await faults({ webhooks: { types: ['email.delivered'], drop: true } })
  await resend.emails.send(mail())
  await until(() => endpoint.received.length === 3)
  expect(new Set(endpoint.received.map(({ header }) => header('svix-id'))).size).toBe(1)
})

test('faults: duplicated, reversed, failing, and answered by nothing although it was sent', async () => {
  const { endpoint, resend, faults, emails } = await open()
  await faults({ webhooks: { duplicate: true, holdAndReverse: 4 } })
  await resend.emails.send(mail())
  await until(() => endpoint.received.length === 4)
  expect(endpoint.types()).toEqual(['email.delivered', 'email.delivered', 'email.sent', 'email.sent'])

  await faults({ calls: [{ path: '/emails', times: 2, effect: { kind: 'fail', status: 503 } }] })
  for (let i = 0; i < 2; i += 1) expect((await resend.emails.send(mail())).error).toMatchObject({ statusCode: 503 })
  expect(await emails()).toHaveLength(1)

  for (const effect of [
    { kind: 'disconnect', afterActing: true },
    { kind: 'hang', afterActing: true },
  ]) {
    await faults({ calls: [{ path: '/emails', effect }] })
    const taken = (await emails()).length + 1
    const caller = new AbortController()
    const sending = resend.emails.send(mail(), { idempotencyKey: effect.kind, signal: caller.signal })
    await until(async () => (await emails()).length === taken)
    if (effect.kind === 'hang') caller.abort()
    expect(await sending).toMatchObject({ data: null, error: { statusCode: null } })
    const again = await resend.emails.send(mail(), { idempotencyKey: effect.kind })
    expect(again.data?.id).toBe((await emails()).at(-1)?.id)
  }
  expect(await emails()).toHaveLength(3)
})

test('a restart with the same file keeps the mail and goes on telling', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-'))
  cleanUp.push(() => rmSync(folder, { recursive: true }))
  const statePath = join(folder, 'state.sqlite')
  const before = await openOutbox({ statePath, webhookUrl: 'http://127.0.0.1:9/nobody' })
  const sent = await before.resend.emails.send(mail(), { idempotencyKey: 'k1' })
  await before.outbox.close()

  const endpoint = await openEndpoint()
  const after = await openOutbox({ statePath, webhookUrl: endpoint.url })
  cleanUp.push(endpoint.close, after.outbox.close)
  await until(() => endpoint.received.length === 2)
  expect((await after.resend.emails.send(mail(), { idempotencyKey: 'k1' })).data).toEqual(sent.data)
  expect(await after.emails()).toHaveLength(1)
})
