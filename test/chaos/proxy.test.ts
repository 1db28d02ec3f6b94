import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Proxy } from './proxy.ts'

let neighbour: Server
let proxy: Proxy
/** What has reached the neighbour. */
let heard: string
beforeEach(async () => {
  heard = ''
  // Says back what it is told.
  neighbour = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      heard += chunk.toString()
      socket.write(chunk)
    })
  })
  neighbour.listen(0, '127.0.0.1')
  await once(neighbour, 'listening')
  proxy = await Proxy.open((neighbour.address() as AddressInfo).port)
})
afterEach(async () => {
  await proxy.close()
  neighbour.close()
})

async function called(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function answerTo(socket: Socket, said: string): Promise<string> {
  socket.write(said)
  const [chunk] = await once(socket, 'data')
  return String(chunk)
}

/** Whichever way it ends. */
const closed = (socket: Socket): Promise<unknown> =>
  new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve))

test('what is said passes both ways in clear weather', async () => {
  const socket = await called()
  expect(await answerTo(socket, 'hello')).toBe('hello')
})

test('a cut resets connections that are open and refuses new ones, until it is mended', async () => {
  const socket = await called()
  await answerTo(socket, 'hello')
  const ended = closed(socket)
  proxy.set({ kind: 'cut' })
  await ended
  await closed(connect(proxy.port, '127.0.0.1'))
  proxy.set({ kind: 'clear' })
  expect(await answerTo(await called(), 'again')).toBe('again')
})

test('silence keeps what is said, and lets it pass afterwards', async () => {
  const socket = await called()
  await answerTo(socket, 'hello')
  proxy.set({ kind: 'silent' })
  const answer = answerTo(socket, 'are you there')
  expect(await Promise.race([answer, delay(100, 'silence')])).toBe('silence')
  expect(heard).toBe('hello')
  proxy.set({ kind: 'clear' })
  expect(await answer).toBe('are you there')
})

test('what was kept for somebody who has hung up never reaches the neighbour', async () => {
  const socket = await called()
  await answerTo(socket, 'hello')
  proxy.set({ kind: 'silent' })
  socket.write('send it')
  await delay(50)
  const ended = closed(socket)
  socket.destroy()
  await ended
  await delay(50)
  proxy.set({ kind: 'clear' })
  expect(await answerTo(await called(), '!')).toBe('!')
  expect(heard).toBe('hello!')
})

test('a slow network takes its time both ways', async () => {
  const socket = await called()
  proxy.set({ kind: 'slow', delayMs: 60 })
  const startMs = performance.now()
  expect(await answerTo(socket, 'hello')).toBe('hello')
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(115)
})

test('a torn answer breaks off after so many bytes, though the neighbour has heard all', async () => {
  proxy.set({ kind: 'torn', afterBytes: 4 })
  const socket = await called()
  const ended = closed(socket)
  let got = ''
  socket.on('data', (chunk) => {
    got += String(chunk)
  })
  socket.write('hello neighbour')
  await ended
  expect([got, heard]).toEqual(['hell', 'hello neighbour'])
})
