import { Hono } from 'hono'
import type Stripe from 'stripe'
import type { NodeEnv } from '../../far-side/intercept.ts'
import type { StoredCharge } from '../resources/charge-object.ts'
import type { World } from '../world.ts'

const MOST = 1000

/**
 * What tests look at, newest first and with `account` on each: GET `/_control/sessions`, `/payments` (charges), `/refunds`,
 * `/disputes`, `/payouts`, `/events`, and `/events/:id`.
 */
export function inspection(world: World): Hono<NodeEnv> {
  const app = new Hono<NodeEnv>()
  const show = <T extends object>(path: string, kind: string) =>
    app.get(`/_control/${path}`, (c) =>
      c.json(world.documents.all<T>(kind, MOST).map(({ owner, doc }) => ({ account: owner || null, ...doc }))),
    )
  show<Stripe.Checkout.Session>('sessions', 'checkout_session')
  show<StoredCharge>('payments', 'charge')
  show<Stripe.Refund>('refunds', 'refund')
  show<Stripe.Dispute>('disputes', 'dispute')
  show<Stripe.Payout>('payouts', 'payout')
  show<Stripe.Event>('events', 'event')
  app.get('/_control/events/:id', (c) => {
    const id = c.req.param('id')
    const owner = world.documents.ownerOf('event', id)
    return owner === undefined ? c.notFound() : c.json(world.documents.get<object>('event', owner, id) ?? {})
  })
  return app
}
