import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ServerType, serve } from '@hono/node-server'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Authenticate, authenticator } from '../../src/api/auth.ts'
import { identityApp } from '../../src/identity/app.ts'
import { DEVELOPMENT_AUDIENCE as audience, DEVELOPMENT_ISSUER as issuer } from '../../src/identity/development.ts'
import { loadSigningKey, type SigningKey } from '../../src/identity/signing-key.ts'
import { type Api, startApi } from './support.ts'

let dataDir: string
let key: SigningKey
let identity: ServerType
let jwksUrl: string
let authenticate: Authenticate
let api: Api
let development: Api

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'retainer-auth-'))
  key = await loadSigningKey(dataDir)
  await new Promise<void>((listening) => {
    identity = serve({ fetch: identityApp(key).fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
      jwksUrl = `http://127.0.0.1:${port}/.well-known/jwks.json`
      listening()
    })
  })
  authenticate = authenticator({ jwksUrl, issuer, audience })
  api = await startApi({ authenticate })
  development = await startApi({ authenticate, development: true })
})
afterAll(async () => {
  await Promise.all([api.close(), development.close()])
  identity.close()
  await rm(dataDir, { recursive: true })
})

interface Claims {
  issuer?: string
  audience?: string
  expiresInS?: number
  payload?: object
}

const firmId = randomUUID()

const tokenOf = ({ payload, expiresInS = 60, ...named }: Claims = {}, by = key) =>
  new SignJWT({ firm_id: firmId, roles: ['BILLER', 'somebody-elses-role'], sub: 'ada', ...payload })
    .setProtectedHeader({ alg: 'ES256', kid: by.keyId })
    .setIssuer(named.issuer ?? issuer)
    .setAudience(named.audience ?? audience)
    .setExpirationTime(Math.floor(Date.now() / 1000) + expiresInS)
    .sign(by.privateKey)

const carrying = (authorization?: string) =>
  new Request('http://api.test/graphql', authorization === undefined ? {} : { headers: { authorization } })

test('a token of the identity provider says who asks, for which firm, and what for', async () => {
  const viewer = await authenticate(carrying(`Bearer ${await tokenOf()}`))
  expect(viewer).toMatchObject({ subject: 'ada', firmId, roles: ['BILLER'] })
  expect(Math.abs((viewer?.expiresAtMs ?? 0) - Date.now() - 60_000)).toBeLessThan(60_000)
})

describe('nobody asks with', () => {
  const tokens: Record<string, () => Promise<string | undefined>> = {
    'no header': async () => undefined,
    'another scheme': async () => `Basic ${await tokenOf()}`,
    'no token': async () => 'Bearer ',
    'no JWT': async () => 'Bearer let-me-in',
    'an expired token': async () => `Bearer ${await tokenOf({ expiresInS: -1 })}`,
    'another issuer’s token': async () => `Bearer ${await tokenOf({ issuer: 'https://elsewhere.example' })}`,
    'another audience’s token': async () => `Bearer ${await tokenOf({ audience: 'something-else' })}`,
    'a changed token': async () =>
      `Bearer ${(await tokenOf()).replace(/\.[^.]+\./, `.${claimsOf({ firm_id: randomUUID() })}.`)}`,
    'an unsigned token': async () => `Bearer ${segment({ alg: 'none' })}.${claimsOf({ firm_id: firmId })}.`,
    'a token signed with the public key': async () => {
      const secret = new TextEncoder().encode(JSON.stringify(key.publicJwk))
      const forged = new SignJWT({ firm_id: firmId, roles: ['ADMIN'], sub: 'eve', iss: issuer, aud: audience })
      return `Bearer ${await forged.setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(secret)}`
    },
    'another key’s token': async () => {
      const otherDir = await mkdtemp(path.join(tmpdir(), 'retainer-auth-'))
      const other = await loadSigningKey(otherDir)
      await rm(otherDir, { recursive: true })
      return `Bearer ${await tokenOf({}, { ...other, keyId: key.keyId })}`
    },
    'a token for no firm': async () => `Bearer ${await tokenOf({ payload: { firm_id: undefined } })}`,
    'a token for what is no firm': async () => `Bearer ${await tokenOf({ payload: { firm_id: "' or true" } })}`,
    'a token without roles': async () => `Bearer ${await tokenOf({ payload: { roles: undefined } })}`,
  }
  for (const [what, header] of Object.entries(tokens)) {
    test(what, async () => {
      expect(await authenticate(carrying(await header()))).toBeNull()
    })
  }
})

const post = (target: Api, query: string, headers: Record<string, string> = {}) =>
  target.handle(target.request(query, {}, headers), target.log)

test('without a valid token nothing answers, the schema neither', async () => {
  for (const query of ['{ viewer { subject } }', '{ __schema { types { name } } }', '{ viewr }', '{ nope']) {
    const response = await post(api, query)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    const message = 'A valid bearer token is needed.'
    expect(await response.json()).toEqual({ errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] })
  }
})

test('in development the schema, and it alone, is read without a token; a browser gets GraphiQL', async () => {
  const schema = await post(development, '{ __schema { queryType { name } } }')
  expect(await schema.json()).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } })
  const viewer = await post(development, '{ viewer { subject } }')
  expect(await viewer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  const page = await development.handle(
    new Request('http://api.test/graphql', { headers: { accept: 'text/html' } }),
    development.log,
  )
  expect(await page.text()).toContain('WhyDidTheClientGetAMail')
})

test('a token is asked for by the identity provider’s own keys, and for one firm', async () => {
  const headers = { authorization: `Bearer ${await tokenOf({ payload: { firm_id: api.firm.firmId } })}` }
  const response = await post(api, '{ viewer { subject roles firm { name practiceSettings { timeZone } } } }', headers)
  expect(await response.json()).toMatchObject({
    data: { viewer: { subject: 'ada', roles: ['BILLER'], firm: { name: 'Hart, Vale & Partners' } } },
  })
})

test('while the identity provider cannot be asked, the answer says so and is logged', async () => {
  const away = await startApi({ authenticate: authenticator({ jwksUrl: 'http://127.0.0.1:1/jwks', issuer, audience }) })
  const response = await post(away, '{ viewer { subject } }', { authorization: `Bearer ${await tokenOf()}` })
  expect(response.status).toBe(503)
  expect(away.logged()).toContain('identity provider or database did not answer')
  await away.close()
})

test('a provider that answers nonsense is away: nobody is told that their token is no good', async () => {
  for (const answer of [
    new Response('down', { status: 500 }),
    new Response('<html>'),
    Response.json({ keys: 'none' }),
    new Response(null, { status: 302, headers: { location: '/elsewhere' } }),
  ]) {
    const server = serve({ fetch: () => answer.clone(), hostname: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const odd = authenticator({ jwksUrl: `http://127.0.0.1:${port}/jwks`, issuer, audience })
    await expect(odd(carrying(`Bearer ${await tokenOf()}`)), String(answer.status)).rejects.toThrow()
    server.close()
  }
})

const segment = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
const claimsOf = (claims: object) =>
  segment({
    sub: 'eve',
    roles: ['ADMIN'],
    iss: issuer,
    aud: audience,
    exp: Math.floor(Date.now() / 1000) + 60,
    ...claims,
  })

test('a token of a firm that is not known here is told so, whatever it asks', async () => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf()}` }
  for (const query of ['{ viewer { roles } }', '{ matters { nodes { id } } }']) {
    const request = new Request('http://api.test/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })
    const response = await api.handle(request, api.log)
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    ])
  }
})
