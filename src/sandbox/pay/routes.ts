import { Hono } from 'hono'
import { z } from 'zod'
import type { NodeEnv } from '../../far-side/intercept.ts'
import { findSession } from '../resources/checkout-sessions.ts'
import type { World } from '../world.ts'
import { completePage, expiredPage, payPage, unknownPage } from './page.ts'
import { type Choice, paySession } from './pay.ts'

const Form = z.object({
  email: z.email().max(512),
  method: z.enum(['card', 'us_bank_account']).optional(),
  card_number: z.string().min(1).max(40).optional(),
  other_card_number: z.string().max(40).default(''),
  account_number: z.string().min(1).max(40).optional(),
})

// The page sends both numbers and says which is meant; a program may send just the one.
function choiceOf(form: z.output<typeof Form>): Choice | undefined {
  const { method, card_number, account_number } = form
  if (account_number !== undefined && (method === 'us_bank_account' || card_number === undefined))
    return { accountNumber: account_number }
  if (card_number === undefined) return undefined
  return { cardNumber: card_number === 'other' ? form.other_card_number : card_number }
}

/**
 * The hosted page: GET /c/pay/:sessionId shows it, POST pays. A program pays by posting the same form: `email` with
 * `card_number` or `account_number`. Answers 303 to the success URL (paid, or on its way from a bank), or 402 with the reason on
 * the page, or 410 when it can't be paid any more.
 */
export function payRoutes(world: World): Hono<NodeEnv> {
  const app = new Hono<NodeEnv>()

  app.use('/c/pay/*', async (c, next) => {
    world.agenda.catchUp()
    await next()
    c.header('cache-control', 'no-store')
    c.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
  })

  app.get('/c/pay/:id', (c) => {
    const found = findSession(world, c.req.param('id'))
    if (!found) return c.html(unknownPage(), 404)
    if (found.session.status === 'complete') return c.html(completePage(found.session))
    if (found.session.status === 'expired') return c.html(expiredPage(found.session), 410)
    return c.html(payPage(found.session, found.order))
  })

  app.post('/c/pay/:id', async (c) => {
    const form = Form.safeParse(await c.req.parseBody())
    const found = findSession(world, c.req.param('id'))
    if (!found) return c.html(unknownPage(), 404)
    const { session, order } = found
    const choice = form.data && choiceOf(form.data)
    if (!choice && session.status === 'open') {
      const message = 'Please give an email address and a way to pay.'
      return c.html(payPage(session, order, { message }), 400)
    }
    const email = form.data?.email ?? ''
    const payment = paySession(world, session.id, choice ?? { cardNumber: '' }, email)
    if (payment.kind === 'confirmed') return c.redirect(payment.successUrl, 303)
    if (payment.kind === 'declined') return c.html(payPage(session, order, { message: payment.message, email }), 402)
    return c.html(expiredPage(session), 410)
  })

  return app
}
