import { html } from 'hono/html'
import { documentPage, type Html } from './document.ts'

/** A statement as it is printed. Amounts and days arrive written out for the reader. */
interface StatementPageProps {
  firmName: string
  clientName: string
  matterNumber: string
  matterTitle: string
  /** A closed matter's, over its whole life (R20). */
  final: boolean
  /** Left out of a final statement without a movement. */
  from?: string | undefined
  to?: string | undefined
  /** Whether its last day is; until then more can come. */
  isOver: boolean
  printedOn: string
  opening: string
  lines: readonly StatementLine[]
  totals: readonly { what: string; count: number; amount: string }[]
  closing: string
}

interface StatementLine {
  day: string
  what: string
  reference?: string | undefined
  /** One of the two: what came in, or what went out. */
  received?: string | undefined
  paid?: string | undefined
  balance: string
}

/** The statement of a matter's retainer for a period: opening, movements with running balance, closing. */
export function statementPage(props: StatementPageProps): Html {
  const { firmName, matterNumber, from, to } = props
  const heading = props.final ? 'Final retainer statement' : 'Retainer statement'
  const period = from !== undefined && to !== undefined ? `${from} to ${to}` : 'No movements'
  return documentPage({
    title: `${heading} ${matterNumber}, ${period}`,
    firmName,
    body: html`<h1>${heading}</h1>
<p class="period">${period}</p>
<dl class="facts">
<div><dt>Client</dt><dd><bdi>${props.clientName}</bdi></dd></div>
<div><dt>Matter</dt><dd><bdi>${props.matterTitle}</bdi></dd></div>
<div><dt>Matter number</dt><dd><bdi>${matterNumber}</bdi></dd></div>
</dl>
<div class="movements">
<table>
<thead><tr><th scope="col">Date</th><th scope="col">Movement</th><th scope="col" class="amount">In</th><th scope="col" class="amount">Out</th><th scope="col" class="amount">Balance</th></tr></thead>
<tbody>
${standing('Opening balance', from, props.opening)}
${props.lines.map(movement)}
${standing(props.isOver ? 'Closing balance' : 'Balance so far', to, props.closing)}
</tbody>
</table>
</div>
${
  props.totals.length > 0 &&
  html`<section class="totals"><h2>Summary</h2>
<table>
<thead><tr><th scope="col">Movement</th><th scope="col" class="amount">How many</th><th scope="col" class="amount">Amount</th></tr></thead>
<tbody>
${props.totals.map(({ what, count, amount }) => html`<tr><th scope="row">${what}</th><td class="amount">${count}</td><td class="amount">${amount}</td></tr>`)}
</tbody></table></section>`
}
<p class="quiet">Made on ${props.printedOn}. <span class="screen">Use your browser’s Print to keep it as a PDF.</span></p>`,
  })
}

const standing = (what: string, day: string | undefined, balance: string): Html =>
  html`<tr class="standing"><td class="date">${day}</td><th scope="row">${what}</th><td></td><td></td><td class="amount">${balance}</td></tr>`

const movement = ({ day, what, reference, received, paid, balance }: StatementLine): Html =>
  html`<tr><td class="date">${day}</td><td>${what}${reference !== undefined && html`<span class="reference"><bdi>${reference}</bdi></span>`}</td><td class="amount">${received}</td><td class="amount">${paid}</td><td class="amount">${balance}</td></tr>`
