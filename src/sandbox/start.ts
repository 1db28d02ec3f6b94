import { Hono } from 'hono'
import Stripe from 'stripe'
import { controlRoutes } from '../far-side/control.ts'
import { type Clock, openDatabase } from '../far-side/database.ts'
import { openDeliveries } from '../far-side/deliveries.ts'
import { openDocuments } from '../far-side/documents.ts'
import { Faults, makeFaultSwitches } from '../far-side/faults.ts'
import { openIdempotency } from '../far-side/idempotency.ts'
import type { NodeEnv } from '../far-side/intercept.ts'
import { listen } from '../far-side/serve.ts'
import { openAgenda } from './agenda.ts'
import { stripeApi } from './api.ts'
import { openBalanceBook } from './balance-book.ts'
import { openBehaviour } from './behaviour.ts'
import { sandboxControls } from './controls/routes.ts'
import { inspection } from './dashboard/inspection.ts'
import { dashboard } from './dashboard/routes.ts'
import { payRoutes } from './pay/routes.ts'
import { makeFeesKnownOnTime } from './resources/charges.ts'
import { expireSessionsOnTime } from './resources/checkout-sessions.ts'
import { concludeDebitsOnTime } from './resources/debits.ts'
import { makeAvailableOnTime } from './resources/movement.ts'
import { concludePayoutsOnTime } from './resources/payout-life.ts'
import { concludeRefundsOnTime } from './resources/refund-outcome.ts'
import type { World } from './world.ts'

/** A running sandbox. */
export interface Sandbox {
  /** Where API, hosted page, dashboard and `/_control` are: `http://127.0.0.1:<port>`. */
  url: string
  /** Registers the webhook endpoint, for when its port is known only now. */
  setWebhookUrl: (url: string) => void
  close: () => Promise<void>
}

export interface SandboxOptions {
  /** 0: any free port. */
  port: number
  /** The file that keeps everything, or ':memory:'. */
  statePath: string
  /** The only API key that is let in. */
  secretKey: string
  webhookSecret: string
  /** Where events go. Without one, events are only listed. */
  webhookUrl?: string
  /** What sessions expire and events are dated by. Signatures use the machine's clock: those who verify them do. */
  now?: Clock
}

const TICK_MS = 500

/** What happens by itself when its time has come. */
const ON_TIME = [
  expireSessionsOnTime,
  makeFeesKnownOnTime,
  concludeDebitsOnTime,
  concludeRefundsOnTime,
  concludePayoutsOnTime,
  makeAvailableOnTime,
]

/** Starts the sandbox: a stand-in for the part of Stripe this project uses, to the official client. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { statePath, secretKey, webhookSecret, now = Date.now } = options
  const db = openDatabase(statePath)
  const faults = makeFaultSwitches(Faults)
  const signature = new Stripe(secretKey).webhooks
  const deliveries = openDeliveries({
    db,
    now,
    faults,
    url: options.webhookUrl,
    sign: ({ body }) => ({
      'stripe-signature': signature.generateTestHeaderString({ payload: body, secret: webhookSecret }),
    }),
  })
  let url = ''
  const documents = openDocuments(db)
  const agenda = openAgenda(db, now)
  const world: World = {
    db,
    now,
    documents,
    agenda,
    deliveries,
    faults,
    behaviour: openBehaviour(db),
    balanceBook: openBalanceBook(db),
    baseUrl: () => url,
  }
  for (const inTime of ON_TIME) inTime(world)

  const closing = new AbortController()
  const app = new Hono<NodeEnv>()
  app.route('/', stripeApi({ world, secretKey, keyed: openIdempotency(db, now), closing: closing.signal }))
  app.route('/', payRoutes(world))
  app.route('/', dashboard(world))
  app.route('/', inspection(world))
  app.route('/_control', controlRoutes(faults, deliveries))
  app.route('/_control', sandboxControls(world))
  app.get('/healthz', (c) => c.text('ok'))
  app.onError((error, c) => {
    if (!closing.signal.aborted) console.error(error)
    return c.json({ error: { type: 'api_error', message: 'The sandbox failed; its log says why.' } }, 500)
  })

  const server = await listen(app, options.port)
  url = server.url
  const ticker = setInterval(() => agenda.catchUp(), TICK_MS)
  return {
    url,
    setWebhookUrl: (newUrl) => deliveries.setUrl(newUrl),
    async close() {
      clearInterval(ticker)
      closing.abort()
      await deliveries.close()
      await server.close()
      db.close()
    },
  }
}
