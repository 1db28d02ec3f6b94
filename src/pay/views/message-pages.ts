import { html } from 'hono/html'
import { type Html, page } from './page.ts'

interface OpeningPageProps {
  /** Where to look again for the provider's page; our own address, which redirects once there is one. */
  refreshUrl: string
  refreshSeconds: number
}

/** Shown while the provider's page is being opened. */
export function openingPage({ refreshUrl, refreshSeconds }: OpeningPageProps): Html {
  return page({
    title: 'Opening the payment page',
    refresh: { url: refreshUrl, seconds: refreshSeconds },
    body: html`<h1>Taking you to the secure payment page</h1>
<p role="status">This usually takes a second or two. Nothing has been charged yet.</p>
<p class="quiet">If nothing happens, <a href="${refreshUrl}">continue to the payment page</a>.</p>`,
  })
}

const NOTHING_DUE = {
  paid: { heading: 'This request is paid', sentence: 'Thank you. Nothing more is due on this request.' },
  withdrawn: {
    heading: 'This request was withdrawn',
    sentence: 'Nothing is due, and no payment can be made with this link.',
  },
  onItsWay: {
    heading: 'Your payment is on its way',
    sentence:
      'Nothing is due: a bank payment that covers this request is on its way. It takes several business days to arrive, and you do not need to pay again.',
  },
  nothingDue: { heading: 'Nothing is due', sentence: 'There is nothing to pay at the moment.' },
} as const

interface NothingDuePageProps {
  firmName: string
  matterNumber?: string | undefined
  reason: keyof typeof NOTHING_DUE
}

/** For a good link with nothing to pay (R8, R10, R13). Tells no amounts and no names beyond the firm's. */
export function nothingDuePage({ firmName, matterNumber, reason }: NothingDuePageProps): Html {
  const { heading, sentence } = NOTHING_DUE[reason]
  return page({
    title: `${heading} | ${firmName}`,
    firmName,
    body: html`<h1>${heading}</h1>
<p>${sentence}</p>
${matterNumber !== undefined && html`<p class="quiet">Matter <bdi>${matterNumber}</bdi></p>`}
<p class="quiet">If you expected something else, please contact <bdi>${firmName}</bdi>.</p>`,
  })
}

/** For a wrong or old link. The same for every such link, so that it tells nothing to someone who tries them. */
export function unknownLinkPage(): Html {
  return page({
    title: 'This link cannot be used',
    body: html`<h1>This link cannot be used</h1>
<p>The address may be incomplete, or the link may no longer be valid.</p>
<p>Please open the link in the most recent email from your law firm. If that does not work either, contact your law firm at a phone number or address you already know.</p>`,
  })
}

/** For trouble that passes, before any payment was made. `retryUrl` is fetched by GET. */
export function tryAgainPage({ retryUrl }: { retryUrl: string }): Html {
  return page({
    title: 'Please try again',
    body: html`<h1>We could not open the payment page</h1>
<p role="alert">Something on our side did not work for a moment. You have not been charged.</p>
<p><a class="button" href="${retryUrl}">Try again</a></p>
<p class="quiet">If this keeps happening, please try again in an hour or contact your law firm.</p>`,
  })
}
