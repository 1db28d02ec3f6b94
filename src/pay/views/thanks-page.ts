import { html } from 'hono/html'
import { facts, type Html, page } from './page.ts'

interface ThanksPageProps {
  firmName: string
  amount: string
  /**
   * `posting`: paid, not in the books yet. `posted`: in the books. `onItsWay`: a bank debit, which posts when it
   * settles (R13). `takenBack`: the bank took all of it back since (R18). `afterClosing`: in the books, and in no retainer (R20).
   */
  state: 'posting' | 'posted' | 'onItsWay' | 'takenBack' | 'afterClosing'
  /** What the bank took back; leave out when nothing. */
  takenBack?: string | undefined
  /** The retainer now. */
  balance?: string | undefined
  /** What is still due now; leave out when nothing is. */
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
  afterClosing: {
    heading: 'Thank you',
    sentence:
      'Your payment has arrived. The matter was closed before, so your law firm has been told, and will settle with you what becomes of it.',
  },
  takenBack: {
    heading: 'Your payment was taken back',
    sentence:
      'Your payment was posted to your retainer. Your bank has taken it back since, so it no longer counts as received.',
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
  ['Taken back by the bank', props.takenBack],
  ['Retainer balance now', props.balance],
  ['Still due now', props.remaining],
  ['Reference', props.reference],
])}
${props.payAgainUrl !== undefined && html`<p><a class="button" href="${props.payAgainUrl}">${props.remaining === undefined ? 'Make another payment' : `Pay the remaining ${props.remaining}`}</a></p>`}
<p class="quiet">${props.state === 'posting' ? 'You can close this page at any time. Your payment will be posted all the same.' : 'You can close this page.'}</p>`,
  })
}
