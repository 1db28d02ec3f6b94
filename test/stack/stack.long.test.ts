import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Client, Connection } from '@temporalio/client'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { identify } from '../../src/stack/process-identity.ts'
import { type Stack, startStack } from '../../src/stack/stack.ts'
import { freePortsEnv, STAND_INS } from './fixtures/stand-ins.ts'

// Room for a machine that runs other suites at the same time.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const POLL = { timeout: 60_000, interval: 50 }
const options = { report: () => undefined, prepare: [], programFiles: STAND_INS }

let dataDir: string
let stack: Stack

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'retainer-stack-test-'))
  stack = await start()
})

afterAll(async () => {
  await stack.stop()
  await rm(dataDir, { recursive: true })
})

function start(): Promise<Stack> {
  return startStack({ ...options, env: { ...process.env, ...freePortsEnv(), DATA_DIR: dataDir } })
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

async function withTemporal<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '', connectTimeout: 20_000 })
  try {
    return await work(new Client({ connection, namespace: stack.env.TEMPORAL_NAMESPACE }))
  } finally {
    await connection.close()
  }
}

async function killAndAwaitSuccessor(name: string): Promise<void> {
  const before = stack.pids()[name] ?? 0
  process.kill(before, 'SIGKILL')
  await vi.waitFor(() => {
    expect(stack.pids()[name] ?? before).not.toBe(before)
  }, POLL)
}

describe('a running stack', () => {
  test('nothing of the product is a superuser; the owner may create the two narrower logins', async () => {
    const url = stack.env.DATABASE_URL
    expect(await query(url, 'SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user')).toEqual([
      false,
      true,
    ])
    await query(url, `CREATE ROLE retainer_api LOGIN PASSWORD '${new URL(stack.env.DATABASE_API_URL).password}'`)
    expect(await query(stack.env.DATABASE_API_URL, 'SELECT current_user')).toEqual(['retainer_api'])
  })

  test('each program gets the logins and secrets it needs, and no more', async () => {
    const variables = async (url: string | undefined): Promise<string[]> =>
      (await (await fetch(`${url}/variables`)).json()) as string[]
    const secrets = (names: string[]): string[] => names.filter((name) => /DATABASE|SECRET|_KEY$/.test(name)).sort()
    const neighbours = [
      'PAY_LINK_SECRET',
      'RESEND_API_KEY',
      'RESEND_WEBHOOK_SECRET',
      'STRIPE_SECRET_KEY',
      'STRIPE_WEBHOOK_SECRET',
    ]
    expect(secrets(await variables(stack.urls.api))).toEqual(['DATABASE_API_URL', ...neighbours])
    expect(secrets(await variables(`http://127.0.0.1:${stack.env.WORKER_HEALTH_PORT}`))).toEqual([
      'DATABASE_WORKER_URL',
      ...neighbours,
    ])
    expect(secrets(await variables(stack.urls.sandbox))).toEqual(['STRIPE_WEBHOOK_SECRET'])
    expect(secrets(await variables(stack.urls.outbox))).toEqual(['RESEND_WEBHOOK_SECRET'])
  })

  test('a token of its identity provider verifies against its published keys', async () => {
    const response = await fetch(stack.urls.token ?? '', { method: 'POST', body: JSON.stringify({ roles: ['ADMIN'] }) })
    const { access_token: token } = (await response.json()) as { access_token: string }
    const { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_JWKS_URL: keys } = stack.env
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(keys)), { issuer, audience })
    expect(payload['roles']).toEqual(['ADMIN'])
  })

  test('secrets are readable by their owner only', async () => {
    for (const file of ['secrets.json', 'identity-key.json']) {
      expect((await stat(path.join(dataDir, file))).mode & 0o077).toBe(0)
    }
  })

  test('a second one on the same data folder is refused; one on other ports and another folder runs beside it', async () => {
    await expect(start()).rejects.toThrow(`The data folder ${dataDir} is in use by another stack (pid ${process.pid})`)
    const second = await startStack({ ...options, env: { ...process.env, ...freePortsEnv() }, temporary: true })
    expect((await fetch(`${second.urls.api}/healthz`)).ok).toBe(true)
    expect((await fetch(`${stack.urls.api}/healthz`)).ok).toBe(true)
    await second.stop()
    expect(existsSync(second.dataDir)).toBe(false)
  })

  test('PostgreSQL killed by SIGKILL comes back with everything that was committed', async () => {
    await query(stack.env.DATABASE_URL, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await killAndAwaitSuccessor('postgres')
    await vi.waitFor(async () => {
      expect(await query(stack.env.DATABASE_URL, 'SELECT answer FROM kept')).toEqual([42])
    }, POLL)
  })

  test('Temporal killed by SIGKILL comes back with its workflows', async () => {
    await withTemporal((client) => client.workflow.start('none', { workflowId: 'kept', taskQueue: 'none' }))
    await killAndAwaitSuccessor('temporal')
    await vi.waitFor(async () => {
      const { status } = await withTemporal((client) => client.workflow.getHandle('kept').describe())
      expect(status.name).toBe('RUNNING')
    }, POLL)
  })

  test('stopped and started again it goes on where it was, with the same secrets', async () => {
    const pids = Object.values(stack.pids())
    const secrets = await readFile(path.join(dataDir, 'secrets.json'), 'utf8')
    await stack.stop()
    expect(await Promise.all(pids.map(identify))).toEqual(pids.map(() => undefined))
    stack = await start()
    expect(await query(stack.env.DATABASE_URL, 'SELECT answer FROM kept')).toEqual([42])
    expect(await readFile(path.join(dataDir, 'secrets.json'), 'utf8')).toBe(secrets)
    const { status } = await withTemporal((client) => client.workflow.getHandle('kept').describe())
    expect(status.name).toBe('RUNNING')
  })
})

describe('starting a stack', () => {
  test('prepares each neighbour when it is up, seeds an embedded database once, and gives up cleanly on failure', async () => {
    const ownDir = await mkdtemp(path.join(tmpdir(), 'retainer-stack-test-'))
    const env = { ...process.env, ...freePortsEnv(), DATA_DIR: ownDir }
    const done: string[] = []
    const prepare = [
      {
        title: 'Migrations',
        after: 'postgres' as const,
        run: async (given: { DATABASE_URL: string }) => {
          done.push(`migrated ${String(await query(given.DATABASE_URL, 'SELECT current_database()'))}`)
        },
      },
    ]
    const seed = async (): Promise<void> => void done.push('seeded')
    await (await startStack({ ...options, env, prepare, seed })).stop()
    await (await startStack({ ...options, env, prepare, seed })).stop()
    expect(done).toEqual(['migrated retainer', 'seeded', 'migrated retainer'])

    const failing = [
      { title: 'Migrations', after: 'postgres' as const, run: () => Promise.reject(new Error('no such column')) },
    ]
    await expect(startStack({ ...options, env, prepare: failing })).rejects.toThrow(
      'Migrations could not be started: no such column',
    )
    const aborted = AbortSignal.timeout(300)
    await expect(startStack({ ...options, env, signal: aborted })).rejects.toThrow('aborted due to timeout')
    await rm(ownDir, { recursive: true })
  })

  test('killed by SIGKILL, it leaves no child behind, and the next start goes on', async () => {
    const ownDir = await mkdtemp(path.join(tmpdir(), 'retainer-stack-test-'))
    const env = { ...process.env, DATA_DIR: ownDir }
    const program = path.join(import.meta.dirname, 'fixtures', 'run-stack.ts')
    const owner = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(createInterface(owner.stdout), 'line')) as [string]
    const { pids, env: ofFirst } = JSON.parse(line) as Pick<Stack, 'env'> & { pids: Record<string, number> }
    expect(Object.keys(pids).sort()).toEqual(['api', 'identity', 'outbox', 'postgres', 'sandbox', 'temporal', 'worker'])
    await query(ofFirst.DATABASE_URL, 'CREATE TABLE kept AS SELECT 7 AS answer')
    owner.kill('SIGKILL')
    await vi.waitFor(async () => {
      const alive = await Promise.all(Object.values(pids).map(identify))
      expect(alive.filter((identity) => identity !== undefined)).toEqual([])
    }, POLL)
    const next = await startStack({ ...options, env: { ...env, ...freePortsEnv() } })
    expect(await query(next.env.DATABASE_URL, 'SELECT answer FROM kept')).toEqual([7])
    await next.stop()
    await rm(ownDir, { recursive: true })
  })
})
