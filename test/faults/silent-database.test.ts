import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf } from '../../activities/database-errors.ts'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { Proxy } from '../chaos/proxy.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const SILENCE_MS = 3_000

let database: TestDatabase
let network: Proxy
let db: Database
beforeAll(async () => {
  database = await createTestDatabase()
  const url = new URL(database.workerUrl)
  network = await Proxy.open(Number(url.port))
  url.port = String(network.port)
  db = openDatabase(url.href, { name: 'test-silent', max: 1, silenceMs: SILENCE_MS })
})
afterAll(async () => {
  await db?.destroy()
  await network?.close()
  await database?.drop()
})

const ask = () => sql<{ one: number }>`select 1 as one`.execute(db).then(({ rows }) => rows)

test('R12: a network that swallows answers holds up a query for a while, and the next one not at all', async () => {
  expect(await ask()).toEqual([{ one: 1 }])
  network.set({ kind: 'silent' })
  expect(await ask().catch(codeOf)).toBe('ETIMEDOUT')
  network.set({ kind: 'clear' })
  expect(await ask(), 'on a connection of its own, though the pool has one only').toEqual([{ one: 1 }])
})
