import type { ExecutionResult } from 'graphql'

/** Tabs of a busy person, several times over; each stream asks the database once a second at least. */
const STREAMS_PER_ASKER = 100

/** Counts the streams that each asker has open at this process. */
export interface OpenStreams {
  /** Answers what closes the stream again; null when the asker has as many as anybody may. */
  open(asker: string): (() => void) | null
}

export function openStreams(most = STREAMS_PER_ASKER): OpenStreams {
  const open = new Map<string, number>()
  return {
    open(asker) {
      const before = open.get(asker) ?? 0
      if (before >= most) return null
      open.set(asker, before + 1)
      let closed = false
      return () => {
        if (closed) return
        closed = true
        const left = (open.get(asker) ?? 1) - 1
        if (left > 0) open.set(asker, left)
        else open.delete(asker)
      }
    },
  }
}

/**
 * `stream` with a last word, if there is one when it ends by itself, and `onEnd` called once however it ends. No generator: one that
 * waits for its next event could not be told to stop.
 */
export function withEnding(
  stream: AsyncIterable<ExecutionResult>,
  { lastWord, onEnd }: { lastWord: () => ExecutionResult | null; onEnd: () => void },
): AsyncIterableIterator<ExecutionResult> {
  const source = stream[Symbol.asyncIterator]()
  const done = { done: true, value: undefined } as const
  let ended = false
  const end = () => {
    ended = true
    onEnd()
  }
  return {
    async next() {
      if (ended) return done
      try {
        const step = await source.next()
        if (!step.done) return step
      } catch (error) {
        end()
        throw error
      }
      // Told to stop while it waited: nobody hears a last word.
      if (ended) return done
      end()
      const value = lastWord()
      return value ? { done: false, value } : done
    },
    async return() {
      end()
      await source.return?.()
      return done
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
