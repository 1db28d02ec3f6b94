import { html } from 'hono/html'
import { type Html, page } from './views/page.ts'

/** For trouble that passes, after the provider's page: unlike before it, the client may have been charged. */
export function paymentUnseenPage(): Html {
  return page({
    title: 'Your payment',
    refresh: { seconds: 10 },
    body: html`<h1>We cannot show your payment right now</h1>
<p role="alert">If you have paid, your payment is safe and will be posted to your retainer. You then receive a receipt by email. Please do not pay again before that.</p>
<p class="quiet">This page tries again by itself.</p>`,
  })
}
