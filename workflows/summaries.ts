import type { CommitRequest } from '../activities/commit-wire.ts'
import { amountsOf } from '../src/domain/amounts.ts'
import { attentionWording } from '../src/domain/attention-wording.ts'
import type { Command, Fact } from '../src/domain/events.ts'
import { type CurrencyCode, toDecimalString } from '../src/domain/money.ts'
import type { Effect, RetainerState } from '../src/domain/state.ts'

/** What an operator reads of each piece of work in the Web UI: one line each, of who and what, without a person's name. */

/** What an effect does, of the matter as it stands. */
export function effectSummary(effect: Effect, state: RetainerState): string {
  const money = (amountMinor: bigint | undefined): string =>
    amountMinor === undefined ? 'an amount' : inWords(amountMinor, state.currency)
  switch (effect.kind) {
    case 'MAIL':
      return mailSummary(effect, state, money)
    case 'OPEN_SESSION':
      return `Open a payment page over ${money(effect.amountMinor)}`
    case 'EXPIRE_SESSION': {
      const attempt = state.attempts.find(({ id }) => id === effect.attemptId)
      return attempt ? `Close the payment page over ${money(attempt.amountMinor)}` : 'Close a payment page'
    }
    case 'REFUND':
      return `Send the client a refund of ${money(refundOf(effect.refundId, state))}`
  }
}

type Mail = Extract<Effect, { kind: 'MAIL' }>

function mailSummary(mail: Mail, state: RetainerState, money: (amountMinor: bigint | undefined) => string): string {
  const request = `request ${/-r(\d+)$/.exec(mail.subjectId)?.[1] ?? ''}`.trim()
  const due = money(amountsOf(state).dueMinor)
  switch (mail.template) {
    case 'REQUEST':
      return `Mail the client ${request} for ${due}`
    case 'REMINDER':
      return `Mail the client reminder ${mail.nth} of ${request} for ${due}`
    case 'RECEIPT':
      return `Mail the client a receipt for ${money(mail.amountMinor)}`
    case 'REFUND_NOTICE':
      return `Mail the client that ${money(refundOf(mail.subjectId, state))} comes back`
    case 'PAYMENT_RECEIVED':
      return `Mail the firm that ${money(mail.amountMinor)} was received`
    case 'TOP_UP_COPY':
      return `Mail the firm a copy of top-up ${request}`
    case 'NEEDS_ATTENTION':
      return attentionSummary(mail)
  }
}

/** A mail to a firm of what needs its attention. */
export function attentionSummary({ subjectId }: { subjectId: string }): string {
  const [code = ''] = subjectId.split(':')
  return `Mail the firm: ${attentionWording(code).title}`
}

const refundOf = (refundId: string, state: RetainerState): bigint | undefined =>
  state.refunds.find(({ id }) => id === refundId)?.amountMinor

const WHAT: Record<(Command | Fact)['kind'], string> = {
  saveOptions: 'the billing options',
  createOnline: 'Create online',
  turnReplenishmentOff: 'replenishment turned off',
  withdrawRequest: 'a withdrawal',
  openPayment: 'a payment being opened',
  recordOfflinePayment: 'a payment by check or transfer',
  recordInvoice: 'an invoice',
  applyRetainer: 'a payment of an invoice',
  reverseApplication: 'a payment of an invoice taken back',
  refundRetainer: 'a refund',
  transferRetainer: 'a transfer to another matter',
  assignUnappliedFunds: 'unapplied funds for this matter',
  refundUnappliedFunds: 'a refund of unapplied funds',
  dismissAttention: 'what a person has seen to',
  closeMatter: 'the closing',
  paymentSettled: 'a payment that arrived',
  paymentPending: 'a payment on its way',
  paymentFailed: 'a payment that failed',
  sessionOpened: 'a payment page that opened',
  sessionEnded: 'a payment page that ended',
  refundSent: 'a refund that was sent',
  refundWaits: 'a refund that waits',
  refundTaken: 'a refund that left',
  refundFailed: 'a refund that failed',
  refundFound: 'a refund made at the provider',
  disputeOpened: 'a dispute or return',
  disputeDue: 'a new day to answer a dispute by',
  paymentReversed: 'a payment taken back',
  reversalWon: 'a payment restored',
  disputeClosed: 'the end of a dispute or return',
  transferArrived: 'a transfer from another matter',
  effectFailed: 'work that could not be done',
  mailBounced: 'a mail that came back',
  reminderDue: 'a reminder',
}

/** A command or fact, as what it is about. */
export const messageInWords = (kind: string): string => WHAT[kind as keyof typeof WHAT] ?? kind

/** What a commit puts on the books: the message decided, with the request and the amount it came to. */
export function commitSummary({ kind, currency, plan, answer }: CommitRequest): string {
  const what = messageInWords(kind)
  if (!answer.ok) return `Commit a refusal: ${what}`
  const input = (names: readonly string[]) =>
    plan.decisions.flatMap(({ inputs }) => names.map((name) => inputs[name])).find((found) => found !== undefined)
  const request = input(['requestNumber'])
  const amount = input(['amountMinor', 'dueMinor'])
  return [
    `Commit ${what}`,
    ...(request === undefined ? [] : [`request ${String(request)}`]),
    ...(typeof amount === 'string' ? [inWords(BigInt(amount), currency)] : []),
  ].join(', ')
}

const inWords = (amountMinor: bigint, currency: CurrencyCode): string =>
  `${toDecimalString(amountMinor, currency)} ${currency}`
