import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NO_OPTIONS } from '../../src/domain/options.ts'
import { visit } from './edge.ts'
import { PROVIDER_PAGE } from './matter-on-the-books.ts'
import { formIdOf, type Paying, startPaying, text } from './paying.ts'

let paying: Paying
beforeAll(async () => {
  paying = await startPaying()
})
afterAll(() => paying?.stop())

/** A matter 40 cents below zero, which is to have the largest amount that can be asked for: $1,000,000.39 are due. */
async function owingMoreThanTheLargest() {
  const matter = await paying.matter()
  const { firmId, matterId, send, clientPays } = matter
  const most = 99_999_999n
  const replenishment = { enabled: true, minimumBalanceMinor: most, topUpTriggerMinor: most }
  const options = { ...NO_OPTIONS, enabled: true, initialAmountMinor: 100_000n, replenishment }
  await send({ kind: 'saveOptions', currency: 'USD', options })
  const paymentId = await clientPays(100_000n)
  const invoice = { invoiceId: randomUUID(), number: '1', currency: 'USD', amountMinor: 100_000n } as const
  await send({ kind: 'recordInvoice', ...invoice })
  const payment = { paymentId, providerAccount: 'platform', paymentVersion: 3, unappliedMinor: 0n }
  const reversed = { kind: 'paymentReversed', disputeId: randomUUID(), amountMinor: 40n, ...payment } as const
  await paying.books.tell({ firmId, matterId }, reversed)
  return matter
}

test('R4: the page shows what is due now, whatever was asked for before', async () => {
  const { token, clientPays } = await paying.matter()
  expect(await text(paying.payUrl(token))).toContain('$1,000.00')
  await clientPays(90_000n)
  const page = await text(paying.payUrl(token))
  expect(page).toMatch(/Amount due now[^$]*\$100\.00/)
  expect(page).toMatch(/Received so far[^$]*\$900\.00/)
  expect(page).toContain('Analytical engine')
})

test('R4, R14: paying it all opens the provider’s page for what is due, once the matter has taken note of it', async () => {
  const { token, matterId, pageIsMade } = await paying.matter()
  const { response, location, attemptId } = await paying.pay(token)
  expect(response.status).toBe(303)
  expect(location).toBe(`/pay/${token}/opening/${attemptId}`)
  expect(await paying.attempts(matterId)).toMatchObject([{ id: attemptId, amount_minor: 100_000n, status: 'OPENING' }])

  const waiting = visit(`${paying.edge.url}${location}`)
  await paying.database.owner
    .updateTable('attempt')
    .set({ session_id: `cs_early_${attemptId}`, checkout_url: `${PROVIDER_PAGE}/early` })
    .where('id', '=', attemptId)
    .execute()
  expect(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 400, 'still waiting'))])).toBe(
    'still waiting',
  )
  await pageIsMade(attemptId)
  const opened = await waiting
  expect(opened.status).toBe(303)
  expect(opened.headers.get('location')).toBe(`${PROVIDER_PAGE}/cs_${attemptId}`)
})

test('R14: another amount is read as the client types it, and what cannot be taken is explained on the page', async () => {
  const { token, matterId } = await paying.matter()
  const refused: [typed: string, code: string, words: string][] = [
    ['abc', 'NOT_A_DECIMAL', 'an amount such as 250.00'],
    ['', 'NOT_A_DECIMAL', 'an amount such as'],
    ['12,50', 'NOT_A_DECIMAL', 'an amount such as'],
    ['1.234', 'TOO_MANY_DIGITS', 'at most 2 digits'],
    ['-5', 'NEGATIVE', 'above zero'],
    ['1000000', 'TOO_LARGE', '$999,999.99'],
    ['0.30', 'PaymentTooSmall', '$0.50'],
    ['999.80', 'RemainderTooSmall', 'Please pay all of $1,000.00'],
    ['"><script>', 'NOT_A_DECIMAL', 'an amount such as'],
  ]
  for (const [typed, code, words] of refused) {
    const { response, page } = await paying.pay(token, { choice: 'other', amount: typed })
    expect(response.status, typed).toBe(422)
    expect(page, typed).toContain(`data-code="${code}"`)
    expect(page, typed).toContain(words)
    expect(page, typed).not.toContain('"><script>')
    if (/^[\d.]+$/.test(typed)) expect(page).toContain(`value="${typed}"`)
  }
  expect(await paying.attempts(matterId)).toEqual([])

  for (const typed of ['$1,200.50', '1,200.50', ' 1200.5 ']) {
    expect((await paying.pay(token, { choice: 'other', amount: typed })).response.status).toBe(303)
  }
  expect((await paying.attempts(matterId)).map(({ amount_minor, status }) => [amount_minor, status])).toEqual([
    [120_050n, 'SUPERSEDED'],
    [120_050n, 'SUPERSEDED'],
    [120_050n, 'OPENING'],
  ])
})

test('R14: of a due a little above the largest charge, so much is offered that the rest can be paid too', async () => {
  const { token, matterId } = await owingMoreThanTheLargest()
  const page = await text(paying.payUrl(token))
  expect(page).toContain('Pay $999,999.49')
  const tooMuch = await paying.pay(token, { choice: 'other', amount: '999999.99' })
  expect(tooMuch.page).toContain('leave at least $0.50')
  expect(tooMuch.page, 'the provider takes no such charge').not.toContain('pay all of')
  await paying.pay(token, { choice: 'all' })
  expect(await paying.attempts(matterId)).toMatchObject([{ amount_minor: 99_999_949n, status: 'OPENING' }])
})

test('R14: a due below the smallest charge is offered as that charge', async () => {
  const { token, matterId } = await paying.matter(30n)
  const page = await text(paying.payUrl(token))
  expect(page).toContain('Pay $0.50')
  await paying.pay(token)
  expect(await paying.attempts(matterId)).toMatchObject([{ amount_minor: 50n }])
})

test('a double click opens one payment; the same form filled in anew opens another', async () => {
  const { token, matterId } = await paying.matter()
  const attemptId = formIdOf(await text(paying.payUrl(token)))
  const form = { choice: 'all', attemptId }
  const [first, second] = await Promise.all([paying.send(token, form), paying.send(token, form)])
  expect(first.location).toMatch(/\/opening\//)
  expect(second.location).toBe(first.location)
  expect(await paying.attempts(matterId)).toHaveLength(1)

  const other = await paying.send(token, { choice: 'other', amount: '100', attemptId })
  expect(other.response.status).toBe(303)
  expect(other.location).not.toBe(first.location)
  expect((await paying.attempts(matterId)).map(({ status }) => status)).toEqual(['SUPERSEDED', 'OPENING'])
})

test('a form’s id cannot name the attempt of another request', async () => {
  const [mine, theirs] = [await paying.matter(), await paying.matter()]
  const their = await paying.pay(theirs.token)
  const { attemptId } = await paying.send(mine.token, { choice: 'all', attemptId: their.attemptId })
  expect(attemptId).not.toBe(their.attemptId)
  expect(await paying.attempts(theirs.matterId)).toMatchObject([{ id: their.attemptId, status: 'OPENING' }])
})

test('forms that no page of ours sends are answered by the page, and a body of 10 MB by 413', async () => {
  const { token, matterId } = await paying.matter()
  expect((await paying.send(token, {})).page).toContain('data-code="NO_CHOICE"')
  expect((await paying.send(token, { choice: 'everything' })).response.status).toBe(422)
  expect((await paying.send(token, { choice: 'other', amount: '9'.repeat(9_000) })).response.status).toBe(422)
  expect((await paying.send(token, { choice: 'other', amount: '9'.repeat(10_000_000) })).response.status).toBe(413)
  expect(await paying.attempts(matterId)).toEqual([])
})

test('a form sent from another site is refused', async () => {
  const { token, matterId } = await paying.matter()
  for (const origin of ['https://evil.example', 'null', 'not a url']) {
    expect((await paying.pay(token, { choice: 'all' }, { origin })).response.status, origin).toBe(403)
  }
  expect(await paying.attempts(matterId)).toEqual([])
  expect((await paying.pay(token, { choice: 'all' }, { origin: paying.edge.url })).response.status).toBe(303)
  expect((await paying.pay(token, { choice: 'all' }, { origin: 'https://pay.hartvale.example' })).response.status).toBe(
    303,
  )
})
