import { RETAINER_PHASES } from '../../domain/projection.ts'
import type { MailTemplate } from '../../domain/state.ts'

/** A code as a scenario spells it: `NOTHING_DUE` is `nothing due`. */
export const inWords = (code: string): string => code.toLowerCase().replaceAll('_', ' ')

export const PHASES = RETAINER_PHASES.map(inWords)

const TEMPLATES: Record<MailTemplate, string> = {
  REQUEST: 'request',
  REMINDER: 'reminder',
  RECEIPT: 'receipt',
  REFUND_NOTICE: 'refund notice',
  PAYMENT_RECEIVED: 'payment received',
  TOP_UP_COPY: 'top-up copy',
  NEEDS_ATTENTION: 'needs attention',
}

export const MAILS = Object.values(TEMPLATES)

/** What a scenario calls the mails of this template. */
export const mailName = (template: string): string => TEMPLATES[template as MailTemplate] ?? inWords(template)
