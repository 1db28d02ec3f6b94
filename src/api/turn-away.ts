import { createMiddleware } from 'hono/factory'
import { codedError } from './coded-error.ts'
import type { AppEnv } from './request-log.ts'

/**
 * Turns away what comes on open connections once the process is to end, so that it can finish what it took: another process has the
 * next try.
 */
export const turnAway = (closing: AbortSignal) =>
  createMiddleware<AppEnv>(async (c, next) => {
    if (!closing.aborted) return next()
    c.header('Connection', 'close')
    c.header('Retry-After', '1')
    return codedError(c, 503, 'TEMPORARILY_UNAVAILABLE')
  })
