import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { canReach } from '../../src/stack/postgres/os-user.ts'
import { removeStalePostmasterFile } from '../../src/stack/postgres/stale-postmaster.ts'
import { startTemporaryPostgres } from '../../src/stack/postgres.ts'
import { temporaryFolder } from './fixtures/temporary-folder.ts'

const POLL = { timeout: 60_000, interval: 20 }

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0]
  } finally {
    await client.end()
  }
}

describe('a temporary PostgreSQL', () => {
  test('is version 18, for this machine only, sorts alike everywhere, and is gone after stop', async () => {
    const postgres = await startTemporaryPostgres()
    const dataDir = String(await ask(postgres.superuserUrl, 'SHOW data_directory'))
    expect(await ask(postgres.superuserUrl, 'SHOW server_version_num')).toMatch(/^18/)
    expect(await ask(postgres.superuserUrl, 'SHOW listen_addresses')).toBe('127.0.0.1')
    expect(
      await ask(postgres.superuserUrl, 'SELECT datlocale FROM pg_database WHERE datname = current_database()'),
    ).toBe('C.UTF-8')
    await postgres.stop()
    await expect(ask(postgres.superuserUrl, 'SELECT 1')).rejects.toThrow('ECONNREFUSED')
    expect(existsSync(dataDir)).toBe(false)
  })

  test('is gone, with its folder, when the process that started it is killed', async () => {
    const program = path.join(import.meta.dirname, 'fixtures', 'run-temporary-postgres.ts')
    const owner = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [url] = (await once(createInterface(owner.stdout), 'line')) as [string]
    const dataDir = String(await ask(url, 'SHOW data_directory'))
    owner.kill('SIGKILL')
    await vi.waitFor(() => {
      expect(existsSync(path.dirname(dataDir))).toBe(false)
    }, POLL)
    await expect(ask(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED')
  })
})

test('a folder on the way that others may not enter is noticed before initdb fails on it', async () => {
  const dir = await mkdtemp(path.join('/tmp', 'retainer-private-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const stranger = { name: 'nobody', uid: 65_534, gid: 65_534 }
  expect(await canReach('/tmp', stranger)).toBe(true)
  expect(await canReach(path.join(dir, 'not', 'there', 'yet'), stranger)).toBe(false)
})

test('a postmaster.pid whose pid now belongs to another program is removed, one of a running postgres is not', async () => {
  const dir = temporaryFolder()
  const file = path.join(dir, 'postmaster.pid')
  await writeFile(file, `${process.pid}\n${dir}\n`)
  await removeStalePostmasterFile(dir)
  expect(existsSync(file)).toBe(false)

  const postgres = await startTemporaryPostgres()
  onTestFinished(() => postgres.stop())
  const dataDir = String(await ask(postgres.superuserUrl, 'SHOW data_directory'))
  const before = await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8')
  await removeStalePostmasterFile(dataDir)
  expect(await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8')).toBe(before)
})
