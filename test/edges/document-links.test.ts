import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { documentLinks } from '../../src/documents/link.ts'
import { booked } from '../api/booked.ts'
import { type Api, startApi } from '../api/support.ts'
import { createFirm } from '../support/firm.ts'
import { DOCUMENT_LINKS, type Edge, startEdge } from './edge.ts'

let api: Api
let edge: Edge
let on: ReturnType<typeof booked>
beforeAll(async () => {
  api = await startApi({ documents: DOCUMENT_LINKS })
  edge = await startEdge(api.database.apiUrl)
  on = booked(api)
})
afterAll(async () => {
  await edge?.close()
  await api?.close()
})
afterEach(() => vi.useRealTimers())

/** Opens a link at the edge under test, wherever it says it leads. */
const open = (url: string) => fetch(edge.url + new URL(url).pathname + new URL(url).search)

test('a link opens its own document and nothing else: old, changed, forged and other links are one and the same page', async () => {
  const matter = await on.enabled()
  const contents = { firmId: api.firm.firmId, matterId: matter.id, from: '2027-01-01', to: '2027-12-31' }
  const good = await DOCUMENT_LINKS.urlOf('statement', contents)
  expect((await open(good)).status).toBe(200)

  const link = new URL(good).searchParams.get('link') ?? ''
  const [header = '', payload = '', signature = ''] = link.split('.')
  const otherFirm = await createFirm(api.database.owner)
  const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), firmId: otherFirm.firmId }
  const changed = Buffer.from(JSON.stringify(claims)).toString('base64url')
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url')
  const elsewhere = documentLinks({ secret: 'the secret of somebody else', publicUrl: 'https://x.example' })
  const byHand = await new SignJWT(contents)
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience('statement')
    .setExpirationTime('1h')
    .sign(Buffer.from('a secret of the edges in these tests'))
  vi.useFakeTimers({ now: Date.now() - 15 * 60_000 - 1_000, toFake: ['Date'] })
  const old = await DOCUMENT_LINKS.urlOf('statement', contents)
  vi.useRealTimers()
  const foreign = await DOCUMENT_LINKS.urlOf('statement', { ...contents, firmId: otherFirm.firmId })
  const dead = [
    '/documents/statement',
    '/documents/statement?link=',
    '/documents/statement?link=x',
    `/documents/statement?link=${link}x`,
    `/documents/statement?link=${header}.${changed}.${signature}`,
    `/documents/statement?link=${unsigned}.${payload}.`,
    `/documents/statement?link=${byHand}`,
    `/documents/final-statement?link=${link}`,
    `/documents/journal.csv?link=${link}`,
    '/documents/',
    `/documents/nothing?link=${link}`,
    ...[old, foreign, await elsewhere.urlOf('statement', contents)].map((url) => url.slice(new URL(url).origin.length)),
  ]
  const [wanted] = await Promise.all(dead.slice(0, 1).map(async (path) => (await fetch(edge.url + path)).text()))
  expect(wanted).toContain('This link cannot be used')
  expect(wanted).toContain('fifteen minutes')
  for (const path of dead) {
    const answer = await fetch(edge.url + path)
    expect(answer.status, path).toBe(404)
    expect(await answer.text(), path).toBe(wanted)
  }
})

test('documents run nothing, are framed by nobody, kept nowhere, and their address is told to nobody', async () => {
  const matter = await on.enabled()
  const contents = { firmId: api.firm.firmId, matterId: matter.id, from: '2027-01-01', to: '2027-12-31' }
  const answer = await open(await DOCUMENT_LINKS.urlOf('statement', contents))
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  )
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  expect(await answer.text()).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|<img|<form/i)
  const css = await fetch(`${edge.url}/documents/assets/document.css`)
  expect(css.headers.get('content-type')).toContain('text/css')
  expect(edge.logged()).not.toMatch(/eyJ|Lovelace/)
})

test('while the database is away a document says to try again, and is not half a file', async () => {
  const away = new URL(api.database.apiUrl)
  away.port = '1'
  const broken = await startEdge(away.toString())
  try {
    const contents = { firmId: api.firm.firmId, from: '2027-01-01', to: '2027-12-31' }
    const matterId = randomUUID()
    for (const url of [
      await DOCUMENT_LINKS.urlOf('journal.csv', contents),
      await DOCUMENT_LINKS.urlOf('statement', { ...contents, matterId }),
      await DOCUMENT_LINKS.urlOf('final-statement', { firmId: contents.firmId, matterId }),
    ]) {
      const { pathname, search } = new URL(url)
      const answer = await fetch(broken.url + pathname + search)
      expect([answer.status, answer.headers.get('retry-after')], pathname).toEqual([503, '5'])
      expect(await answer.text()).toContain('Please load this page again.')
    }
  } finally {
    await broken.close()
  }
})
