import { html } from 'hono/html'
import { type Html, page } from './page.ts'

interface TooOftenPageProps {
  /** When the page will be shown again. */
  waitS: number
  /** Our payment page; left out after the provider's, where the client may have been charged. */
  retryUrl?: string | undefined
}

/** For a link, or an address, that opened payment pages too often in a short while. It comes back by itself once it may. */
export function tooOftenPage({ waitS, retryUrl }: TooOftenPageProps): Html {
  const wait = waitS === 1 ? 'one second' : `${waitS} seconds`
  return page({
    title: 'Please wait a moment',
    refresh: { ...(retryUrl !== undefined && { url: retryUrl }), seconds: waitS },
    body: html`<h1>Please wait a moment</h1>
<p role="alert">Payment pages were opened very often in a short while, from this link or from your network. To protect them, we pause for ${wait}.</p>
${
  retryUrl === undefined
    ? html`<p>If you have paid, your payment is safe and will be posted to your retainer. You then receive a receipt by email. Please do not pay again before that.</p>`
    : html`<p>You have not been charged, and your link stays valid.</p>
<p><a class="button" href="${retryUrl}">Try again in ${wait}</a></p>`
}
<p class="quiet">This page tries again by itself.</p>`,
  })
}
