import { Hono } from 'hono'
import { z } from 'zod'
import { mintToken, tokenRequest } from './mint.ts'
import type { SigningKey } from './signing-key.ts'

const LOCAL_HOSTS = ['127.0.0.1', 'localhost']

/**
 * The development identity provider: `GET /.well-known/jwks.json`, `POST /token` with `{roles, firmId?, ttlMinutes?}`.
 * It gives a token to whoever asks, so it answers to this machine's own name only: a web page that points its own
 * domain at 127.0.0.1 gets nothing.
 */
export function identityApp(key: SigningKey): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    if (!LOCAL_HOSTS.includes(new URL(context.req.url).hostname)) return context.json({ error: 'forbidden' }, 403)
    return next()
  })
  app.get('/', (context) =>
    context.text('The development identity provider. It has no pages: `npm run token` prints a token.'),
  )
  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/.well-known/jwks.json', (context) => context.json({ keys: [key.publicJwk] }))
  app.post('/token', async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined)
    const request = tokenRequest.safeParse(body)
    if (!request.success) {
      return context.json({ error: 'invalid_request', error_description: z.prettifyError(request.error) }, 400)
    }
    return context.json({
      access_token: await mintToken(key, request.data),
      token_type: 'Bearer',
      expires_in: Math.round(request.data.ttlMinutes * 60),
    })
  })
  return app
}
