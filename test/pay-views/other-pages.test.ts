import { expect, test } from 'vitest'
import { nothingDuePage, openingPage, tryAgainPage, unknownLinkPage } from '../../src/pay/views/message-pages.ts'
import { thanksPage } from '../../src/pay/views/thanks-page.ts'
import { THANKS } from './examples.ts'
import { markup, visible } from './reading.ts'

test('the opening page looks again by itself and by a link', () => {
  const page = markup(openingPage({ refreshUrl: '/pay/x/opening?attempt=1&n=2', refreshSeconds: 2 }))
  expect(page).toContain('<meta http-equiv="refresh" content="2; url=/pay/x/opening?attempt=1&amp;n=2">')
  expect(page).toContain('<a href="/pay/x/opening?attempt=1&amp;n=2">')
  expect(visible(page)).toContain('Nothing has been charged yet.')
})

test('R12: after the posting the thank-you shows it, with what remains and a way to pay that', () => {
  const page = markup(thanksPage(THANKS))
  const text = visible(page)
  for (const fact of ['$900.00', '$910.00', '$75.00', 'March 3, 2026, 2:05 PM EST', 'pi_3PqT7x2eZvKYlo2C']) {
    expect(text).toContain(fact)
  }
  expect(text).toContain('Your payment is posted to your retainer.')
  expect(page).toContain('<a class="button" href="/pay/RR-1042.q7Jm2xN0">Pay the remaining $75.00</a>')
  expect(page).not.toContain('http-equiv="refresh"')
})

test('R12: before the posting it says so, and looks again', () => {
  const page = markup(thanksPage({ ...THANKS, state: 'posting', refreshSeconds: 2 }))
  expect(visible(page)).toContain('is being posted to your retainer')
  expect(page).toContain('<meta http-equiv="refresh" content="2">')
})

test('R13: a bank debit is on its way, is not called posted, and need not be paid again', () => {
  const text = visible(markup(thanksPage({ ...THANKS, state: 'onItsWay' })))
  expect(text).toContain('several business days')
  expect(text).toContain('You do not need to pay again.')
  expect(text).not.toContain('is posted to your retainer. A receipt')
})

test.each([
  ['paid', 'Nothing more is due on this request.'],
  ['withdrawn', 'Nothing is due, and no payment can be made with this link.'],
  ['onItsWay', 'is on its way. It takes several business days to arrive, and you do not need to pay again.'],
  ['nothingDue', 'There is nothing to pay at the moment.'],
] as const)('R8, R10, R13: a link with nothing to pay (%s) says so and offers no form', (reason, words) => {
  const page = markup(nothingDuePage({ firmName: 'Ashworth & Lane LLP', matterNumber: '2026-0142', reason }))
  expect(visible(page)).toContain(words)
  expect(visible(page)).toContain('Matter 2026-0142')
  expect(page).not.toMatch(/<form|<button|\$/)
})

test('a wrong or old link gets one and the same page, which names nobody', () => {
  const page = markup(unknownLinkPage())
  expect(unknownLinkPage.length).toBe(0)
  expect(page).not.toMatch(/<header|<form|<bdi/)
  expect(visible(page)).toContain('open the link in the most recent email from your law firm')
})

test('passing trouble: nothing was charged, and there is a way to try again', () => {
  const page = markup(tryAgainPage({ retryUrl: '/pay/x' }))
  expect(visible(page)).toContain('You have not been charged.')
  expect(page).toContain('<a class="button" href="/pay/x">Try again</a>')
})
