import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { serve } from '@hono/node-server'
import { parse, validate } from 'graphql'
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { schema } from '../../schema/index.ts'
import { headers, story } from '../../src/api/graphiql-story.ts'
import { developmentToken } from '../../src/api/graphiql-token.ts'
import { identityApp } from '../../src/identity/app.ts'
import { loadSigningKey } from '../../src/identity/signing-key.ts'
import { until } from '../support/until.ts'

test.each([null, 'given'])(
  'every example that GraphiQL opens with is valid and whole to see; its token is %s',
  (token) => {
    const text = story(token)
    expect(validate(schema, parse(text))).toEqual([])
    expect(text.split('\n').filter((line) => line.length > 56)).toEqual([])
    expect(JSON.parse(headers(token))).toEqual({ Authorization: `Bearer ${token ?? 'TOKEN'}` })
  },
)

test('in development GraphiQL opens with an admin’s token, but not for a page of another name that points here', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'graphiql-'))
  const identity = identityApp(await loadSigningKey(dataDir))
  const server = serve({ fetch: identity.fetch, hostname: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const tokenUrl = `http://127.0.0.1:${port}/token`
    const here = new Request('http://127.0.0.1:4000/graphql')
    const token = await until('the token is there', () => developmentToken(tokenUrl, here))
    expect(decodeJwt(token)).toMatchObject({ roles: ['ADMIN'] })
    expect(await developmentToken(tokenUrl, new Request('http://rebound.example:4000/graphql'))).toBeNull()
    expect(await developmentToken(`${tokenUrl}/nowhere`, new Request('http://localhost:4000/graphql'))).toBeNull()
  } finally {
    server.close()
    await rm(dataDir, { recursive: true })
  }
})

test('every command of the examples has a key of its own that nobody has used', () => {
  const keysOf = (text: string) => text.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? []
  const keys = [...keysOf(story(null)), ...keysOf(story(null))]
  expect(keys).toHaveLength(10)
  expect(new Set(keys).size).toBe(10)
})
