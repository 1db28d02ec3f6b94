import { setTimeout as delay } from 'node:timers/promises'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { timeout } from 'hono/timeout'
import { codedError } from '../api/coded-error.ts'
import { type CommandGateway, CommandUnanswered } from '../api/command-gateway.ts'
import { clientAddress } from '../api/limits/address.ts'
import type { RateLimits } from '../api/limits/rate-limits.ts'
import { isOutage } from '../api/outage.ts'
import type { AppEnv } from '../api/request-log.ts'
import type { Database } from '../db/pool.ts'
import { type Attempt, readAttempt, readPayment } from './attempt.ts'
import { payPath } from './link.ts'
import { findLink, type PayLink, readRequest } from './link-request.ts'
import { openPayment } from './open-payment.ts'
import { readForm } from './pay-form.ts'
import { paymentUnseenPage } from './payment-unseen-page.ts'
import { refusalWords } from './refusal-words.ts'
import { requestPage } from './request-page.ts'
import { thanks } from './thanks.ts'
import { openingPage, tryAgainPage, unknownLinkPage } from './views/message-pages.ts'
import { payCss } from './views/pay-css.ts'
import { tooOftenPage } from './views/too-often-page.ts'

const FORM_LIMIT_BYTES = 16_384
const ANSWER_WITHIN_MS = 25_000
/** How long a client waits for the provider's page before being shown that it is being opened. */
const OPENING_WAIT_MS = 8_000
const POLL_MS = 100

interface PayDependencies {
  db: Database
  commands: CommandGateway
  /** PUBLIC_URL: forms are taken from its pages only. */
  publicUrl: string
  trustedProxies: number
  rateLimits: Pick<RateLimits, 'payLink' | 'payAddress'>
}

type PayEnv = { Variables: AppEnv['Variables'] & { link: PayLink } }

/**
 * The payment page, mounted at `/pay`. Its address is the credential: it opens one request and the attempts at it, and a
 * token that opens nothing gets one and the same answer everywhere. Looking changes nothing (mail scanners follow links).
 */
export function payRoutes({ db, commands, publicUrl, trustedProxies, rateLimits }: PayDependencies): Hono<PayEnv> {
  const pay = new Hono<PayEnv>()

  pay.get('/assets/pay.css', (c) => c.body(payCss, 200, { 'Content-Type': 'text/css; charset=utf-8' }))

  pay.use(timeout(ANSWER_WITHIN_MS, new HTTPException(503)))
  pay.use('/:token/*', async (c, next) => {
    // By the address first, so that whoever tries tokens does not get to ask the database about each.
    const tooOften = await rateLimits.payAddress.spend(clientAddress(c, trustedProxies))
    if (tooOften !== null) return comeAgain(c, tooOften)
    const link = await findLink(db, c.req.param('token'))
    if (!link) return c.html(unknownLinkPage(), 404)
    const linkTooOften = await rateLimits.payLink.spend(link.requestId)
    if (linkTooOften !== null) return comeAgain(c, linkTooOften)
    c.set('link', link)
    return next()
  })

  pay.get('/:token', async (c) => {
    const link = c.get('link')
    const cameBack = c.req.query('cancelled') !== undefined
    return c.html(requestPage(link, await readRequest(db, link), { cameBack }))
  })

  pay.post(
    '/:token',
    bodyLimit({ maxSize: FORM_LIMIT_BYTES, onError: (c) => codedError(c, 413, 'PAYLOAD_TOO_LARGE') }),
    async (c) => {
      const link = c.get('link')
      if (!isFromOwnPage(c, publicUrl)) return c.html(tryAgainPage({ retryUrl: payPath(link.token) }), 403)
      const request = await readRequest(db, link)
      if (request.dueMinor === 0n) return c.html(requestPage(link, request))

      const { chosenAmount, error, ...form } = readForm(await c.req.text(), request.currency)
      if (error) return c.html(requestPage(link, request, { error, chosenAmount }), 422)
      const { attemptId, refusal } = await openPayment(commands, link, form)
      if (attemptId !== undefined) return c.redirect(`${payPath(link.token)}/opening/${attemptId}`, 303)

      c.get('log').info({ code: refusal.code, retainerRequestId: link.requestId }, 'payment refused')
      const words = { code: refusal.code, message: refusalWords(refusal, request.currency) }
      return c.html(requestPage(link, await readRequest(db, link), { error: words, chosenAmount }), 422)
    },
  )

  pay.get('/:token/opening/:attemptId', async (c) => {
    const link = c.get('link')
    const attempt = await untilOpened(c, () => readAttempt(db, link, c.req.param('attemptId')))
    if (!attempt) return c.html(unknownLinkPage(), 404)
    if (attempt.checkoutUrl !== null) return c.redirect(attempt.checkoutUrl, 303)
    if (attempt.status === 'OPENING') return c.html(openingPage({ refreshUrl: c.req.path, refreshSeconds: 1 }))
    if (attempt.status === 'PAID') return c.redirect(`${payPath(link.token)}/thanks/${attempt.id}`, 303)
    const request = await readRequest(db, link)
    if (request.dueMinor === 0n) return c.html(requestPage(link, request))
    return c.html(tryAgainPage({ retryUrl: payPath(link.token) }), 409)
  })

  pay.get('/:token/thanks/:attemptId', async (c) => {
    const link = c.get('link')
    const attempt = await readAttempt(db, link, c.req.param('attemptId'))
    if (!attempt) return c.html(unknownLinkPage(), 404)
    const payment = await readPayment(db, link, attempt.id)
    return c.html(thanks(link, await readRequest(db, link), attempt, payment))
  })

  pay.all('*', (c) => c.html(unknownLinkPage(), 404))

  pay.onError((err, c) => {
    // Who has left before the page was there reads none; otherwise it is ours to know.
    if (!c.req.raw.signal.aborted) c.get('log').error({ err }, 'payment page failed')
    const passes = err instanceof CommandUnanswered || err instanceof HTTPException || isOutage(err)
    return later(c, passes ? 503 : 500)
  })

  return pay
}

/** Where to go on from here; nowhere after the provider's page, where the client may have been charged. */
function retryUrlOf(c: Context): string | undefined {
  const [, , token = '', page] = c.req.path.split('/')
  return page === 'thanks' ? undefined : payPath(token)
}

/** Trouble that passes, in the words that fit the page. */
function later(c: Context, status: 500 | 503) {
  const retryUrl = retryUrlOf(c)
  return c.html(retryUrl === undefined ? paymentUnseenPage() : tryAgainPage({ retryUrl }), status)
}

function comeAgain(c: Context, retryAfterS: number) {
  c.header('Retry-After', String(retryAfterS))
  return c.html(tooOftenPage({ waitS: retryAfterS, retryUrl: retryUrlOf(c) }), 429)
}

/** Waits while the provider's page is being made. It is shown only once the matter has taken note of it (R10). */
async function untilOpened(c: Context<PayEnv>, read: () => Promise<Attempt | null>): Promise<Attempt | null> {
  const deadline = performance.now() + OPENING_WAIT_MS
  for (;;) {
    const attempt = await read()
    const waiting = attempt?.status === 'OPENING' && performance.now() < deadline && !c.req.raw.signal.aborted
    if (!waiting) return attempt
    await delay(POLL_MS)
  }
}

/** Browsers say where a form came from. The token guards the form already; this keeps other sites from sending it blindly. */
function isFromOwnPage(c: Context, publicUrl: string): boolean {
  const origin = c.req.header('origin')
  return origin === undefined || [publicUrl, c.req.url].some((own) => new URL(own).origin === origin)
}
