import { html } from 'hono/html'
import type Stripe from 'stripe'
import { type Markup, table, tag } from '../../far-side/page.ts'
import { formatAmount } from '../currencies.ts'
import type { StoredCharge } from '../resources/charge-object.ts'
import type { StoredDispute } from '../resources/dispute-object.ts'
import type { StoredRefund } from '../resources/refund-outcome.ts'
import { button } from './buttons.ts'
import { at, type Row, shortId, whose } from './cells.ts'

function chargeActions(charge: StoredCharge): Markup[] {
  const id = charge.payment_intent
  const pending = charge.status === 'pending'
  const paid = charge.status === 'succeeded'
  const open = paid && !charge.disputed && !charge.refunded
  const bank = charge.payment_method_details?.type === 'us_bank_account'
  return [
    ...(charge.disputed ? [html`see <a href="#disputes">its dispute</a>`] : []),
    ...(pending ? [button('Settle', `debits/${id}/settle`), button('Fail', `debits/${id}/fail`)] : []),
    ...(open ? [button('Refund', 'refunds', { payment_intent: id })] : []),
    ...(open && bank ? [button('Come back', `debits/${id}/return`)] : []),
    ...(open && !bank ? [button('Dispute', 'disputes', { payment_intent: id })] : []),
    ...(charge.balance_transaction === null && charge.status !== 'failed'
      ? [button('Tell the fee', `payments/${id}/fee`)]
      : []),
  ]
}

/** What became of it since stands beside how it went. */
function chargeStatus({ status, disputed, refunded, failure_message }: StoredCharge): Markup {
  return html`${tag(status)} ${disputed ? tag('disputed') : ''} ${refunded ? tag('refunded') : ''} ${failure_message ?? ''}`
}

function balanceTransaction({ balance_transaction: id, status }: StoredCharge): Markup {
  if (typeof id === 'string') return shortId(id)
  return html`${status === 'failed' ? '-' : 'fee not known yet'}`
}

/** Charges, with what a bank or a cardholder can do about each. */
export function chargeTable(rows: Row<StoredCharge>[]): Markup {
  const cells = rows.map(
    ({
      owner,
      doc,
    }) => html`<tr>${at(doc.created)}<td>${shortId(doc.id)}<br><span class="soft">${shortId(doc.payment_intent)}</span></td>
      <td class="num">${formatAmount(doc.amount, doc.currency)}</td><td>${chargeStatus(doc)}</td>
      <td>${balanceTransaction(doc)}</td>${whose(owner)}
      <td>${chargeActions(doc)}</td></tr>`,
  )
  const heads = [
    'Created',
    'Charge and its intent',
    'Amount',
    'Status',
    'Balance transaction',
    'Account',
    'What happens next',
  ]
  return table(heads, cells, 'Nobody has paid yet.')
}

/** Refunds, with how each can end. */
export function refundTable(rows: Row<StoredRefund>[]): Markup {
  const cells = rows.map(
    ({
      owner,
      doc,
    }) => html`<tr>${at(doc.created)}<td>${shortId(doc.id)}<br><span class="soft">${shortId(String(doc.charge))}</span></td>
      <td class="num">${formatAmount(doc.amount, doc.currency)}</td>
      <td>${tag(doc.status ?? '')} ${doc.failure_reason ?? doc.pending_reason ?? ''}</td>${whose(owner)}
      <td>${doc.status === 'pending' ? button('Succeed', `refunds/${doc.id}/succeed`) : ''}
        ${doc.status === 'failed' ? '' : button('Fail', `refunds/${doc.id}/fail`)}</td></tr>`,
  )
  const heads = ['Created', 'Refund of', 'Amount', 'Status', 'Account', 'What happens next']
  return table(heads, cells, 'Nothing has been refunded yet.')
}

function disputeActions({ id, status, balance_transactions }: StoredDispute): Markup[] {
  const withdraw = balance_transactions.length === 0 ? [button('Take the money', `disputes/${id}/withdraw`)] : []
  if (status.startsWith('warning_'))
    return status === 'warning_closed' ? [] : [...withdraw, button('Close', `disputes/${id}/close`)]
  if (status !== 'needs_response' && status !== 'under_review') return []
  return [...withdraw, button('Win', `disputes/${id}/win`), button('Lose', `disputes/${id}/lose`)]
}

/** Disputes, with how each can go on. */
export function disputeTable(rows: Row<StoredDispute>[]): Markup {
  const cells = rows.map(
    ({
      owner,
      doc,
    }) => html`<tr>${at(doc.created)}<td>${shortId(doc.id)}<br><span class="soft">${shortId(String(doc.charge))}</span></td>
      <td class="num">${formatAmount(doc.amount, doc.currency)}</td><td>${tag(doc.status)} ${doc.reason}</td>${whose(owner)}
      <td>${disputeActions(doc)}</td></tr>`,
  )
  return table(
    ['Created', 'Dispute of', 'Amount', 'Status', 'Account', 'What happens next'],
    cells,
    'Nobody has objected yet.',
  )
}

/** Payouts, with a button for each account whose balance can be paid out. */
export function payoutTable(rows: Row<Stripe.Payout>[], accounts: string[]): Markup {
  const cells = rows.map(
    ({
      owner,
      doc,
    }) => html`<tr>${at(doc.created)}<td>${shortId(doc.id)}</td><td class="num">${formatAmount(doc.amount, doc.currency)}</td>
      <td>${tag(doc.status)}</td>${whose(owner)}
      <td>${doc.status === 'failed' ? '' : button('Fail', `payouts/${doc.id}/fail`)}</td></tr>`,
  )
  const now = accounts.map((account) => button(`Pay out ${account || 'platform'} now`, 'payouts', { account }))
  const heads = ['Created', 'Payout', 'Amount', 'Status', 'Account', 'What happens next']
  return html`<p>${now}</p>${table(heads, cells, 'Nothing has been paid out yet.')}`
}
