import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { identityApp } from '../../src/identity/app.ts'
import { DEMO_FIRM_ID } from '../../src/identity/demo-firm.ts'
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER } from '../../src/identity/development.ts'
import { loadSigningKey } from '../../src/identity/signing-key.ts'
import { temporaryFolder } from './fixtures/temporary-folder.ts'

const run = promisify(execFile)
const EXPECTED = { issuer: DEVELOPMENT_ISSUER, audience: DEVELOPMENT_AUDIENCE, algorithms: ['ES256'] }

function token(dataDir: string, ...args: string[]): Promise<{ stdout: string }> {
  const program = path.join(import.meta.dirname, '..', '..', 'src', 'identity', 'token.ts')
  return run(process.execPath, [program, ...args], { env: { PATH: process.env['PATH'], DATA_DIR: dataDir } })
}

async function keys(dataDir: string): Promise<JSONWebKeySet> {
  const response = await identityApp(await loadSigningKey(dataDir)).request('http://127.0.0.1/.well-known/jwks.json')
  return (await response.json()) as JSONWebKeySet
}

describe('npm run token', () => {
  test('prints a token that verifies against the published keys, for the demo firm by default', async () => {
    const dataDir = temporaryFolder()
    const { stdout } = await token(dataDir, '--role', 'biller', '--role', 'reader', '--ttl-minutes', '5')
    const { payload } = await jwtVerify(stdout.trim(), createLocalJWKSet(await keys(dataDir)), EXPECTED)
    expect(payload).toMatchObject({ firm_id: DEMO_FIRM_ID, roles: ['BILLER', 'READER'], sub: expect.any(String) })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300)
  })

  test.each([
    [['--role', 'partner'], 'unknown role PARTNER; there are ADMIN, BILLER, READER'],
    [[], 'at least one of ADMIN, BILLER, READER'],
    [['--role', 'admin', '--firm', 'acme'], 'must be the UUID of a firm'],
    [['--role', 'admin', '--ttl-minutes', '0'], 'must be more than 0'],
    [['--rolle', 'admin'], "Unknown option '--rolle'"],
  ])('%j is refused with a reason and the usage', async (args, reason) => {
    const failure = token(temporaryFolder(), ...args)
    await expect(failure).rejects.toMatchObject({ code: 1, stdout: '' })
    await expect(failure).rejects.toThrow(reason)
    await expect(failure).rejects.toThrow('usage: npm run token')
  })
})

describe('the development identity provider', () => {
  test('publishes the public part of its key only, and keeps the key', async () => {
    const dataDir = temporaryFolder()
    const [first, second] = await Promise.all([keys(dataDir), keys(dataDir)])
    expect(first).toEqual(second)
    expect(first.keys).toHaveLength(1)
    expect(first.keys[0]).not.toHaveProperty('d')
  })

  test('gives tokens over HTTP, with clear errors, and to this machine only', async () => {
    const app = identityApp(await loadSigningKey(temporaryFolder()))
    const post = (host: string, body: unknown) =>
      app.request(`http://${host}/token`, { method: 'POST', body: JSON.stringify(body) })
    expect(await (await post('127.0.0.1:4030', { roles: ['ADMIN'] })).json()).toMatchObject({ token_type: 'Bearer' })
    const refused = await post('localhost:4030', { roles: ['KING'] })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ error_description: expect.stringContaining('unknown role KING') })
    expect((await post('rebound.example:4030', { roles: ['ADMIN'] })).status).toBe(403)
  })
})
