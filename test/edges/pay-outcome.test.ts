import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { startEdge, visit } from './edge.ts'
import { type Paying, startPaying, text } from './paying.ts'

let paying: Paying
beforeAll(async () => {
  paying = await startPaying()
})
afterAll(() => paying?.stop())

test('R12: the thank-you page shows the posting once it has happened, and what is still due', async () => {
  const { token, pageIsMade, clientPays } = await paying.matter()
  const { attemptId } = await paying.pay(token, { choice: 'other', amount: '900' })
  await pageIsMade(attemptId)
  const thanksUrl = `${paying.payUrl(token)}/thanks/${attemptId}`
  const before = await text(thanksUrl)
  expect(before).toContain('is being posted')
  expect(before).toContain('http-equiv="refresh"')
  expect(before).toContain('$900.00')

  const paymentId = await clientPays(90_000n, attemptId)
  const after = await text(thanksUrl)
  expect(after).toContain('is posted to your retainer')
  expect(after).toMatch(/Retainer balance[^$]*\$900\.00/)
  expect(after).toMatch(/Still due[^$]*\$100\.00/)
  expect(after).toContain(paymentId)
  expect(after).toMatch(/Posted.*\d{4} at \d{1,2}:\d\d [AP]M E[SD]T/s)
  expect(after).not.toContain('http-equiv="refresh"')
  const again = await visit(`${paying.payUrl(token)}/opening/${attemptId}`)
  expect(again.headers.get('location')).toBe(`/pay/${token}/thanks/${attemptId}`)
})

test('R12: each of two payments of a request thanks for its own', async () => {
  const { token, pageIsMade, clientPays } = await paying.matter()
  const pages: string[] = []
  for (const amount of [25_000n, 75_000n]) {
    const { attemptId } = await paying.pay(token, { choice: 'other', amount: String(amount / 100n) })
    await pageIsMade(attemptId)
    await clientPays(amount, attemptId)
    pages.push(`${paying.payUrl(token)}/thanks/${attemptId}`)
  }
  const [first = '', second = ''] = await Promise.all(pages.map(text))
  expect(first).toMatch(/You paid[^$]*\$250\.00/)
  expect(second).toMatch(/You paid[^$]*\$750\.00/)
  expect(second).toMatch(/Retainer balance[^$]*\$1,000\.00/)
  expect(second).not.toContain('Still due')
  expect(first).toMatch(/Retainer balance now[^$]*\$1,000\.00/)
})

test('R18: a client who looks again after the payment was taken back reads so, with balance and due of now', async () => {
  const { token, pageIsMade, clientPays, requestId: _, ...ids } = await paying.matter()
  const { attemptId } = await paying.pay(token, { choice: 'other', amount: '900' })
  await pageIsMade(attemptId)
  const paymentId = await clientPays(90_000n, attemptId)
  const payment = { paymentId, providerAccount: 'platform', paymentVersion: 99, unappliedMinor: 0n }
  const taken = { kind: 'paymentReversed', disputeId: `dp_${attemptId}`, amountMinor: 90_000n, ...payment } as const
  await paying.books.tell(ids, taken)
  const page = await text(`${paying.payUrl(token)}/thanks/${attemptId}`)
  expect(page).toContain('Your payment was taken back')
  expect(page).not.toContain('is posted to your retainer')
  expect(page).toMatch(/Taken back by the bank[^$]*\$900\.00/)
  expect(page).toMatch(/Retainer balance now[^$]*\$0\.00/)
  expect(page).toMatch(/Still due now[^$]*\$1,000\.00/)
})

test('R20: a payment that arrives after closing is not called on its way', async () => {
  const { token, pageIsMade, clientPays, send } = await paying.matter()
  const { attemptId } = await paying.pay(token)
  await pageIsMade(attemptId)
  await send({ kind: 'closeMatter' })
  await clientPays(100_000n, attemptId)
  const page = await text(`${paying.payUrl(token)}/thanks/${attemptId}`)
  expect(page).toContain('Your payment has arrived.')
  expect(page).not.toContain('business days')
  expect(page).not.toContain('is posted to your retainer')
})

test('R13: a bank debit on its way thanks without a posting, and with it when it has settled', async () => {
  const { token, pageIsMade, requestId, ...ids } = await paying.matter()
  const { attemptId } = await paying.pay(token)
  await pageIsMade(attemptId)
  const payment = { paymentId: `pi_${attemptId}`, amountMinor: 100_000n, attemptId }
  await paying.books.tell(ids, { kind: 'paymentPending', ...payment }, `payment:${payment.paymentId}:pending`)
  const thanksUrl = `${paying.payUrl(token)}/thanks/${attemptId}`
  expect(await text(thanksUrl)).toContain('Your payment is on its way')
  const covered = await text(paying.payUrl(token))
  expect(covered).toContain('Nothing is due: a bank payment that covers this request is on its way.')
  expect(covered).not.toContain('<form')
  const booking = { providerAccount: 'platform', requestId, method: 'BANK_DEBIT', feeMinor: null } as const
  const settled = { kind: 'paymentSettled', ...payment, ...booking } as const
  await paying.books.tell(ids, settled, `payment:${payment.paymentId}:settled`)
  expect(await text(thanksUrl)).toMatch(/Retainer balance[^$]*\$1,000\.00/)
})

test('R10: a withdrawal while the provider’s page is being opened is never followed to that page', async () => {
  const { token, pageIsMade, send: command } = await paying.matter()
  const { location, attemptId } = await paying.pay(token)
  const waiting = visit(`${paying.edge.url}${location}`)
  await command({ kind: 'withdrawRequest' })
  await pageIsMade(attemptId)
  const answer = await waiting
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('This request was withdrawn')
})

test('an attempt that was replaced by a newer one leads back to the payment page', async () => {
  const { token } = await paying.matter()
  const first = await paying.pay(token)
  await paying.pay(token)
  const answer = await visit(`${paying.edge.url}${first.location}`)
  expect(answer.status).toBe(409)
  expect(await answer.text()).toContain(`href="/pay/${token}"`)
})

test('a payment page whose session has run out leads back to the payment page', async () => {
  const { token, pageIsMade } = await paying.matter()
  const { location, attemptId } = await paying.pay(token)
  await pageIsMade(attemptId)
  await paying.database.owner
    .updateTable('attempt')
    .set({ expires_at: new Date(0) })
    .where('id', '=', attemptId)
    .execute()
  expect((await visit(`${paying.edge.url}${location}`)).status).toBe(409)
})

test('a page that takes long to open is shown as being opened, and looks again by itself', async () => {
  const { token } = await paying.matter()
  const { location } = await paying.pay(token)
  const started = performance.now()
  const page = await until('the wait ends', () => text(`${paying.edge.url}${location}`))
  expect(performance.now() - started).toBeGreaterThan(7_500)
  expect(page).toContain(`url=${location}`)
  expect(page).toContain('Nothing has been charged yet')
})

test('while the database is away nobody who may have paid is told otherwise', async () => {
  const away = new URL(paying.database.apiUrl)
  away.port = '1'
  const broken = await startEdge(away.toString())
  try {
    const thanks = await visit(`${paying.payUrl('t', broken)}/thanks/${randomUUID()}`)
    expect(thanks.status).toBe(503)
    expect(await thanks.text()).not.toContain('not been charged')
    expect(await (await visit(paying.payUrl('t', broken))).text()).toContain('not been charged')
  } finally {
    await broken.close()
  }
})
