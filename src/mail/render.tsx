import { render, toPlainText } from 'react-email'
import type { MailByTemplate, MailContent } from './content.ts'
import { needsAttention } from './templates/needs-attention.tsx'
import { paymentReceived } from './templates/payment-received.tsx'
import { receipt } from './templates/receipt.tsx'
import { refundNotice } from './templates/refund-notice.tsx'
import { remainder } from './templates/remainder.tsx'
import { reminder } from './templates/reminder.tsx'
import { request } from './templates/request.tsx'
import type { Template } from './templates/template.ts'
import { topUp } from './templates/top-up.tsx'
import { topUpCopy } from './templates/top-up-copy.tsx'

const TEMPLATES: { readonly [T in keyof MailByTemplate]: Template<MailByTemplate[T]> } = {
  request,
  remainder,
  topUp,
  reminder,
  receipt,
  paymentReceived,
  refundNotice,
  needsAttention,
  topUpCopy,
}

interface RenderedMail {
  /** One line, safe as a header. */
  subject: string
  html: string
  text: string
}

/**
 * Renders a mail to what the mail service takes. Pure: the same content gives the same mail. Sender, reply-to and
 * recipient are the caller's. A failure throws an `Error` that names the template and nothing of its content, since
 * errors end up in logs and engine histories and names are personal data.
 */
export async function renderMail(mail: MailContent): Promise<RenderedMail> {
  const name = Object.hasOwn(TEMPLATES, mail.template) ? mail.template : undefined
  if (name === undefined) throw new Error('Unknown mail template')
  try {
    return await renderAs(name, mail)
  } catch {
    // Not passed on as the cause: a renderer's message may quote what it was given.
    throw new Error(`Mail template ${name} could not be rendered`)
  }
}

async function renderAs<T extends keyof MailByTemplate>(name: T, mail: MailByTemplate[T]): Promise<RenderedMail> {
  const template: Template<MailByTemplate[T]> = TEMPLATES[name]
  const html = await render(template.page(mail))
  return { subject: oneLine(template.subject(mail)), html, text: toPlainText(html, TEXT_OPTIONS) }
}

const TEXT_OPTIONS: Parameters<typeof toPlainText>[1] = {
  selectors: [
    { selector: 'h1', options: { uppercase: false } },
    {
      selector: '[data-text-format="dataTable"]',
      format: 'dataTable',
      options: { uppercaseHeaderCells: false, maxColumnWidth: undefined, colSpacing: 2 },
    },
  ],
}

// Line breaks would end the header, and direction marks could make the rest of it read as something else.
function oneLine(subject: string): string {
  return subject
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}
