import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ServerType, serve } from '@hono/node-server'
import type { AuthConfig } from '../../src/api/auth.ts'
import { identityApp } from '../../src/identity/app.ts'
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER } from '../../src/identity/development.ts'
import { mintToken, type TokenRequest } from '../../src/identity/mint.ts'
import { loadSigningKey } from '../../src/identity/signing-key.ts'

/** The development identity provider on a free port, with a key of its own. */
export async function startIdentity() {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'retainer-identity-'))
  const key = await loadSigningKey(dataDir)
  let server: ServerType | undefined
  const port = await new Promise<number>((listening) => {
    server = serve({ fetch: identityApp(key).fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => listening(port))
  })
  const auth: AuthConfig = {
    jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    issuer: DEVELOPMENT_ISSUER,
    audience: DEVELOPMENT_AUDIENCE,
  }
  return {
    auth,
    /** A bearer token; an admin's, for an hour, unless said otherwise. */
    token: ({ firmId, roles = ['ADMIN'], ttlMinutes = 60 }: Pick<TokenRequest, 'firmId'> & Partial<TokenRequest>) =>
      mintToken(key, { firmId, roles, ttlMinutes }),
    async close() {
      server?.close()
      ;(server as Server | undefined)?.closeAllConnections()
      await rm(dataDir, { recursive: true })
    },
  }
}
