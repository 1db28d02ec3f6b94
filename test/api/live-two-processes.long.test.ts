import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePorts } from '../../src/stack/free-ports.ts'
import { until } from '../support/until.ts'
import { eventsOf } from './event-source.ts'
import { startLiveRig } from './live-rig.ts'

let rig: Awaited<ReturnType<typeof startLiveRig>>
beforeAll(async () => {
  rig = await startLiveRig()
})
afterAll(() => rig.close())

const EVENTS =
  'subscription ($matterId: ID!, $after: Int) { retainerEvents(matterId: $matterId, after: $after) { sequence } }'
const WRITERS = 50
const PACE_MS = 500

interface Following {
  urls: string[]
  token: string
  matterId: string
  after?: number
}

/** The sequence numbers of one connection, until it ends, sends us elsewhere, or breaks. */
async function* stream({ urls: [url = ''], token, ...variables }: Following, signal?: AbortSignal) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: EVENTS, variables }),
    ...(signal && { signal }),
  })
  for await (const { event, data } of eventsOf(response)) {
    if (event === 'complete') return
    const told = JSON.parse(data).data
    // The last word of a process that ends: it goes on elsewhere.
    if (!told) return
    yield told.retainerEvents.sequence as number
  }
}

/** Follows as a frontend does: when a connection is lost, the next one (to another process, if there is one) goes on behind. */
function follow({ urls, ...following }: Following) {
  const seen: number[] = []
  const over = new AbortController()
  let connections = 0
  const ended = (async () => {
    while (!over.signal.aborted) {
      const url = urls[connections++ % urls.length] ?? ''
      try {
        for await (const sequence of stream({ ...following, urls: [url], after: seen.at(-1) ?? 0 }, over.signal)) {
          seen.push(sequence)
        }
      } catch {
        await new Promise((again) => setTimeout(again, 50))
      }
    }
  })()
  return {
    seen,
    connections: () => connections,
    end() {
      over.abort()
      return ended
    },
  }
}

test('while 50 writers commit, processes crash, restart and lose what wakes them, and every stream has all events in order', async () => {
  const matter = await rig.matter()
  // Ports that nobody is given by chance while a process starts again.
  const [portOne, portTwo] = await freePorts(2)
  let [one, two] = await Promise.all([rig.startProcess(portOne), rig.startProcess(portTwo)])
  const both = [one.url, two.url]
  const token = await rig.token()
  const followers = [both, both.toReversed(), both, both.toReversed(), [one.url], [two.url]].map((urls) =>
    follow({ urls, token, matterId: matter.gid }),
  )

  let total = 1
  let writing = true
  const written = Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (writing) {
        await matter.cheque()
        total += 1
        await new Promise((next) => setTimeout(next, PACE_MS))
      }
    }),
  )
  const everybodyHas = (count: number) =>
    until(`everybody has ${count} events`, async () => followers.every(({ seen }) => seen.length >= count))

  await everybodyHas(60)
  expect(await rig.cutListeners(), 'connections cut').toBe(2)
  await everybodyHas(total)
  expect((await two.end('SIGKILL')).signal).toBe('SIGKILL')
  two = await rig.startProcess(two.port)
  await everybodyHas(total)
  expect(await one.end('SIGTERM')).toEqual({ code: 0, signal: null })
  one = await rig.startProcess(one.port)
  await everybodyHas(total)
  expect(await rig.cutListeners(), 'connections cut').toBe(2)
  writing = false
  await written
  await everybodyHas(total)

  for (const { seen, connections } of followers) {
    expect(seen).toEqual(Array.from({ length: total }, (_, nth) => nth + 1))
    expect(connections(), 'a connection was lost').toBeGreaterThan(1)
  }
  await Promise.all(followers.map((each) => each.end()))
  await Promise.all([one.end('SIGTERM'), two.end('SIGTERM')])
})

test('a commit reaches the subscribers of every process at once, not by their poll', async () => {
  const matter = await rig.matter()
  const processes = await Promise.all([rig.startProcess(), rig.startProcess()])
  const token = await rig.token()
  const streams = processes.map(({ url }) => stream({ urls: [url], token, matterId: matter.gid, after: 0 }))
  await Promise.all(streams.map((each) => each.next()))
  const medianMs = async () => {
    const delaysMs: number[] = []
    for (let nth = 0; nth < 10; nth++) {
      await matter.cheque()
      const committedAt = performance.now()
      await Promise.all(streams.map((each) => each.next()))
      delaysMs.push(performance.now() - committedAt)
    }
    return delaysMs.toSorted((a, b) => a - b)[5] ?? 0
  }
  // By a poll once a second it would be 500 on any machine; on one that is busy it may be so once.
  expect((await medianMs()) < 400 || (await medianMs()) < 400 || (await medianMs()) < 400).toBe(true)
  // A stream that is open holds up no restart.
  const ends = await Promise.all(processes.map((each) => each.end('SIGTERM')))
  expect(ends).toEqual([0, 0].map((code) => ({ code, signal: null })))
  expect(await Promise.all(streams.map((each) => each.next()))).toMatchObject([{ done: true }, { done: true }])
})

test('a stream ends with its token, and with a new one goes on behind it', async () => {
  const matter = await rig.matter()
  const api = await rig.startProcess()
  const following = { urls: [api.url], matterId: matter.gid }
  // The process has served somebody before: it knows the keys.
  await stream({ ...following, token: await rig.token(), after: 0 }).next()
  const shortly = await rig.token(12 / 60)
  const seen: number[] = []
  for await (const sequence of stream({ ...following, token: shortly, after: 0 })) {
    seen.push(sequence)
    if (sequence < 3) await matter.cheque()
  }
  expect(seen).toEqual([1, 2, 3])
  await matter.cheque()
  const next = stream({ ...following, token: await rig.token(), after: 3 })
  expect((await next.next()).value).toBe(4)
  await next.return()
  await api.end('SIGTERM')
})
