import type { MiddlewareHandler } from 'hono'
import type { RequestIdVariables } from 'hono/request-id'
import { routePath } from 'hono/route'
import type { Logger } from '../log.ts'

/** What every handler finds in its context. */
export interface AppEnv {
  Variables: RequestIdVariables & {
    /** Writes the request's id on every line. */
    log: Logger
  }
}

/** Answers with the request's id. After the handler: what stands before it is lost where that makes an answer of its own. */
export const tellRequestId: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next()
  c.res.headers.set('X-Request-Id', c.get('requestId'))
}

/** One line per request: its route and never its path, because the path of a payment page is a secret. */
export function requestLog(log: Logger): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = performance.now()
    const mine = log.child({ requestId: c.get('requestId') })
    c.set('log', mine)
    await next()
    const tookMs = Math.round(performance.now() - startedAt)
    mine.info({ method: c.req.method, route: routePath(c), status: c.res.status, tookMs }, 'request')
  }
}
