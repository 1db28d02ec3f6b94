import { describe, expect, test } from 'vitest'
import { nothingDuePage, openingPage, tryAgainPage, unknownLinkPage } from '../../src/pay/views/message-pages.ts'
import { PAY_CSS_PATH, payCss } from '../../src/pay/views/pay-css.ts'
import { payPage } from '../../src/pay/views/pay-page.ts'
import { thanksPage } from '../../src/pay/views/thanks-page.ts'
import { PAY, THANKS } from './examples.ts'
import { markup, visible } from './reading.ts'

const HOSTILE = '"><script>alert(1)</script>\'&'
const TYPED = '"><img src=x>'

const PAGES: Record<string, string> = {
  pay: markup(payPage({ ...PAY, chargedForAll: '$80.00' })),
  'pay, refused': markup(
    payPage({
      ...PAY,
      error: { code: 'LEAVES_TOO_LITTLE', message: 'This would leave $0.25 to pay.' },
      chosenAmount: '74.75',
    }),
  ),
  'pay, came back': markup(payPage({ ...PAY, cameBack: true })),
  opening: markup(openingPage({ refreshUrl: '/pay/x/opening?attempt=1&n=2', refreshSeconds: 2 })),
  thanks: markup(thanksPage(THANKS)),
  posting: markup(thanksPage({ ...THANKS, state: 'posting', refreshSeconds: 2 })),
  'on its way': markup(thanksPage({ ...THANKS, state: 'onItsWay' })),
  'taken back': markup(thanksPage({ ...THANKS, state: 'takenBack', takenBack: '$900.00' })),
  'after closing': markup(thanksPage({ ...THANKS, state: 'afterClosing' })),
  'nothing due': markup(nothingDuePage({ firmName: 'Ashworth & Lane LLP', reason: 'withdrawn' })),
  'unknown link': markup(unknownLinkPage()),
  'try again': markup(tryAgainPage({ retryUrl: '/pay/x' })),
}

describe.each(Object.entries(PAGES))('the page "%s"', (_name, page) => {
  test('works under a strict content security policy: no script, no inline style, one style sheet of our own', () => {
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:|<img|<iframe/i)
    expect(page.match(/<link [^>]*>/g)).toEqual([`<link rel="stylesheet" href="${PAY_CSS_PATH}">`])
  })

  test('is a whole, accessible document', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en-US">/)
    expect(page).toMatch(/<title>[^<]+<\/title>/)
    expect(page.match(/<main>/g)).toHaveLength(1)
    expect(page.match(/<h1>/g)).toHaveLength(1)
    expect(page).toContain('name="viewport"')
  })

  test('keeps the link with its token from search engines and other sites', () => {
    expect(page).toContain('<meta name="robots" content="noindex, nofollow">')
    expect(page).toContain('<meta name="referrer" content="same-origin">')
  })

  test('shows nothing that was not there', () => {
    expect(page).not.toMatch(/undefined|null|\[object/)
    expect(visible(page)).not.toMatch(/\bfalse\b|\btrue\b/)
  })

  test('names neither client nor amount in its title, which the browser keeps', () => {
    expect(page.match(/<title>([^<]*)/)?.[1]).not.toMatch(/Byron|\$/)
  })
})

test('every value from outside is escaped, in text and in attributes', () => {
  const hostilePay = Object.fromEntries(Object.keys(PAY).map((key) => [key, HOSTILE])) as unknown as typeof PAY
  const pages = [
    payPage({ ...hostilePay, error: { code: HOSTILE, message: HOSTILE }, chosenAmount: TYPED, chargedForAll: HOSTILE }),
    thanksPage({ ...THANKS, firmName: HOSTILE, amount: HOSTILE, reference: HOSTILE, payAgainUrl: HOSTILE }),
    nothingDuePage({ firmName: HOSTILE, matterNumber: HOSTILE, reason: 'paid' }),
    openingPage({ refreshUrl: HOSTILE, refreshSeconds: 1 }),
    tryAgainPage({ retryUrl: HOSTILE }),
  ].map(markup)
  for (const page of pages) {
    expect(page).not.toMatch(/<script|<img/)
    expect(page).not.toContain('""')
  }
  expect(visible(pages[0] ?? '')).toContain(`goes to the operating account of ${HOSTILE} as an advance`)
})

test('the style sheet fetches nothing, marks the focus, and covers phones and print', () => {
  expect(payCss).not.toMatch(/url\(|@import|gradient/)
  expect(payCss).toContain(':focus-visible { outline: 3px')
  expect(payCss).toContain('@media print')
})
