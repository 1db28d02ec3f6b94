// The development identity provider as a process of its own, configured by IDENTITY_PORT and DATA_DIR.
import { serve } from '@hono/node-server'
import { z } from 'zod'
import { identityApp } from './app.ts'
import { loadSigningKey } from './signing-key.ts'

const { DATA_DIR, IDENTITY_PORT } = z
  .object({ DATA_DIR: z.string(), IDENTITY_PORT: z.coerce.number().int().min(0).max(65_535) })
  .parse(process.env)

const app = identityApp(await loadSigningKey(DATA_DIR))
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: IDENTITY_PORT })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.close())
