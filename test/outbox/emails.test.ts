import { Resend } from 'resend'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { API_KEY, listEmails, mail, openOutbox } from './harness.ts'

let opened: Awaited<ReturnType<typeof openOutbox>>
beforeAll(async () => {
  opened = await openOutbox()
})
afterAll(() => opened.outbox.close())

test('a mail is accepted, read back, listed, and shown with its parts', async () => {
  const { outbox, resend } = opened
  const sent = await resend.emails.send(mail({ to: ['reader@example.com', 'Second <second@example.com>'] }))
  const id = sent.data?.id ?? ''
  const { data } = await resend.emails.get(id)
  expect(data).toMatchObject({
    object: 'email',
    id,
    from: 'Smith & Partners <retainers@smith.example>',
    to: ['reader@example.com', 'Second <second@example.com>'],
    reply_to: ['office@smith.example'],
    cc: null,
    last_event: 'delivered',
    tags: [{ name: 'kind', value: 'request' }],
  })
  expect((await resend.emails.list()).data?.data[0]).toMatchObject({ id })
  expect(await listEmails(outbox, 'second@example.com')).toMatchObject([
    { id, headers: { 'X-Entity-Ref-ID': 'request-1' } },
  ])
  expect(await listEmails(outbox, 'nobody@example.com')).toEqual([])

  const page = async (path: string) => (await fetch(outbox.url + path)).text()
  expect(await page('/')).toContain('Your retainer request')
  expect(await page(`/mails/${id}`)).toContain('&lt;b&gt;$1,000.00&lt;/b&gt;')
  expect(await page(`/mails/${id}?view=text`)).toContain('Please pay $1,000.00.')
  expect(await page(`/mails/${id}?view=headers`)).toContain('X-Entity-Ref-ID: request-1')
})

test('what a mail contains cannot run in the pages', async () => {
  const { outbox, resend } = opened
  const hostile = '<script>alert(1)</script>'
  const { data } = await resend.emails.send(mail({ subject: hostile, html: `"></iframe>${hostile}`, text: hostile }))
  for (const path of ['/', `/mails/${data?.id}`, `/mails/${data?.id}?view=text`])
    expect(await (await fetch(outbox.url + path)).text()).not.toContain('<script>')
  expect(await (await fetch(`${outbox.url}/mails/${data?.id}`)).text()).not.toMatch(/allow-(scripts|same-origin)/)
})

test('the list pages by cursor, newest first', async () => {
  const { resend } = opened
  const ids: (string | undefined)[] = []
  for (let i = 0; i < 3; i += 1) ids.unshift((await resend.emails.send(mail({ subject: `Mail ${i}` }))).data?.id)
  const first = await resend.emails.list({ limit: 2 })
  expect(first.data?.data.map((email) => email.id)).toEqual(ids.slice(0, 2))
  expect(first.data?.has_more).toBe(true)
  const next = await resend.emails.list({ limit: 1, after: ids[1] ?? '' })
  expect(next.data?.data[0]?.id).toBe(ids[2])
})

const FORMAT = /needs to follow the `email@example.com`/
const REFUSALS: [string, object, number, string, RegExp][] = [
  ['no from', { from: undefined }, 422, 'missing_required_field', /`from`/],
  ['no to', { to: undefined }, 422, 'missing_required_field', /`to`/],
  ['no recipient', { to: [] }, 422, 'missing_required_field', /`to`/],
  ['no subject', { subject: '' }, 422, 'missing_required_field', /`subject`/],
  ['neither html nor text', { html: undefined, text: undefined }, 422, 'validation_error', /`html` or `text`/],
  ['a from that is no address', { from: 'Smith & Partners' }, 422, 'validation_error', FORMAT],
  ['a to that is no address', { to: 'client@' }, 422, 'validation_error', FORMAT],
  ['two addresses in one', { to: 'a@example.com, b@example.com' }, 422, 'validation_error', FORMAT],
  ['51 recipients', { to: Array.from({ length: 51 }, (_, i) => `c${i}@example.com`) }, 422, 'validation_error', /50/],
  ['a tag with a space', { tags: [{ name: 'a', value: 'b c' }] }, 422, 'validation_error', /Tags should only/],
  ['a header that smuggles another', { headers: { 'X-A': 'b\r\nBcc: x@y.zz' } }, 422, 'validation_error', /`headers`/],
  [
    'an attachment, which it does not know',
    { attachments: [{ filename: 'a', content: 'b' }] },
    422,
    'validation_error',
    /attachments/,
  ],
]

test.each(REFUSALS)('refuses %s', async (_, change, statusCode, name, message) => {
  const before = (await opened.emails()).length
  const { data, error } = await opened.resend.emails.send(mail(change))
  expect(data).toBeNull()
  expect(error).toMatchObject({ statusCode, name, message: expect.stringMatching(message) })
  expect((await opened.emails()).length).toBe(before)
})

test('a missing key is 401, a wrong one 403, an unknown mail or address 404, malformed JSON 422', async () => {
  const { outbox, resend } = opened
  expect((await fetch(`${outbox.url}/emails`, { method: 'POST', body: '{}' })).status).toBe(401)
  const stranger = new Resend('re_other', { baseUrl: outbox.url })
  expect((await stranger.emails.send(mail())).error).toMatchObject({ statusCode: 403, name: 'invalid_api_key' })
  expect((await resend.emails.get('nope')).error).toMatchObject({ statusCode: 404, name: 'not_found' })
  expect((await resend.domains.list()).error).toMatchObject({ statusCode: 404, name: 'not_found' })
  const headers = { authorization: `Bearer ${API_KEY}` }
  expect((await fetch(`${outbox.url}/emails`, { method: 'POST', body: '{', headers })).status).toBe(422)
})

test('R12: the same key with the same mail gives the same id and sends once', async () => {
  const { resend, emails } = opened
  const before = (await emails()).length
  const first = await resend.emails.send(mail(), { idempotencyKey: 'request-1' })
  const again = await resend.emails.send(mail(), { idempotencyKey: 'request-1' })
  expect(again.data).toEqual(first.data)
  expect((await emails()).length).toBe(before + 1)
})

test('the same key with another mail is 409 invalid_idempotent_request; a key has 1 to 256 characters', async () => {
  const { resend } = opened
  await resend.emails.send(mail(), { idempotencyKey: 'k-other' })
  const other = await resend.emails.send(mail({ subject: 'Another' }), { idempotencyKey: 'k-other' })
  expect(other.error).toMatchObject({ statusCode: 409, name: 'invalid_idempotent_request' })
  const long = await resend.emails.send(mail(), { idempotencyKey: 'x'.repeat(257) })
  expect(long.error).toMatchObject({ statusCode: 400, name: 'invalid_idempotency_key' })
  expect((await resend.emails.send(mail(), { idempotencyKey: 'x'.repeat(256) })).error).toBeNull()
})

test('while the first request is under way, a second with its key is 409 concurrent_idempotent_requests', async () => {
  const { resend, faults } = opened
  await faults({ calls: [{ path: '/emails', effect: { kind: 'delay', delayMs: 2_000 } }] })
  const send = () => resend.emails.send(mail(), { idempotencyKey: 'k-busy' })
  const answers = await Promise.all([send(), send()])
  expect(answers.map(({ error }) => error?.name ?? 'sent').sort()).toEqual(['concurrent_idempotent_requests', 'sent'])
  expect((await send()).error).toBeNull()
})

test('a key is kept for 24 hours', async () => {
  let now = Date.now()
  const { outbox, resend } = await openOutbox({ now: () => now })
  const send = async () => (await resend.emails.send(mail(), { idempotencyKey: 'k1' })).data?.id
  const first = await send()
  now += 23 * 3_600_000
  expect(await send()).toBe(first)
  now += 2 * 3_600_000
  expect(await send()).not.toBe(first)
  await outbox.close()
})

test('over the rate a request is 429 rate_limit_exceeded with retry-after', async () => {
  let now = Date.now()
  const { outbox, resend } = await openOutbox({ ratePerSecond: 2, now: () => now })
  const answers = await Promise.all([1, 2, 3].map(() => resend.emails.send(mail())))
  const refused = answers.filter(({ error }) => error)
  expect(refused).toMatchObject([
    { error: { statusCode: 429, name: 'rate_limit_exceeded' }, headers: { 'retry-after': '1' } },
  ])
  now += 1000
  expect((await resend.emails.send(mail())).error).toBeNull()
  await outbox.close()
})
