import { type CurrencyCode, toDecimalString } from '../../src/domain/money.ts'
import type { Effect } from '../../src/domain/state.ts'

/** A mail in short, with the amount it would show when sent now: `REQUEST 1000.00`, `REMINDER 2 100.00`. */
export function toldMail(mail: Extract<Effect, { kind: 'MAIL' }>, due: string, currency: CurrencyCode): string {
  switch (mail.template) {
    case 'REMINDER':
      return `REMINDER ${mail.nth} ${due}`
    case 'RECEIPT':
    case 'PAYMENT_RECEIVED':
      return `${mail.template} ${toDecimalString(mail.amountMinor ?? 0n, currency)}`
    case 'NEEDS_ATTENTION':
    case 'REFUND_NOTICE':
      return `${mail.template} ${mail.subjectId}`
    case 'REQUEST':
    case 'TOP_UP_COPY':
      return `${mail.template} ${due}`
  }
}
