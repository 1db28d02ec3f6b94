import { Hono } from 'hono'
import { html } from 'hono/html'
import type Stripe from 'stripe'
import type { NodeEnv } from '../../far-side/intercept.ts'
import { type Markup, page, table, tag } from '../../far-side/page.ts'
import { formatAmount } from '../currencies.ts'
import type { StoredCharge } from '../resources/charge-object.ts'
import type { StoredDispute } from '../resources/dispute-object.ts'
import type { StoredRefund } from '../resources/refund-outcome.ts'
import type { World } from '../world.ts'
import { at, type Row, whose } from './cells.ts'
import { chargeTable, disputeTable, payoutTable, refundTable } from './money.ts'

const ROWS = 50

function sessionTable(rows: Row<Stripe.Checkout.Session>[]): Markup {
  const cells = rows.map(
    ({ owner, doc }) => html`<tr>${at(doc.created)}<td><a href="/c/pay/${doc.id}">${doc.id.slice(0, 22)}…</a></td>
      <td>${doc.client_reference_id ?? ''}</td><td>${doc.customer_email ?? ''}</td>
      <td class="num">${formatAmount(doc.amount_total ?? 0, doc.currency ?? '')}</td>
      <td>${tag(doc.status ?? '')} ${tag(doc.payment_status)}</td>${whose(owner)}</tr>`,
  )
  const heads = ['Created', 'Session', 'Reference', 'Email', 'Amount', 'Status', 'Account']
  return table(heads, cells, 'No session has been made yet.')
}

function eventTable(rows: Row<Stripe.Event>[]): Markup {
  const cells = rows.map(
    ({ owner, doc }) => html`<tr>${at(doc.created)}<td><a href="/_control/events/${doc.id}">${doc.id}</a></td>
      <td>${doc.type}</td>${whose(owner)}</tr>`,
  )
  return table(['Created', 'Event', 'Type', 'Account'], cells, 'Nothing has happened yet.')
}

function deliveryTable(world: World): Markup {
  const cells = world.deliveries.recent(ROWS).map(
    (row) => html`<tr><td><a href="/_control/events/${row.eventId}">${row.eventId}</a></td><td>${row.type}</td>
      <td>${tag(row.state)}</td><td class="num">${row.attempts}</td><td>${row.lastResult ?? ''}</td></tr>`,
  )
  return table(['Event', 'Type', 'State', 'Attempts', 'Last answer'], cells, 'Nothing has been delivered yet.')
}

/** The page at `/` for the developer: all there is, with buttons for what banks and payers do. */
export function dashboard(world: World): Hono<NodeEnv> {
  const newest = <T>(kind: string) => world.documents.all<T>(kind, ROWS)
  return new Hono<NodeEnv>().get('/', (c) => {
    world.agenda.catchUp()
    const charges = newest<StoredCharge>('charge')
    const accounts = [...new Set(charges.map(({ owner }) => owner))].sort()
    const body = html`
      <h2>Checkout sessions</h2>${sessionTable(newest('checkout_session'))}
      <h2>Charges</h2>${chargeTable(charges)}
      <h2>Refunds</h2>${refundTable(newest<StoredRefund>('refund'))}
      <h2>Disputes</h2>${disputeTable(newest<StoredDispute>('dispute'))}
      <h2>Payouts</h2>${payoutTable(newest('payout'), accounts)}
      <h2>Events</h2>${eventTable(newest('event'))}
      <h2>Webhook deliveries</h2>${deliveryTable(world)}`
    return c.html(page('Stripe sandbox', 'test mode: stands in for Stripe, no money moves', body, 5))
  })
}
