import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { DOCUMENT_CSS_PATH } from './views/document-css.ts'

/** Headers of the documents: no script, no frame, no form; nothing kept, or told to another site, as the address is a secret. */
export function documentHeaders(): MiddlewareHandler {
  const secure = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
  })
  return async (c, next) => {
    await secure(c, next)
    c.header('Cache-Control', c.req.path === DOCUMENT_CSS_PATH ? 'public, max-age=3600' : 'no-store')
  }
}
