import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/** For answers that are no pages: nothing in them is to be shown, run or framed. Pages set their own policy, which stays. */
export function strictHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    xFrameOptions: 'DENY',
    overwrite: false,
  })
}

const GRAPHIQL_POLICY = [
  "default-src 'none'",
  // The page carries its script and starts the editor's workers from it.
  "script-src 'unsafe-inline' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'font-src data:',
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Lets GraphiQL run, and only it; nothing that the API answers is kept by anybody between. */
export function graphqlHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next()
    if (!c.res.headers.has('cache-control')) c.res.headers.set('Cache-Control', 'no-store')
    const isPage = c.res.headers.get('content-type')?.startsWith('text/html') ?? false
    if (isPage) c.res.headers.set('Content-Security-Policy', GRAPHIQL_POLICY)
  }
}
