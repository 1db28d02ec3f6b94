import type { Answer } from './events.ts'
import type { DecisionRecord, Effect, RequestKind, RetainerState } from './state.ts'

/**
 * What one decision asks the ledger to do, in one transaction: all of it or nothing. The state holds what the matter must
 * remember; the plan holds what the books, the lists and the courier must be told.
 */
export interface Plan {
  postings: Posting[]
  decisions: DecisionRecord[]
  /** New work for the courier. */
  effects: Effect[]
  /** Mails that must no longer be sent. */
  cancelledEffectIds: string[]
  requests: RequestRow[]
  attempts: AttemptRow[]
  /** Attempts that led to a payment, those already superseded included: their thank-you page shows this very posting. */
  paidAttemptIds: string[]
  invoices: InvoiceRow[]
  /** Payments booked for the first time. */
  payments: PaymentRow[]
  /**
   * Money of payments that goes into or out of the firm's unapplied funds: never below zero, which a race is refused by. What
   * `refund` and `assignment` take out of them is not repeated here.
   */
  unapplied: UnappliedChange[]
  /** A refund to reserve: the commit finds the payments it goes back to, and books it (R17). */
  refund: RefundRow | null
  refundParts: RefundPartRow[]
  /** A refund made at the provider, to be kept as one that was taken. */
  refundFound: FoundRefundRow | null
  disputes: DisputeRow[]
  /** A transfer to another matter, whose row only the commit can lock: it books both sides in one entry (R19). */
  transfer: TransferRow | null
  /** Unapplied funds that this matter takes on (R15). */
  assignment: { paymentId: string; amountMinor: bigint } | null
  attentionRaised: AttentionRow[]
  attentionCleared: AttentionRow[]
  /** Restart the reminder series from this instant, on the firm's schedule and at its local hour (R9). */
  remindFromMs: number | null
  /** The commit is refused (`GeneralRetainerNotTurnedOn`, `CurrencyMismatch`) unless the firm has the general retainer on (R1). */
  requiresPracticeRetainer: boolean
  /** The matter takes on a currency: refused unless it is the firm's (R1). */
  takesCurrency: boolean
}

export type AccountKind =
  | 'PAYMENTS_HOLDING'
  | 'OPERATING'
  | 'RETAINER'
  | 'UNAPPLIED_FUNDS'
  | 'ACCOUNTS_RECEIVABLE'
  | 'BILLINGS_CONTROL'
  | 'REFUNDS_IN_FLIGHT'
  | 'MERCHANT_FEES'
  | 'REVERSED_PAYMENTS_RECEIVABLE'
  /** What comes to the bank, or leaves it, with payouts and is no payment of a client. */
  | 'OTHER_PROVIDER_ACTIVITY'

export type PostingKind =
  | 'PAYMENT_SETTLED'
  | 'OFFLINE_PAYMENT'
  | 'INVOICE_RECORDED'
  | 'INVOICE_PAID'
  | 'APPLICATION_REVERSED'
  /** Came in after closing: what is owed for reversed payments first, the rest to unapplied funds (R15, R20). */
  | 'UNAPPLIED_PAYMENT'
  | 'UNAPPLIED_ASSIGNED'
  | 'REFUND_COMMANDED'
  | 'REFUND_BY_OTHER_MEANS'
  | 'REFUND_TAKEN'
  | 'REFUND_FAILED'
  /** Refunded at the provider, past this system; like a reversal, it may take a retainer below zero. */
  | 'REFUNDED_AT_PROVIDER'
  | 'REVERSAL'
  | 'REVERSAL_WON'
  | 'TRANSFER'
  | 'CLOSED_BELOW_ZERO'
  | 'PAYOUT'
  | 'PAYOUT_FEES'
  | 'PAYOUT_FAILED'

/** One balanced accounting transaction; `key` makes it happen once per firm. */
export interface Posting {
  key: string
  kind: PostingKind
  /** At least one debit and one credit, of equal sums. */
  entries: Entry[]
}

export interface Entry {
  account: AccountKind
  side: 'DEBIT' | 'CREDIT'
  amountMinor: bigint
  /** Which invoice, for accounts receivable. */
  invoiceId?: string
  /** Which account at the provider, for payments holding. */
  providerAccount?: string
}

export type RequestStatus = 'OPEN' | 'SATISFIED' | 'WITHDRAWN'

export interface RequestRow {
  id: string
  number: number
  kind: RequestKind
  status: RequestStatus
  amountMinor: bigint
  receivedMinor: bigint
  openedAtMs: number
  lastSentAtMs: number
  closedAtMs: number | null
}

/** SUPERSEDED: withdrawn, or a newer attempt took its place. */
export type AttemptStatus = 'OPENING' | 'OPEN' | 'PAID' | 'SUPERSEDED' | 'FAILED'

export interface AttemptRow {
  id: string
  requestId: string
  amountMinor: bigint
  status: AttemptStatus
  expiresAtMs: number
}

export interface InvoiceRow {
  id: string
  number: string
  amountMinor: bigint
}

/** How the client paid. */
export type PaymentMethod = 'CARD' | 'BANK_DEBIT' | 'OFFLINE'

export interface PaymentRow {
  id: string
  method: PaymentMethod
  amountMinor: bigint
  /** The account at the provider that took it; null for a payment recorded by a person. */
  providerAccount: string | null
  /** The provider's fee, where it is known already. */
  feeMinor: bigint | null
  /** Until when the provider sends it back; null for no limit. */
  refundableUntilMs: number | null
}

export interface UnappliedChange {
  paymentId: string
  /** Positive into the funds, negative out of them. */
  changeMinor: bigint
}

export interface RefundRow {
  id: string
  amountMinor: bigint
  /** The provider refunds multiples of this; what is left over is paid by other means. */
  stepMinor: bigint
  /** Set for a refund out of unapplied funds: of this payment and no other. */
  unappliedPaymentId: string | null
}

/** TAKEN: the provider took it. FAILED: it is where it came from again. */
export interface RefundPartRow {
  id: string
  status: 'TAKEN' | 'FAILED'
}

export interface FoundRefundRow {
  providerRefundId: string
  paymentId: string
  amountMinor: bigint
}

/** What one fact says of a dispute: the first makes the row, the others add to it, in whatever order they come. */
export interface DisputeRow {
  id: string
  paymentId: string
  /** Null where the fact says nothing of it. */
  amountMinor: bigint | null
  status: 'OPEN' | 'WON' | 'LOST' | null
  deadlineMs: number | null
  /** What it took and gave back now: added to what the row has. */
  withdrawnMinor: bigint
  reinstatedMinor: bigint
}

export interface TransferRow {
  id: string
  toMatterId: string
  amountMinor: bigint
}

export interface AttentionRow {
  code: string
  subjectId: string
  sinceMs: number
}

/** The next state, what the ledger must do for it to become true, and what the asker is told. */
export interface Decision {
  state: RetainerState
  plan: Plan
  answer: Answer
}

export function emptyPlan(): Plan {
  return {
    postings: [],
    decisions: [],
    effects: [],
    cancelledEffectIds: [],
    requests: [],
    attempts: [],
    paidAttemptIds: [],
    invoices: [],
    payments: [],
    unapplied: [],
    refund: null,
    refundParts: [],
    refundFound: null,
    disputes: [],
    transfer: null,
    assignment: null,
    attentionRaised: [],
    attentionCleared: [],
    remindFromMs: null,
    requiresPracticeRetainer: false,
    takesCurrency: false,
  }
}
