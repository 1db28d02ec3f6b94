import { RateLimiterMemory } from 'rate-limiter-flexible'

/** How much one asker may do in a while. */
export interface RateLimit {
  /** Takes `points` off what `key` has left; answers null, or in how many seconds to come again. */
  spend(key: string, points?: number): Promise<number | null>
}

/** How often each thing may happen; the units are those of `rateLimits`. */
export interface RateLimitSettings {
  queries: number
  commands: number
  createOnline: number
  payLink: number
  payAddress: number
}

export type RateLimits = Readonly<Record<keyof RateLimitSettings | 'requests', RateLimit>>

const MINUTE_S = 60

/**
 * The limits of this process, in its memory: behind `n` processes an asker has up to `n` times as much, and a restart forgets.
 * That keeps one asker from taking everybody's share, which is what they are for; nothing of money rests on them.
 */
export function rateLimits(settings: RateLimitSettings): RateLimits {
  return {
    /** Requests of a person to GraphQL, per minute, those too that never become an operation: they are read and checked all the same. */
    requests: limit(settings.queries + settings.commands, MINUTE_S),
    /** Queries and subscriptions of a person in a firm, per minute. */
    queries: limit(settings.queries, MINUTE_S),
    /** Commands of a person in a firm, per minute. */
    commands: limit(settings.commands, MINUTE_S),
    /** Create online of a matter, in ten minutes: each may mail the client. */
    createOnline: limit(settings.createOnline, 10 * MINUTE_S),
    /** Requests to the pages of a payment link, per minute. */
    payLink: limit(settings.payLink, MINUTE_S),
    /** Requests to payment pages from an address, per minute. */
    payAddress: limit(settings.payAddress, MINUTE_S),
  }
}

function limit(points: number, duration: number): RateLimit {
  const limiter = new RateLimiterMemory({ points, duration })
  return {
    async spend(key, spent = 1) {
      try {
        await limiter.consume(key, spent)
        return null
      } catch (refusal) {
        if (refusal instanceof Error) throw refusal
        const { msBeforeNext } = refusal as { msBeforeNext: number }
        return Math.max(1, Math.ceil(msBeforeNext / 1_000))
      }
    },
  }
}

/** Somebody asks too often. */
export class RateLimited extends Error {
  override name = 'RateLimited'
  readonly retryAfterS: number
  constructor(retryAfterS: number) {
    super('Too many requests.')
    this.retryAfterS = retryAfterS
  }
}
