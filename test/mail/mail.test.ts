import { describe, expect, test } from 'vitest'
import type { MailByTemplate, MailContent } from '../../src/mail/content.ts'
import { renderMail } from '../../src/mail/render.tsx'
import { EXAMPLES } from './examples.ts'

const NAMES = Object.keys(EXAMPLES) as (keyof MailByTemplate)[]
const TO_CLIENT = ['request', 'remainder', 'topUp', 'reminder', 'receipt', 'refundNotice'] as const
const ASKING = ['request', 'remainder', 'topUp', 'reminder'] as const

/** The example of a template with some of its props changed. */
function example<T extends keyof MailByTemplate>(template: T, changes: Partial<MailByTemplate[T]> = {}): MailContent {
  return { template, ...EXAMPLES[template], ...changes } as MailContent
}

/** What a reader of the html sees, preheader included. */
function visible(html: string): string {
  return html
    .replace(/<!--.*?-->/gs, '')
    .replace(/<\/?(?:span|bdi|strong)[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
}

function links(html: string): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '')
}

describe.each(NAMES)('the mail "%s"', (name) => {
  test('has every fact in the html and in the plain text', async () => {
    const { html, text } = await renderMail(example(name))
    const { parts = [], ...single } = EXAMPLES[name] as { parts?: readonly object[] }
    const facts = [...Object.entries(single), ...parts.flatMap((part) => Object.entries(part))].filter(
      ([key]) => key !== 'kind' && key !== 'nth' && key !== 'code',
    )
    for (const [key, fact] of facts) {
      expect(text, `text: ${key}`).toContain(String(fact))
      if (key.endsWith('Url')) expect(links(html), `html: ${key}`).toContain(String(fact))
      else expect(visible(html), `html: ${key}`).toContain(String(fact))
    }
  })

  test('has a subject with the matter and the amount, and no names', async () => {
    const { subject } = await renderMail(example(name))
    const mail = EXAMPLES[name]
    expect(subject).toContain('2026-0142')
    expect(subject).toContain('amountDue' in mail ? mail.amountDue : mail.amount)
    expect(subject).not.toMatch(/Byron|Ashworth/)
  })

  test('shows hostile, right-to-left, emoji and long names as the text they are', async () => {
    const hostile = '<script>alert("1")</script> & <b>'
    const rightToLeft = 'شركة المحاماة 👩‍⚖️'
    const long = `Rindfleisch${'etikettierung'.repeat(40)}`
    const names = { firmName: hostile, clientName: rightToLeft, matterTitle: long }
    const { html, text } = await renderMail(example(name, names))
    expect(html).not.toMatch(/<script|<b>/)
    for (const value of Object.values(names)) {
      expect(visible(html)).toContain(value)
      expect(text).toContain(value)
    }
  })

  test('keeps a subject on one line and in reading order', async () => {
    const { subject } = await renderMail(example(name, { matterNumber: '1\r\nBcc: x@example.com\u2028\u202e2' }))
    expect(subject).not.toMatch(/[\r\n\u2028\u202e]/)
    expect(subject).toContain('1 Bcc: x@example.com 2')
  })

  test('fetches nothing when it is opened', async () => {
    const { html } = await renderMail(example(name))
    expect(html).not.toMatch(/<img|<link|<script|<iframe|<style|url\(|@import|\bsrc=|background="/i)
  })

  test('can be read aloud: language, title, one heading, row headings, layout tables marked as such', async () => {
    const { html } = await renderMail(example(name))
    expect(html).toMatch(/<html[^>]*lang="en-US"/)
    expect(html).toMatch(/<title>[^<]+<\/title>/)
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(html).toMatch(/<th scope="row"/)
    const tables = html.match(/<table[^>]*>/g) ?? []
    expect(tables.filter((table) => !/role="presentation"/.test(table))).toHaveLength(1)
  })

  test('shows the preheader beside the subject only', async () => {
    const { html, text } = await renderMail(example(name))
    const preheader = visible(html.match(/<div[^>]*data-skip-in-text="true"[^>]*>([^<]*)/)?.[1] ?? '')
    expect(preheader.length).toBeGreaterThan(10)
    if (name !== 'needsAttention') expect(text).not.toContain(preheader)
  })

  test('is the same every time, so that a retry is the same request', async () => {
    expect(await renderMail(example(name))).toEqual(await renderMail(example(name)))
  })
})

test.each(ASKING)('the mail "%s" leads to the payment page and says where the money goes', async (name) => {
  const { html, text } = await renderMail(example(name))
  expect(new Set(links(html))).toEqual(new Set([EXAMPLES[name].payUrl]))
  expect(text).toContain('goes to the operating account of Ashworth & Lane LLP as an advance for fees')
})

test.each(TO_CLIENT)('the mail "%s" invites a reply and warns against mailing card details', async (name) => {
  const { text } = await renderMail(example(name))
  expect(text).toContain('Reply to this email. Please do not send card or bank details by email.')
})

test('R5: the first request says in one sentence what a retainer is', async () => {
  const { text } = await renderMail(example('request'))
  expect(text).toContain('We ask you to pay a retainer of $1,000.00')
  expect(text).toContain('A retainer is money paid in advance')
})

test('R5: after $900 of $1,000 the same request asks for $100', async () => {
  const mail = example('remainder', { received: '$900.00', amountDue: '$100.00', onItsWay: undefined })
  const { subject, text } = await renderMail(mail)
  expect(subject).toBe('Remaining retainer for matter 2026-0142: $100.00')
  expect(text).toContain('we have received $900.00 toward request RR-1042')
  expect(text).toContain('pay the remaining $100.00')
  expect(text).not.toMatch(/on its way/i)
})

test('R5: what remains of a top-up is called a top-up', async () => {
  const { subject, text } = await renderMail(example('remainder', { kind: 'TOP_UP' }))
  expect(`${subject} ${text}`).toContain('Remaining top-up')
  expect(text).toContain('Remaining retainer top-up')
})

test('R7: a top-up gives the minimum, the balance and the amount', async () => {
  const { text } = await renderMail(example('topUp', { amountDue: '$2,500.00' }))
  expect(text).toContain('minimum balance of $5,000.00')
  expect(text).toContain('The balance is now $2,500.00. We ask you to pay $2,500.00')
})

test.each([
  [1, 'This is a reminder that $650.00'],
  [2, 'This is our 2nd reminder that $650.00'],
  [3, 'This is our 3rd reminder that $650.00'],
  [11, 'This is our 11th reminder that $650.00'],
  [21, 'This is our 21st reminder that $650.00'],
])('R9: reminder %i asks for what is due now', async (nth, words) => {
  const { text } = await renderMail(example('reminder', { nth }))
  expect(text).toContain(words)
})

test.each(ASKING)('R13: the mail "%s" names money on its way only where there is some', async (name) => {
  const withSome = await renderMail(example(name))
  expect(withSome.text).toContain(`A bank payment of ${EXAMPLES[name].onItsWay} is on its way to us.`)
  const withNone = await renderMail(example(name, { onItsWay: undefined }))
  expect(withNone.text).not.toMatch(/on its way/i)
})

test('R17: a refund notice says what goes back to which payment, how long that takes, and what is paid otherwise', async () => {
  const { subject, text, html } = await renderMail(example('refundNotice'))
  expect(subject).toBe('Refund: $940.00 for matter 2026-0142')
  expect(text).toMatch(/To your card payment of March 3, 2026 \(pi_3PqT7x2eZvKYlo2C\) +\$600\.00/)
  expect(text).toMatch(/To your bank payment of February 2, 2026 \(pi_3PqT7x2eZvKYlo2D\) +\$300\.00/)
  expect(text).toContain('within 5 to 10 business days')
  expect(text).toContain('$40.00 cannot return the way it was paid.')
  expect(links(html)).toEqual([])
})

test('R17: a refund notice is silent about ways that it does not take', async () => {
  const online = await renderMail(example('refundNotice', { otherMeans: undefined }))
  expect(online.text).not.toMatch(/other means/i)
  const offline = await renderMail(example('refundNotice', { parts: [], otherMeans: '$940.00' }))
  expect(offline.text).not.toContain('business days')
})

test('R10: a receipt asks for nothing, it carries no link', async () => {
  const { html, text } = await renderMail(example('receipt'))
  expect(links(html)).toEqual([])
  expect(text).not.toMatch(/https?:|We ask you/)
})

test('R12, R14: a receipt names a remainder and an excess only where there is one', async () => {
  const { text } = await renderMail(example('receipt', { remainingDue: undefined, excess: undefined }))
  expect(text).toContain('We received your payment of $900.00')
  expect(text).not.toMatch(/Still due|Above the amount due|more than was due/)
})

test('R12: the firm learns of a payment with the new balance, and without a link where there is none', async () => {
  const { html, text } = await renderMail(example('paymentReceived', { matterUrl: undefined }))
  expect(text).toContain('Ada Byron paid $900.00')
  expect(text).toMatch(/New balance +\$900\.00/)
  expect(links(html)).toEqual([])
})

test('R12: the copy of a top-up says that it went out by itself, and gives no payment link', async () => {
  const { html, text } = await renderMail(example('topUpCopy'))
  expect(text).toContain('We sent Ada Byron request RR-1043 for $2,460.00')
  expect(links(html)).toEqual(['https://firm.example.com/matters/142'])
})

test('an unknown template is refused without telling what was in it', async () => {
  for (const template of ['nope', 'constructor', '__proto__']) {
    const mail = { ...example('receipt'), template } as unknown as MailContent
    await expect(renderMail(mail)).rejects.toThrow(/^Unknown mail template$/)
  }
})

test('an error names the template and no one in it', async () => {
  const mail = example('receipt')
  Object.defineProperty(mail, 'excess', {
    get: () => {
      throw new Error('Ada Byron')
    },
  })
  const failure: unknown = await renderMail(mail).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Error)
  expect((failure as Error).message).toBe('Mail template receipt could not be rendered')
  expect((failure as Error).cause).toBeUndefined()
})
