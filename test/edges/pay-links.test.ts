import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandUnanswered } from '../../src/api/command-gateway.ts'
import { createFirm } from '../support/firm.ts'
import { noCommands, startEdge, visit } from './edge.ts'
import { requestedMatter } from './matter-on-the-books.ts'
import { formIdOf, type Paying, startPaying, text } from './paying.ts'

let paying: Paying
beforeAll(async () => {
  paying = await startPaying()
})
afterAll(() => paying?.stop())

test('R8, R10: a paid link and a withdrawn link say so, and can open no payment', async () => {
  const paid = await paying.matter()
  const paidForm = formIdOf(await text(paying.payUrl(paid.token)))
  await paid.clientPays(100_000n)
  const withdrawn = await paying.matter()
  const withdrawnForm = formIdOf(await text(paying.payUrl(withdrawn.token)))
  await withdrawn.send({ kind: 'withdrawRequest' })

  expect(await text(paying.payUrl(paid.token))).toContain('This request is paid')
  expect(await text(paying.payUrl(withdrawn.token))).toContain('This request was withdrawn')
  for (const [token, attemptId] of [
    [paid.token, paidForm],
    [withdrawn.token, withdrawnForm],
  ] as const) {
    const { response, page } = await paying.send(token, { choice: 'all', attemptId })
    expect(response.status).toBe(200)
    expect(page).not.toContain('<form')
    expect(page).not.toMatch(/Lovelace|\$/)
  }
  expect([...(await paying.attempts(paid.matterId)), ...(await paying.attempts(withdrawn.matterId))]).toEqual([])
})

test('back from the provider without paying, the page says so', async () => {
  const { token } = await paying.matter()
  expect(await text(`${paying.payUrl(token)}?cancelled=1`)).toContain('You came back without paying')
})

test('a token opens its own request and nothing else: other attempts, other firms, other texts are one and the same 404', async () => {
  const [mine, theirs] = [await paying.matter(), await paying.matter()]
  const otherFirm = await createFirm(paying.database.owner)
  const elsewhere = await requestedMatter(paying.books, paying.database.owner, otherFirm)
  const { attemptId } = await paying.pay(theirs.token)
  const foreign = await paying.pay(elsewhere.token)
  const unknown = await text(paying.payUrl('x'.repeat(43)))
  const paths = [
    'x'.repeat(43),
    'x',
    '%00',
    `${mine.token}x`,
    mine.token.slice(1),
    mine.requestId,
    `${mine.token}/opening/${attemptId}`,
    `${mine.token}/thanks/${attemptId}`,
    `${mine.token}/thanks/${foreign.attemptId}`,
    `${mine.token}/thanks/${randomUUID()}`,
    `${mine.token}/thanks/not-a-uuid`,
    `${mine.token}/elsewhere`,
    '',
  ]
  for (const path of paths) {
    const answer = await visit(paying.payUrl(path))
    expect(answer.status, path).toBe(404)
    expect(await answer.text(), path).toBe(unknown)
  }
  expect((await visit(paying.payUrl('x'.repeat(43)), { choice: 'all' })).status).toBe(404)
  expect(unknown).not.toMatch(/Hart|Lovelace/)
})

test('a matter that does not answer is a page to try again from, and the log tells neither token nor name', async () => {
  const { token } = await paying.matter()
  const unanswered = { send: () => Promise.reject(new CommandUnanswered('no answer')) }
  const broken = { send: () => Promise.reject(new Error(`the client Ada Lovelace at ${token}`)) }
  for (const [commands, status] of [
    [unanswered, 503],
    [broken, 500],
  ] as const) {
    const slow = await startEdge(paying.database.apiUrl, { commands })
    try {
      const answer = await visit(paying.payUrl(token, slow), { choice: 'all', attemptId: randomUUID() })
      expect(answer.status).toBe(status)
      expect(await answer.text()).toMatch(new RegExp(`You have not been charged[\\s\\S]*href="/pay/${token}"`))
      expect(slow.logged()).toContain('/pay/:token')
      expect(slow.logged()).not.toContain(token)
      expect(slow.logged()).not.toContain('Lovelace')
    } finally {
      await slow.close()
    }
  }
})

test('looking is not paying: a GET of any page sends no command', async () => {
  const { token } = await paying.matter()
  const looking = await startEdge(paying.database.apiUrl, { commands: noCommands })
  try {
    for (const path of ['', '?cancelled=1'])
      expect((await visit(`${paying.payUrl(token, looking)}${path}`)).status).toBe(200)
    expect((await fetch(paying.payUrl(token, looking), { method: 'HEAD' })).status).toBe(200)
  } finally {
    await looking.close()
  }
})

test('the pages run no script, are framed nowhere, kept nowhere, and lead to the provider only', async () => {
  const { token } = await paying.matter()
  for (const path of [token, 'x'.repeat(43), `${token}/opening/${randomUUID()}`]) {
    const { headers } = await visit(paying.payUrl(path))
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self' https://checkout.stripe.test; frame-ancestors 'none'; base-uri 'none'",
    )
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-request-id')).toMatch(/^[\w-]+$/)
  }
  const css = await visit(`${paying.edge.url}/pay/assets/pay.css`)
  expect(css.headers.get('content-type')).toContain('text/css')
  expect(css.headers.get('cache-control')).toBe('public, max-age=3600')
})
