import { listenTo } from '../db/listen.ts'

/** What wakes the streams of this process: one connection that listens for all of them. */
export interface EventHub {
  /** Calls `wake` whenever the matter may have news, also when news may have been missed. Answers what ends it. */
  onNews(matterId: string, wake: () => void): () => void
  /** Aborted when the process is to end: streams end then. */
  closing: AbortSignal
  close(): Promise<void>
}

/**
 * Listens on channel `matter`, whose payload is the ids of matters with new commits, separated by commas. A notice is a hint:
 * streams read PostgreSQL from their cursor, so a lost connection loses nothing; once it is back, everybody is woken.
 */
export function startEventHub(connectionString: string): EventHub {
  const wakers = new Map<string, Set<() => void>>()
  const closing = new AbortController()
  const wake = (matterId: string) => wakers.get(matterId)?.forEach((each) => each())
  const listener = listenTo(connectionString, 'matter', (payload) => {
    const matterIds = payload === undefined ? [...wakers.keys()] : payload.split(',')
    matterIds.forEach(wake)
  })

  return {
    closing: closing.signal,
    onNews(matterId, wakeOne) {
      const ofMatter = wakers.get(matterId) ?? new Set()
      wakers.set(matterId, ofMatter.add(wakeOne))
      return () => {
        ofMatter.delete(wakeOne)
        if (ofMatter.size === 0 && wakers.get(matterId) === ofMatter) wakers.delete(matterId)
      }
    },
    async close() {
      closing.abort()
      for (const matterId of wakers.keys()) wake(matterId)
      await listener.stop()
    },
  }
}
