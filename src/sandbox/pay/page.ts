import { html, raw } from 'hono/html'
import type Stripe from 'stripe'
import type { Markup } from '../../far-side/page.ts'
import { formatAmount } from '../currencies.ts'
import type { Order } from '../resources/session-object.ts'
import { methodFields } from './method-fields.ts'

type Session = Stripe.Checkout.Session

const STYLE = `
  :root { --ink: #1a1f36; --soft: #697386; --line: #d8dee8; --accent: #4f46e5; }
  * { box-sizing: border-box; }
  body { margin: 0; color: var(--ink); background: #fff; font: 15px/1.5 system-ui, 'Segoe UI', Roboto, sans-serif; }
  .ribbon { background: #ffdf9e; color: #6b3f00; text-align: center; font-size: 13px; font-weight: 600; padding: 6px 16px; }
  .split { display: grid; grid-template-columns: 1fr 1fr; min-height: calc(100vh - 32px); }
  .what { background: #f6f8fa; padding: 56px 56px 40px; display: flex; justify-content: flex-end; }
  .how { padding: 56px; } .inner { width: 100%; max-width: 400px; }
  .back { color: var(--soft); text-decoration: none; font-size: 14px; } .back:hover { color: var(--ink); }
  .payee { margin: 28px 0 4px; color: var(--soft); font-weight: 600; } .total { font-size: 38px; font-weight: 700; letter-spacing: -.5px; margin: 0 0 28px; }
  .line { display: flex; justify-content: space-between; gap: 20px; padding: 12px 0; border-top: 1px solid var(--line); }
  .line small { display: block; color: var(--soft); } .line b { white-space: nowrap; }
  h1 { font-size: 20px; margin: 0 0 20px; } label.field { display: block; font-size: 13px; font-weight: 600; color: #3c4257; margin-bottom: 20px; }
  input[type=email], input[type=text] { width: 100%; margin-top: 6px; font: inherit; font-size: 15px; font-weight: 400; padding: 10px 12px; border: 1px solid var(--line); border-radius: 7px; }
  input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid #c7c4fb; outline-offset: 1px; }
  fieldset { border: 1px solid var(--line); border-radius: 9px; padding: 0; margin: 0 0 20px; } legend { font-size: 13px; font-weight: 600; color: #3c4257; padding: 0 4px; margin-left: 8px; }
  .card { display: flex; gap: 10px; align-items: center; padding: 11px 14px; border-top: 1px solid var(--line); cursor: pointer; } .card:first-of-type { border-top: 0; }
  .card span { flex: 1; font-variant-numeric: tabular-nums; white-space: nowrap; } .card small { color: var(--soft); text-align: right; } .card input[type=text] { margin: 0; padding: 6px 10px; }
  .method { display: flex; gap: 10px; align-items: center; padding: 11px 14px; font-weight: 600; cursor: pointer; } fieldset:not(:has(.method > input:checked)) .card { display: none; }
  button { width: 100%; font: inherit; font-weight: 600; font-size: 16px; color: #fff; background: var(--accent); border: 0; border-radius: 7px; padding: 13px; cursor: pointer; } button:hover { background: #4338ca; }
  .error { background: #fdecee; color: #a3082f; border-radius: 7px; padding: 10px 14px; margin-bottom: 20px; } .foot { color: var(--soft); font-size: 12.5px; margin-top: 18px; }
  .notice { max-width: 480px; margin: 14vh auto; padding: 0 24px; text-align: center; } .notice a { color: var(--accent); }
  @media (max-width: 820px) { .split { display: block; } .what, .how { padding: 32px 24px; justify-content: center; } .inner { margin: 0 auto; } }`

function frame(title: string, body: Markup): Markup {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style>${raw(STYLE)}</style></head>
<body><div class="ribbon" role="note">SANDBOX · test mode · no money moves and no real card or account is taken</div>${body}</body></html>`
}

function notice(title: string, text: string, link?: { href: string; label: string }): Markup {
  const onward = link ? html`<p><a href="${link.href}">${link.label}</a></p>` : ''
  return frame(title, html`<main class="notice"><h1>${title}</h1><p>${text}</p>${onward}</main>`)
}

/** The page of an open session: what is paid, to whom, and how. `retry` says why the last try failed. */
export function payPage(session: Session, order: Order, retry?: { message: string; email?: string }): Markup {
  const currency = session.currency ?? ''
  const total = formatAmount(session.amount_total ?? 0, currency)
  const email = retry?.email ?? session.customer_email ?? ''
  const back = session.cancel_url ? html`<a class="back" href="${session.cancel_url}">← Back to ${order.payee}</a>` : ''
  const lines = order.lines.map(
    (line) => html`<div class="line"><div>${line.name}${line.quantity > 1 ? ` × ${line.quantity}` : ''}
      ${line.description ? html`<small>${line.description}</small>` : ''}</div><b>${formatAmount(line.amountMinor, currency)}</b></div>`,
  )
  return frame(
    `Pay ${total} to ${order.payee}`,
    html`<div class="split">
<section class="what"><div class="inner">${back}<p class="payee">Pay ${order.payee}</p><p class="total">${total}</p>
${lines}<div class="line"><b>Total due</b><b>${total}</b></div></div></section>
<main class="how"><form class="inner" method="post"><h1>Payment details</h1>
${retry ? html`<div class="error" role="alert">${retry.message} You have not been charged.</div>` : ''}
<label class="field">Email<input type="email" name="email" value="${email}" required autocomplete="email"></label>
${methodFields(session.payment_method_types)}
<button type="submit">Pay ${total}</button>
<p class="foot">This page stands in for Stripe Checkout. Choose what pays by the outcome you want to see.</p></form></main></div>`,
  )
}

/** For a session that has been confirmed: paid, or to be paid by a bank debit. */
export function completePage(session: Session): Markup {
  const amount = formatAmount(session.amount_total ?? 0, session.currency ?? '')
  const href = (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
  const link = { href, label: 'Continue to the confirmation' }
  if (session.payment_status === 'paid')
    return notice('Already paid', `This payment of ${amount} is complete. You will not be charged again.`, link)
  return notice('Already confirmed', `This bank debit of ${amount} was confirmed. It will not be made again.`, link)
}

/** For a session that ran out of time or was ended by the merchant. */
export function expiredPage(session: Session): Markup {
  const link = session.cancel_url ? { href: session.cancel_url, label: 'Go back to see what is due now' } : undefined
  return notice(
    'This payment page has expired',
    'Nothing was charged. Payment pages are open for a limited time.',
    link,
  )
}

/** For an id nobody gave out. */
export function unknownPage(): Markup {
  return notice('Page not found', 'There is no payment at this address. Please check the link you were given.')
}
