import { expect, test } from 'vitest'
import { payCss } from '../../src/pay/views/pay-css.ts'
import { payPage } from '../../src/pay/views/pay-page.ts'
import { PAY } from './examples.ts'
import { markup, visible } from './reading.ts'

const REFUSED = { code: 'LEAVES_TOO_LITTLE', message: 'This would leave $0.25 to pay.' }

function forms(page: string): string[] {
  return page.match(/<form.*?<\/form>/gs) ?? []
}

/** What the browser would post: the named fields with their values. */
function fields(form: string): Record<string, string> {
  const inputs = form.match(/<input[^>]*>/g) ?? []
  return Object.fromEntries(
    inputs.map((input) => [input.match(/name="([^"]*)"/)?.[1] ?? '', input.match(/value="([^"]*)"/)?.[1] ?? '']),
  )
}

test('R4: the payment page shows every fact, and what is due now', () => {
  const text = visible(markup(payPage(PAY)))
  expect(text).toContain('Amount due now $75.00')
  const { actionUrl: _url, attemptId: _id, kind: _kind, ...facts } = PAY
  for (const fact of Object.values(facts)) expect(text).toContain(fact)
  expect(text).toContain('Received so far $900.00')
})

test('R13: money on its way is said to be taken off already, and not mentioned where there is none', () => {
  expect(visible(markup(payPage(PAY)))).toContain(
    'A bank payment of $25.00 is on its way. It takes several business days to arrive and is already taken off',
  )
  expect(visible(markup(payPage({ ...PAY, pending: undefined })))).not.toMatch(/on its way/i)
})

test('the payment page says where the money goes', () => {
  const text = visible(markup(payPage(PAY)))
  expect(text).toContain('goes to the operating account of Ashworth & Lane LLP as an advance for fees')
})

test('R14: one form pays it all, the other another amount; Enter in the amount cannot pay it all', () => {
  const [all, other, ...rest] = forms(markup(payPage(PAY)))
  expect(rest).toEqual([])
  expect(fields(all ?? '')).toEqual({ attemptId: 'att_01HZX', choice: 'all' })
  expect(fields(other ?? '')).toEqual({ attemptId: 'att_01HZX', choice: 'other', amount: '' })
  for (const form of [all, other]) {
    expect(form).toContain('method="post" action="/pay/RR-1042.q7Jm2xN0"')
    expect(form?.match(/<button/g)).toHaveLength(1)
  }
  expect(visible(all ?? '')).toContain('Pay $75.00')
})

test('R14: the amount has a label, and a hint with the limits and the smallest remainder', () => {
  const page = markup(payPage(PAY))
  const [, other] = forms(page)
  expect(other).toMatch(/<label for="amount">Amount in USD<\/label>/)
  expect(other).toMatch(/<input type="text" id="amount" [^>]*aria-describedby="amount-hint"/)
  expect(other).toContain('id="amount-hint"')
  expect(visible(other ?? '')).toContain('From $0.50 to $999,999.99.')
  expect(visible(other ?? '')).toContain('the rest stays due and may not be smaller than $0.50')
})

test('R14: a due below the smallest charge is paid by that charge, and the button says so', () => {
  const [all] = forms(markup(payPage({ ...PAY, due: '$0.30', chargedForAll: '$0.50' })))
  expect(visible(all ?? '')).toContain('What you pay beyond $0.30 stays in your retainer. Pay $0.50')
})

test('R14: a due above the largest charge is paid by that charge, and the rest stays due', () => {
  const props = { ...PAY, due: '$1,000,000.00', chargedForAll: '$999,999.99', leavesRest: true }
  const [all] = forms(markup(payPage(props)))
  expect(visible(all ?? '')).toContain('at once is $999,999.99. The rest stays due. Pay $999,999.99')
})

test('a refused amount is kept, marked, and explained at the top and at the field', () => {
  const page = markup(payPage({ ...PAY, error: REFUSED, chosenAmount: '74.75' }))
  expect(page).toMatch(
    /role="alert" data-code="LEAVES_TOO_LITTLE"><p><a href="#amount">This would leave \$0\.25 to pay\./,
  )
  expect(page).toMatch(/<p class="field-error" id="amount-error">This would leave/)
  expect(page).toMatch(/value="74\.75" aria-describedby="amount-error amount-hint" aria-invalid="true"/)
  expect(page).toMatch(/<title>Error: /)
})

test('an error that is not about the amount leaves the field alone', () => {
  const page = markup(payPage({ ...PAY, error: { code: 'DUE_CHANGED', message: 'The amount due has changed.' } }))
  expect(page).toContain('role="alert"')
  expect(page).not.toMatch(/aria-invalid|field-error|#amount"/)
})

test('who comes back without paying is told so', () => {
  expect(visible(markup(payPage({ ...PAY, cameBack: true })))).toContain('You came back without paying.')
  expect(visible(markup(payPage(PAY)))).not.toContain('came back')
})

test('R8: a top-up is called a top-up', () => {
  expect(visible(markup(payPage({ ...PAY, kind: 'TOP_UP' })))).toContain('back to its minimum balance')
})

test('right-to-left, emoji and long names stand apart from the text around them', () => {
  const page = markup(payPage({ ...PAY, matterTitle: 'مسألة قانونية 👩‍⚖️', firmName: 'x'.repeat(500) }))
  expect(page).toContain('<bdi>مسألة قانونية 👩‍⚖️</bdi>')
  expect(payCss).toContain('overflow-wrap: anywhere')
})
