import { afterAll, beforeAll, expect, test } from 'vitest'
import { countedAs } from '../../../src/api/limits/address.ts'
import { rateLimits } from '../../../src/api/limits/rate-limits.ts'
import { type Edge, startEdge } from '../../edges/edge.ts'
import { type Paying, startPaying } from '../../edges/paying.ts'

const MUCH = 1_000
let paying: Paying
let edge: Edge
beforeAll(async () => {
  paying = await startPaying()
  const limits = rateLimits({ queries: MUCH, commands: MUCH, createOnline: MUCH, payLink: 4, payAddress: 8 })
  edge = await startEdge(paying.database.apiUrl, { rateLimits: limits, config: { trustedProxies: 1 } })
})
afterAll(async () => {
  await edge?.close()
  await paying?.stop()
})

const from = (address: string, token: string, page = '') =>
  fetch(`${paying.payUrl(token, edge)}${page}`, { headers: { 'x-forwarded-for': address }, redirect: 'manual' })

test('a payment link that is opened over and over rests for a while, in words for its client; others do not', async () => {
  const [mine, other] = [await paying.matter(), await paying.matter()]
  for (let nth = 0; nth < 4; nth++) expect((await from(`192.0.2.${nth}`, mine.token)).status).toBe(200)
  const refused = await from('192.0.2.9', mine.token)
  expect(refused.status).toBe(429)
  const waitS = Number(refused.headers.get('retry-after'))
  expect(waitS).toBeGreaterThan(0)
  const words = await refused.text()
  expect(words).toContain('opened very often in a short while')
  expect(words, 'it says until when').toContain(`Try again in ${waitS} seconds`)
  expect(words, 'and comes back then').toContain(`content="${waitS}; url=/pay/${mine.token}"`)
  expect(words).toContain('You have not been charged')
  const thanks = await from('192.0.2.9', mine.token, '/thanks/x')
  expect(thanks.status).toBe(429)
  const afterwards = await thanks.text()
  expect(afterwards).toContain('Please do not pay again')
  expect(afterwards, 'after the provider’s page nobody says that').not.toContain('You have not been charged')
  expect((await from('192.0.2.9', other.token)).status).toBe(200)
})

test('nobody tries tokens by the thousand: an address is counted, as the nearest trusted proxy saw it', async () => {
  for (let nth = 0; nth < 8; nth++) {
    expect((await from(`203.0.113.${nth}, 198.51.100.1`, String(nth).repeat(43))).status).toBe(404)
  }
  expect((await from('10.9.8.7, 198.51.100.1', 'x'.repeat(43))).status, 'whatever it says of itself').toBe(429)
  expect((await from('198.51.100.2', 'x'.repeat(43))).status).toBe(404)
  for (let nth = 0; nth < 20; nth++) expect((await fetch(`${edge.url}/pay/assets/pay.css`)).status).toBe(200)
})

test('without a trusted proxy, what a request says of its address counts for nothing', async () => {
  const limits = rateLimits({ queries: MUCH, commands: MUCH, createOnline: MUCH, payLink: MUCH, payAddress: 2 })
  const direct = await startEdge(paying.database.apiUrl, { rateLimits: limits })
  const statuses: number[] = []
  for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
    const answer = await fetch(`${direct.url}/pay/x`, { headers: { 'x-forwarded-for': address } })
    statuses.push(answer.status)
  }
  expect(statuses).toEqual([404, 404, 429])
  await direct.close()
})

test('R12: webhooks are not limited, however many come', async () => {
  for (let nth = 0; nth < 30; nth++) {
    const answer = await fetch(`${edge.url}/webhooks/stripe`, { method: 'POST', body: '{}' })
    expect([answer.status, await answer.json()]).toEqual([400, { error: { code: 'INVALID_SIGNATURE' } }])
  }
})

test('an IPv6 network counts as one, as its owner has all of it', () => {
  expect(countedAs('2001:db8:1:2:aaaa::1')).toBe(countedAs('2001:db8:1:2::'))
  expect(countedAs('2001:db8::1')).toBe(countedAs('2001:db8:0:0:ffff::2'))
  expect(countedAs('2001:db8:1:2::1')).not.toBe(countedAs('2001:db8:1:3::1'))
  for (const address of ['192.0.2.1', '::ffff:192.0.2.1', 'unknown']) expect(countedAs(address)).toBe(address)
})
