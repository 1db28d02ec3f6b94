import { html } from 'hono/html'
import type { Markup } from '../../far-side/page.ts'
import { TEST_ACCOUNTS } from './test-accounts.ts'
import { TEST_CARDS } from './test-cards.ts'

const grouped = (number: string) => number.replaceAll(/(\d{4})(?=\d)/g, '$1 ')

function numbers(name: string, offered: readonly { number: string; label: string }[]): Markup[] {
  return offered.map(
    ({ number, label }, i) => html`<label class="card">
      <input type="radio" name="${name}" value="${number}" ${i === 0 ? 'checked' : ''}>
      <span>${grouped(number)}</span><small>${label}</small></label>`,
  )
}

// With one method there is nothing to choose, but it is said all the same.
function method(value: string, title: string, checked: boolean, fields: Markup | Markup[]): Markup {
  return html`<fieldset><label class="method"><input type="radio" name="method" value="${value}" ${checked ? 'checked' : ''}>
    ${title}</label>${fields}</fieldset>`
}

/** The part of the form that says what pays: test cards and, where they are allowed, test bank accounts. */
export function methodFields(types: string[]): Markup {
  const cards = html`${numbers('card_number', TEST_CARDS)}<label class="card">
    <input type="radio" name="card_number" value="other"><input type="text" name="other_card_number" inputmode="numeric"
    autocomplete="off" placeholder="Another test card number" aria-label="Another test card number"></label>`
  const byCard = types.includes('card')
  return html`${byCard ? method('card', 'Card', true, cards) : ''}
    ${types.includes('us_bank_account') ? method('us_bank_account', 'US bank account', !byCard, numbers('account_number', TEST_ACCOUNTS)) : ''}`
}
