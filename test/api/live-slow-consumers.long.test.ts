import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { startLiveRig } from './live-rig.ts'

let rig: Awaited<ReturnType<typeof startLiveRig>>
let matterId: string
beforeAll(async () => {
  rig = await startLiveRig()
  await rig.database.owner.updateTable('client').set({ email: LONG_TEXT }).execute()
  const matter = await rig.matter()
  for (let nth = 1; nth < TOTAL; nth++) await matter.cheque()
  matterId = matter.gid
})
afterAll(() => rig.close())

const EVENTS = `subscription ($matterId: ID!, $after: Int) {
  retainerEvents(matterId: $matterId, after: $after) { sequence matter { client { email } } } }`
const TOTAL = 120
/** With this in each event a stream is 36 MB, several times what a system's buffers take on both sides of a connection. */
const LONG_TEXT = 'x'.repeat(300_000)
const AT_MOST = TOTAL / 2

/** A consumer on a bare connection, which the operating system reads for nobody until it is told to. */
function consumer({ url, token }: { url: string; token: string }) {
  const body = JSON.stringify({ query: EVENTS, variables: { matterId, after: 0 } })
  const socket = net.connect({ port: Number(new URL(url).port), host: '127.0.0.1' })
  socket.pause()
  const headers = [
    'POST /graphql HTTP/1.1',
    'host: 127.0.0.1',
    'accept: text/event-stream',
    'content-type: application/json',
    `authorization: Bearer ${token}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  socket.write(`${headers.join('\r\n')}\r\n\r\n${body}`)
  let text = ''
  return {
    read: () =>
      socket
        .on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1').replaceAll('x', '')
        })
        .resume(),
    sequences: () => [...text.matchAll(/"sequence":(\d+)/g)].map(([, sequence]) => Number(sequence)),
    completed: () => text.includes('event: complete'),
    leave: () => socket.destroy(),
  }
}

test.concurrent('slow consumers are bounded: what one does not read is not read out of the books for it, and others do not wait', async () => {
  const { url, end } = await rig.startProcess()
  const tokenEndsAtMs = Date.now() + 15_000
  const brief = await rig.token(15 / 60)
  const stalled = Array.from({ length: 5 }, () => consumer({ url, token: brief }))

  const quick = consumer({ url, token: await rig.token() })
  quick.read()
  await until('the quick one has everything', async () => quick.sequences().length === TOTAL)
  quick.leave()

  // All streams of a process are read in turn: by now the others would be through as well. And after their token nothing
  // more is read out, so what comes now is what had been.
  await until('the token has ended', async () => Date.now() > tokenEndsAtMs + 1_000)
  stalled.forEach((each) => each.read())
  await until('the stalled ones end', async () => stalled.every((each) => each.completed()))
  for (const each of stalled) {
    const sequences = each.sequences()
    expect(sequences.length, 'events read out for who does not read').toBeLessThan(AT_MOST)
    expect(sequences).toEqual(Array.from(sequences, (_, nth) => nth + 1))
    each.leave()
  }
  await end('SIGTERM')
})

test.concurrent('a consumer that has stopped reading holds up no restart', async () => {
  const { url, end } = await rig.startProcess()
  const token = await rig.token()
  const stalled = consumer({ url, token })
  const quick = consumer({ url, token })
  quick.read()
  await until('the quick one has everything', async () => quick.sequences().length === TOTAL)
  const askedAtMs = Date.now()
  expect(await end('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(Date.now() - askedAtMs, 'ms to the end').toBeLessThan(30_000)
  stalled.leave()
  quick.leave()
})
