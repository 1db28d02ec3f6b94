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
import { at, type Row, shortId, whose } from './cells.ts'
import { chargeTable, disputeTable, payoutTable, refundTable } from './money.ts'

const ROWS = 50
/** Of what only tells what has happened; all of it is under `/_control/events`. */
const LOG_ROWS = 15

const STYLE = html`<style>
  .id { display: inline-block; max-width: 14ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; }
  nav.parts { display: flex; flex-wrap: wrap; gap: 4px 18px; }
</style>`

function sessionTable(rows: Row<Stripe.Checkout.Session>[]): Markup {
  const cells = rows.map(
    ({ owner, doc }) => html`<tr>${at(doc.created)}<td><a href="/c/pay/${doc.id}">${shortId(doc.id)}</a></td>
      <td>${shortId(doc.client_reference_id ?? '')}</td><td>${shortId(doc.customer_email ?? '')}</td>
      <td class="num">${formatAmount(doc.amount_total ?? 0, doc.currency ?? '')}</td>
      <td>${tag(doc.status ?? '')} ${tag(doc.payment_status)}</td>${whose(owner)}</tr>`,
  )
  const heads = ['Created', 'Session', 'Reference', 'Email', 'Amount', 'Status', 'Account']
  return table(heads, cells, 'No session has been made yet.')
}

function eventTable(rows: Row<Stripe.Event>[]): Markup {
  const cells = rows.map(
    ({ owner, doc }) => html`<tr>${at(doc.created)}<td><a href="/_control/events/${doc.id}">${shortId(doc.id)}</a></td>
      <td>${doc.type}</td>${whose(owner)}</tr>`,
  )
  return table(['Created', 'Event', 'Type', 'Account'], cells, 'Nothing has happened yet.')
}

function deliveryTable(world: World): Markup {
  const cells = world.deliveries.recent(LOG_ROWS).map(
    (row) => html`<tr><td><a href="/_control/events/${row.eventId}">${shortId(row.eventId)}</a></td><td>${row.type}</td>
      <td>${tag(row.state)}</td><td class="num">${row.attempts}</td><td>${row.lastResult ?? ''}</td></tr>`,
  )
  return table(['Event', 'Type', 'State', 'Attempts', 'Last answer'], cells, 'Nothing has been delivered yet.')
}

/** The page at `/` for the developer: all there is, with buttons for what banks and payers do. */
export function dashboard(world: World): Hono<NodeEnv> {
  const newest = <T>(kind: string, rows = ROWS) => world.documents.all<T>(kind, rows)
  return new Hono<NodeEnv>().get('/', (c) => {
    world.agenda.catchUp()
    const charges = newest<StoredCharge>('charge')
    const accounts = [...new Set(charges.map(({ owner }) => owner))].sort()
    const parts: [title: string, content: Markup][] = [
      ['Checkout sessions', sessionTable(newest('checkout_session'))],
      ['Charges', chargeTable(charges)],
      ['Refunds', refundTable(newest<StoredRefund>('refund'))],
      ['Disputes', disputeTable(newest<StoredDispute>('dispute'))],
      ['Payouts', payoutTable(newest('payout'), accounts)],
      ['Events', eventTable(newest('event', LOG_ROWS))],
      ['Webhook deliveries', deliveryTable(world)],
    ]
    const anchor = (title: string): string => title.toLowerCase().replaceAll(' ', '-')
    const body = html`${STYLE}
      <nav class="parts">${parts.map(([title]) => html`<a href="#${anchor(title)}">${title}</a>`)}</nav>
      ${parts.map(([title, content]) => html`<h2 id="${anchor(title)}">${title}</h2>${content}`)}`
    return c.html(page('Stripe sandbox', 'test mode: stands in for Stripe, no money moves', body, 5))
  })
}
