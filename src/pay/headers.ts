import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { PAY_CSS_PATH } from './views/pay-css.ts'

/**
 * Headers of the payment pages: no script, no frame around them, forms that lead nowhere but here and (browsers follow the
 * redirect after a form) to `checkoutOrigin`; and nothing kept, or told to another site, as the address is a secret.
 */
export function payHeaders(checkoutOrigin: string): MiddlewareHandler {
  const secure = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      formAction: ["'self'", checkoutOrigin],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
  })
  return async (c, next) => {
    await secure(c, next)
    c.header('Cache-Control', c.req.path === PAY_CSS_PATH ? 'public, max-age=3600' : 'no-store')
  }
}
