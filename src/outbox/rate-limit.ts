import type { Clock } from '../far-side/database.ts'

/** What the limiter says of a request: whether it may pass, and the headers that tell the caller where it stands. */
export interface Verdict {
  allowed: boolean
  headers: Record<string, string>
}

/** Counts requests in windows of one second and lets `perSecond` of them pass; undefined lets all pass. */
export function makeRateLimit(perSecond: number | undefined, now: Clock): () => Verdict {
  let windowStart = 0
  let used = 0
  return () => {
    if (perSecond === undefined) return { allowed: true, headers: {} }
    if (now() - windowStart >= 1000) {
      windowStart = now()
      used = 0
    }
    used += 1
    const allowed = used <= perSecond
    const headers = {
      'ratelimit-limit': String(perSecond),
      'ratelimit-remaining': String(Math.max(0, perSecond - used)),
      'ratelimit-reset': '1',
      ...(!allowed && { 'retry-after': '1' }),
    }
    return { allowed, headers }
  }
}
