import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { callsIn, PostgresMessages } from './postgres-messages.ts'

export interface UnreliableNetwork {
  /** The same database, reached through this network. */
  urlOf(databaseUrl: string): string
  /** How many connections broke off so far: before PostgreSQL heard the call, and after it had done what it was asked. */
  broken: { before: number; after: number }
  /** From now on every call arrives, and every answer. */
  calm(): void
  close(): Promise<void>
}

/** A network to PostgreSQL on which every `nth` call fails: by turns before PostgreSQL hears it and after it has acted. */
export async function openUnreliableNetwork(nth: number): Promise<UnreliableNetwork> {
  const broken = { before: 0, after: 0 }
  const open = new Set<Socket>()
  let upstreamPort = 0
  let calls = 0
  let isCalm = false

  const server = createServer((client) => {
    const upstream = connect(upstreamPort, '127.0.0.1')
    const messages = new PostgresMessages()
    let losesAnswer = false
    const breakOff = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', breakOff)
      socket.on('close', () => {
        open.delete(socket)
        breakOff()
      })
    }
    client.on('data', (chunk: Buffer) => {
      const before = calls
      calls += callsIn(messages.completedBy(chunk))
      const fails = !isCalm && Math.floor(calls / nth) > Math.floor(before / nth)
      if (fails && broken.before <= broken.after) {
        broken.before += 1
        return breakOff()
      }
      losesAnswer ||= fails
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (!losesAnswer) return void client.write(chunk)
      broken.after += 1
      breakOff()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    urlOf(databaseUrl) {
      const url = new URL(databaseUrl)
      upstreamPort = Number(url.port)
      url.port = String((server.address() as AddressInfo).port)
      return url.toString()
    },
    broken,
    calm() {
      isCalm = true
    },
    async close() {
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, 'close')
    },
  }
}
