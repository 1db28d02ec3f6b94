import { Repeater } from 'graphql-yoga'
import type { ApiContext } from './context.ts'
import { read, viewerOf } from './reading.ts'
import { eventsAfter } from './reads/events.ts'

type EventRow = Awaited<ReturnType<typeof eventsAfter>>[number]

const POLL_MS = 1_000
const BATCH = 50
/** Longer ones Node fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1
/** How long a database that does not answer is waited for before the stream ends with an error. */
const PATIENCE_MS = 30_000

/**
 * The matter's events behind sequence number `after`, in order and without a gap, as they are committed. Notices only wake
 * it; what it tells it reads from its cursor. The next event is read out only when the last was taken, so a slow consumer
 * holds one batch at most. Ends with the viewer's token, and with the process.
 */
export function eventStream(context: ApiContext, matterId: string, after: number): AsyncIterable<EventRow> {
  const { expiresAtMs } = viewerOf(context)
  const { closing } = context.events
  return new Repeater<EventRow>(async (push, stop) => {
    const bell = makeBell()
    // Before the first read, or a commit between the two would be slept through.
    const silence = context.events.onNews(matterId, bell.ring)
    let stopped = false
    void stop.then(() => {
      stopped = true
      bell.ring()
    })
    // A consumer that does not read leaves the loop waiting for its next event: it ends all the same.
    const end = () => stop()
    const expiry = setTimeout(end, Math.min(expiresAtMs - Date.now(), MAX_TIMER_MS))
    closing.addEventListener('abort', end, { once: true })
    const over = () => stopped || closing.aborted || Date.now() >= expiresAtMs
    let cursor = after
    let lastReadMs = Date.now()
    try {
      while (!over()) {
        try {
          const events = await read(context, (trx, firmId) => eventsAfter(trx, firmId, matterId, cursor, BATCH))
          lastReadMs = Date.now()
          for (const event of events) {
            if (over()) return
            await push(event)
            cursor = Number(event.version)
          }
          if (events.length === BATCH) continue
        } catch (error) {
          if (Date.now() - lastReadMs > PATIENCE_MS) throw error
        }
        await bell.rung(Math.min(POLL_MS, expiresAtMs - Date.now()))
      }
    } finally {
      clearTimeout(expiry)
      closing.removeEventListener('abort', end)
      silence()
      stop()
    }
  })
}

/** Rung while nobody waits, it is heard by the next who does. */
function makeBell() {
  let heard = false
  let wake = () => {}
  return {
    ring() {
      heard = true
      wake()
    },
    async rung(timeoutMs: number): Promise<void> {
      if (!heard) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      heard = false
    },
  }
}
