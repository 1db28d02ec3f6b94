import { html } from 'hono/html'
import { facts, type Html, page } from './page.ts'

interface ThanksPageProps {
  firmName: string
  amount: string
  /**
   * `posting`: paid, not in the books yet. `posted`: in the books. `onItsWay`: a bank debit, which posts when it
   * settles (R13).
   */
  state: 'posting' | 'posted' | 'onItsWay'
  /** The retainer after the posting. */
  balance?: string | undefined
  /** What is still due; leave out when nothing is. */
  remaining?: string | undefined
  postedAt?: string | undefined
  /** What the receipt names too; left out until it is known. */
  reference?: string | undefined
  /** Loads the page again after so many seconds, to show the posting once it has happened (R12). */
  refreshSeconds?: number | undefined
  /** Our payment page, for the remainder. */
  payAgainUrl?: string | undefined
}

const WORDS = {
  posting: {
    heading: 'Thank you',
    sentence: 'Your payment was accepted and is being posted to your retainer. This usually takes a few seconds.',
  },
  posted: {
    heading: 'Thank you',
    sentence: 'Your payment is posted to your retainer. A receipt is on its way to you by email.',
  },
  onItsWay: {
    heading: 'Your payment is on its way',
    sentence:
      'Payments from a bank account take several business days. When the money has arrived it is posted to your retainer, and you receive a receipt by email. You do not need to pay again.',
  },
} as const

/** What the client sees after paying (R12, R13). */
export function thanksPage(props: ThanksPageProps): Html {
  const { heading, sentence } = WORDS[props.state]
  return page({
    title: `${heading} | ${props.firmName}`,
    firmName: props.firmName,
    refresh: props.refreshSeconds === undefined ? undefined : { seconds: props.refreshSeconds },
    body: html`<h1>${heading}</h1>
<p role="status">${sentence}</p>
<dl class="due"><div><dt>${props.state === 'onItsWay' ? 'Amount' : 'You paid'}</dt><dd><bdi>${props.amount}</bdi></dd></div></dl>
${facts([
  ['Posted', props.postedAt],
  ['Retainer balance', props.balance],
  ['Still due', props.remaining],
  ['Reference', props.reference],
])}
${props.payAgainUrl !== undefined && html`<p><a class="button" href="${props.payAgainUrl}">${props.remaining === undefined ? 'Make another payment' : `Pay the remaining ${props.remaining}`}</a></p>`}
<p class="quiet">${props.state === 'posting' ? 'You can close this page at any time. Your payment will be posted all the same.' : 'You can close this page.'}</p>`,
  })
}
