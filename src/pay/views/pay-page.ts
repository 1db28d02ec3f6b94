import { html } from 'hono/html'
import { facts, type Html, page } from './page.ts'

interface PayPageProps {
  firmName: string
  matterNumber: string
  matterTitle: string
  clientName?: string | undefined
  requestNumber: string
  kind: 'INITIAL' | 'TOP_UP'
  /** What is due at this moment (R4). */
  due: string
  /** What the main button charges where it is not `due`: the provider's smallest charge for a smaller due (R14). */
  chargedForAll?: string | undefined
  /** Whether that charge is less than what is due, because the provider can charge no more at once. */
  leavesRest?: boolean | undefined
  received?: string | undefined
  /** A bank debit that has not settled, already taken off `due` (R13). */
  pending?: string | undefined
  smallestPayment: string
  largestPayment: string
  currencyCode: string
  /** Takes a POST of `choice` (`all` | `other`), `amount` (with `other`; as typed) and `attemptId`. */
  actionUrl: string
  attemptId: string
  /** Why the last try went no further, in words for the client. */
  error?: { code: string; message: string } | undefined
  /** The other amount of the last try, as it was typed; the error is then shown at the field as well. */
  chosenAmount?: string | undefined
  /** The client came back from the provider's page without paying. */
  cameBack?: boolean | undefined
}

/** The payment page: what is due now, and the two ways to pay it, in full or another amount (R4, R14). */
export function payPage(props: PayPageProps): Html {
  const { firmName, kind, due, chargedForAll } = props
  const topUp = kind === 'TOP_UP'
  return page({
    title: props.error ? `Error: retainer payment to ${firmName}` : `Retainer payment to ${firmName}`,
    firmName,
    body: html`<h1>${topUp ? 'Retainer top-up' : 'Retainer payment'}</h1>
${notice(props)}
<p>${topUp ? 'This payment brings the retainer for your matter back to its minimum balance.' : 'A retainer is money paid in advance. It is credited to your matter and used to pay invoices.'}</p>
<dl class="due"><div><dt>Amount due now</dt><dd><bdi>${due}</bdi></dd></div></dl>
${facts([
  ['Matter', props.matterTitle],
  ['Matter number', props.matterNumber],
  ['Client', props.clientName],
  ['Request', props.requestNumber],
  ['Received so far', props.received],
  ['On its way', props.pending],
])}
${props.pending !== undefined && html`<p class="quiet">A bank payment of ${props.pending} is on its way. It takes several business days to arrive and is already taken off the amount due.</p>`}
<form method="post" action="${props.actionUrl}">
<input type="hidden" name="attemptId" value="${props.attemptId}">
<input type="hidden" name="choice" value="all">
${chargedForAll !== undefined && html`<p class="quiet">${props.leavesRest ? `The largest payment that can be made online at once is ${props.largestPayment}. The rest stays due.` : `Online, this is paid by a payment of ${chargedForAll}. What you pay beyond ${due} stays in your retainer.`}</p>`}
<button class="button" type="submit">Pay ${chargedForAll ?? due}</button>
</form>
${otherAmount(props)}
<div class="assurance">
<p class="quiet">Your payment goes to the operating account of <bdi>${firmName}</bdi> as an advance for fees.</p>
<p class="quiet">You enter your card or bank details on the next page, which belongs to the payment provider. This site does not store them.</p>
</div>`,
  })
}

function notice({ error, chosenAmount, cameBack }: PayPageProps): Html | false {
  if (error) {
    const message = chosenAmount === undefined ? error.message : html`<a href="#amount">${error.message}</a>`
    return html`<div class="notice error" role="alert" data-code="${error.code}"><p>${message}</p></div>`
  }
  return (
    cameBack === true &&
    html`<div class="notice" role="status"><p>You came back without paying. You can pay below whenever you are ready.</p></div>`
  )
}

// A form of its own: in one form with two buttons, Enter in the amount field would press the first, which pays it all.
function otherAmount(props: PayPageProps): Html {
  const fieldError = props.chosenAmount !== undefined && props.error
  return html`<form class="other" method="post" action="${props.actionUrl}" aria-labelledby="other-title">
<h2 id="other-title">Pay another amount</h2>
<input type="hidden" name="attemptId" value="${props.attemptId}">
<input type="hidden" name="choice" value="other">
<label for="amount">Amount in ${props.currencyCode}</label>
<p class="quiet" id="amount-hint">From ${props.smallestPayment} to ${props.largestPayment}. If you pay less than the amount due, the rest stays due and may not be smaller than ${props.smallestPayment}. If you pay more, all of it is credited to your retainer.</p>
${fieldError && html`<p class="field-error" id="amount-error">${fieldError.message}</p>`}
<input type="text" id="amount" name="amount" inputmode="decimal" autocomplete="off" required value="${props.chosenAmount ?? ''}" aria-describedby="${fieldError ? 'amount-error amount-hint' : 'amount-hint'}"${fieldError && html` aria-invalid="true"`}>
<button class="button second" type="submit">Pay this amount</button>
</form>`
}
