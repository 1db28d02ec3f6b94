import type { Event } from '../src/domain/events.ts'
import { builder } from './builder.ts'

/** `transferIn` is the receiving side of a transfer, which the giving matter's commit has booked (R19). */
type CommittedKind = Event['kind'] | 'transferIn'

/** The API's name and words for what happened, by the kind of command or fact. */
const TYPES = {
  saveOptions: ['OPTIONS_SAVED', 'Billing options were saved (R2).'],
  createOnline: ['CREATE_ONLINE', 'A person asked for what is due (R5).'],
  turnReplenishmentOff: ['REPLENISHMENT_TURNED_OFF', 'Replenishment was turned off (R10).'],
  withdrawRequest: ['REQUEST_WITHDRAWN', 'The open request was taken back (R10).'],
  openPayment: ['PAYMENT_OPENED', 'The client went to pay (R14).'],
  recordOfflinePayment: ['OFFLINE_PAYMENT_RECORDED', 'A cheque or bank transfer was recorded (R14).'],
  recordInvoice: ['INVOICE_RECORDED', 'An invoice was recorded (R16).'],
  applyRetainer: ['RETAINER_APPLIED', 'An invoice was paid from the retainer by a person (R16).'],
  reverseApplication: ['APPLICATION_REVERSED', 'A payment of an invoice was taken back (R16).'],
  refundRetainer: ['REFUND_COMMANDED', 'Unused money is to go back to the client (R17).'],
  transferRetainer: ['TRANSFERRED_OUT', 'Money was given to another matter of the client (R19).'],
  assignUnappliedFunds: ['UNAPPLIED_FUNDS_ASSIGNED', 'A payment out of the firm’s unapplied funds was taken on (R15).'],
  refundUnappliedFunds: ['UNAPPLIED_FUNDS_REFUNDED', 'A payment that came after closing is to go back (R15, R20).'],
  dismissAttention: ['ATTENTION_DISMISSED', 'A person has seen to something.'],
  closeMatter: ['MATTER_CLOSED', 'The matter was closed, or began closing (R20).'],
  paymentSettled: ['PAYMENT_SETTLED', 'A payment of the client was deposited (R12).'],
  paymentPending: ['PAYMENT_PENDING', 'A bank debit is on its way (R13).'],
  paymentFailed: ['PAYMENT_FAILED', 'A bank debit failed before settling (R13).'],
  sessionOpened: ['PAYMENT_PAGE_OPENED', 'The provider’s payment page is ready.'],
  sessionEnded: ['PAYMENT_PAGE_ENDED', 'The provider’s payment page ended unpaid.'],
  refundSent: ['REFUND_SENT', 'The provider was asked for a refund (R17).'],
  refundWaits: ['REFUND_WAITS', 'The provider does not make a refund now; it is asked again (R17).'],
  refundTaken: ['REFUND_TAKEN', 'The provider has moved the money of a refund (R17).'],
  refundFailed: ['REFUND_FAILED', 'The provider gave a refund back, or did not make it (R17).'],
  refundFound: ['REFUND_FOUND', 'A refund that was made at the provider, past this system, came to be known.'],
  disputeOpened: ['DISPUTE_OPENED', 'The client disputes a payment, or a bank returns one (R18).'],
  disputeDue: ['DISPUTE_DUE', 'A dispute has another deadline (R18).'],
  paymentReversed: ['PAYMENT_REVERSED', 'The provider took a payment’s money back (R18).'],
  reversalWon: ['REVERSAL_WON', 'A dispute was won and the money is back (R18).'],
  disputeClosed: ['DISPUTE_CLOSED', 'A dispute was decided (R18).'],
  transferIn: ['TRANSFERRED_IN', 'Money came from another matter of the client (R19).'],
  transferArrived: ['TRANSFER_COUNTED', 'Money from another matter was counted toward what is due (R19).'],
  effectFailed: ['EFFECT_FAILED', 'A mail or provider call was given up.'],
  mailBounced: ['MAIL_BOUNCED', 'A mail came back (R12).'],
  reminderDue: ['REMINDER_DUE', 'A reminder’s day came (R9).'],
} as const satisfies Record<CommittedKind, readonly [name: string, description: string]>

type EventTypeName = (typeof TYPES)[keyof typeof TYPES][0]

export const RetainerEventType = builder.enumType('RetainerEventType', {
  description: 'What happened, or was asked for: see `RetainerEvent.refusal`.',
  values: Object.fromEntries(Object.values(TYPES).map(([name, description]) => [name, { description }])) as Record<
    EventTypeName,
    { description: string }
  >,
})

export const eventTypeOf = (kind: string): EventTypeName => TYPES[kind as CommittedKind][0]
