import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf } from '../../activities/database-errors.ts'
import { listenTo } from '../../src/db/listen.ts'
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

/** A way to the database whose other side can fall silent and not even say that it has ended, as when its machine is gone. */
async function halfOpenWay(): Promise<{ url: string; fallSilent(): void; close(): void }> {
  const { port } = new URL(database.workerUrl)
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const upstream = connect(Number(port), '127.0.0.1')
    sockets.push(socket, upstream)
    for (const each of [socket, upstream]) each.on('error', () => undefined)
    socket.pipe(upstream).pipe(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = new URL(database.workerUrl)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    fallSilent() {
      for (const socket of sockets) socket.unpipe()
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

test('whoever listens stops at once, though nobody says that the other side has ended', async () => {
  const way = await halfOpenWay()
  const heard = Promise.withResolvers<void>()
  const listener = listenTo(way.url, 'matter', () => heard.resolve())
  await heard.promise
  way.fallSilent()
  await listener.stop()
  way.close()
}, 5_000)
