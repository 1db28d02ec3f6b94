import type Stripe from 'stripe'
import { z } from 'zod'
import { emit } from '../emit.ts'
import { invalidRequest } from '../errors.ts'
import { createdRange, paging, parse, text } from '../params.ts'
import type { Call, Cause, Endpoint, World } from '../world.ts'
import { parseCreate } from './checkout-params.ts'
import { listAnswer, retrieve } from './list.ts'
import { cancelIntent } from './payment-intents.ts'
import { newSession, type Order } from './session-object.ts'

type Session = Stripe.Checkout.Session

const PATH = '/v1/checkout/sessions'
const KIND = 'checkout_session'
const EXPIRE = 'expire_session'

/** The session and what belongs to it, whoever's it is: for the page, whose visitor knows the id only. */
export function findSession(world: World, id: string): { account: string; session: Session; order: Order } | undefined {
  const account = world.documents.ownerOf(KIND, id)
  if (account === undefined) return undefined
  const session = world.documents.get<Session>(KIND, account, id)
  const order = world.documents.get<Order>('checkout_order', account, id)
  return session && order && { account, session, order }
}

/** The session that a payment intent came from. */
export function sessionOfIntent(world: World, account: string, intentId: string): Session | undefined {
  return world.documents.list<Session>(KIND, account, { limit: 1 }, { equal: { '$.payment_intent': intentId } })
    ?.data[0]
}

/** Stores a session's new state. */
export function saveSession(world: World, account: string, session: Session): void {
  world.documents.put(KIND, account, session)
}

function expireSession(world: World, account: string, session: Session, cause: Cause): Session {
  const expired: Session = { ...session, status: 'expired', url: null }
  saveSession(world, account, expired)
  // An attempt that was declined left an intent behind; nobody may pay it any more.
  if (typeof session.payment_intent === 'string') cancelIntent(world, account, session.payment_intent, cause)
  emit(world, { account, type: 'checkout.session.expired', object: expired, cause })
  return expired
}

/** Lets open sessions expire at their time. */
export function expireSessionsOnTime(world: World): void {
  world.agenda.on(EXPIRE, (account, id) => {
    const session = world.documents.get<Session>(KIND, account, id)
    if (session?.status === 'open') expireSession(world, account, session, null)
  })
}

function create(call: Call): Session {
  const { world, account } = call
  const { session, order } = newSession(world, parseCreate(call))
  saveSession(world, account, session)
  world.documents.put('checkout_order', account, order)
  world.agenda.plan(EXPIRE, account, session.id, session.expires_at * 1000)
  return session
}

function expire(call: Call): Session {
  parse(z.strictObject({}), call.params)
  const session = retrieve<Session>(call, KIND, 'checkout.session')
  if (session.status !== 'open') {
    const now = `This Checkout Session has a status of \`${session.status}\`.`
    throw invalidRequest(`Only Checkout Sessions with a status in ["open"] can be expired. ${now}`)
  }
  return expireSession(call.world, call.account, session, call.cause)
}

const ListParams = z.strictObject({
  ...paging,
  created: createdRange,
  payment_intent: text().optional(),
  status: z.enum(['open', 'complete', 'expired']).optional(),
})

/** POST and GET /v1/checkout/sessions, GET /v1/checkout/sessions/:id, POST /v1/checkout/sessions/:id/expire. */
export const checkoutSessionEndpoints: Endpoint[] = [
  { method: 'POST', path: PATH, act: create },
  {
    method: 'GET',
    path: PATH,
    act(call) {
      const { payment_intent, status, created, ...page } = parse(ListParams, call.params)
      const equal = { '$.payment_intent': payment_intent, '$.status': status }
      return listAnswer(call, KIND, PATH, page, { equal, created: created ?? {} })
    },
  },
  { method: 'GET', path: `${PATH}/:id`, act: (call) => retrieve(call, KIND, 'checkout.session') },
  { method: 'POST', path: `${PATH}/:id/expire`, act: expire },
]
