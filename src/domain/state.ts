import type { CurrencyCode } from './money.ts'
import { type BillingOptions, NO_OPTIONS } from './options.ts'

/** Everything a matter's workflow knows: plain data, bounded in size, kept whole in PostgreSQL by every commit. */
export interface RetainerState {
  /** Shape of this object, for states written by older code. */
  schema: 1
  /** Number of the last commit; 0 before the first. Also the matter's position in the event stream. */
  version: number
  firmId: string
  matterId: string
  currency: CurrencyCode
  /** CLOSING until the retainer is empty and nothing is on its way (R20). */
  lifecycle: 'OPEN' | 'CLOSING' | 'CLOSED'
  /** When it came to be CLOSING and CLOSED; left out before that, and where older code brought it there. */
  closingSinceMs?: number
  closedAtMs?: number
  options: BillingOptions
  /** The general retainer as the last commit returned it; the ledger is the truth. */
  balanceMinor: bigint
  /** Client payments settled and transfers in since the initial amount was last set from empty, less reversals (R4). */
  countedMinor: bigint
  /** The version at which the initial amount was last set from empty: what was booked before it does not count (R4). */
  countedSinceVersion: number
  /** Bank debits on their way (R13): neither available nor asked for again. */
  pending: PendingPayment[]
  /** Since when, and by which payment, the initial amount cannot be edited (R6). */
  initialLock: InitialLock | null
  /** What stays payable after replenishment was turned off (R10). */
  frozen: Frozen | null
  openRequest: OpenRequest | null
  /** Requests opened so far; the next one's number is one more. */
  requestCount: number
  /** Instants of the reminders still to come, earliest first (R9). */
  reminders: Reminder[]
  /** Payment sessions that a client could still pay. */
  attempts: OpenAttempt[]
  /** Work for the courier, planned and not yet known to be done. */
  effects: Effect[]
  /** Set once an invoice was recorded. What is owed on which, only the books know: nobody may ever pay them from the retainer. */
  invoiced?: true
  /** Refunds that are not done at the provider yet (R17). */
  refunds: OpenRefund[]
  /** Disputes that are not decided yet (R18). */
  disputes: OpenDispute[]
  /** Transfers in that the books hold already, balance included, and that this matter has not counted yet (R19). */
  arrivals: Arrival[]
  /** What is owed because payments were reversed, once the matter has closed below zero or afterwards (R20). */
  receivableMinor: bigint
  /** What a person should look at; the firm has been told. */
  attention: Attention[]
  /** The last few decisions, for the operator's page in the Web UI. */
  recentDecisions: DecisionRecord[]
}

export interface PendingPayment {
  paymentId: string
  amountMinor: bigint
  /** Whether it arrived since the initial amount was last set from empty, and so counts toward it (R4). */
  countsTowardInitial: boolean
}

export interface InitialLock {
  sinceMs: number
  paymentId: string
  /** A settled payment locks for good; a pending one only while it may still settle. */
  forGood: boolean
}

export interface Frozen {
  /** What was due when replenishment was turned off, not counting pending. */
  baseMinor: bigint
  settledSinceMinor: bigint
}

export type RequestKind = 'INITIAL' | 'TOP_UP'

export interface OpenRequest {
  id: string
  number: number
  kind: RequestKind
  /** Money that came in while it has been open, less what was taken back of that (R18). */
  receivedMinor: bigint
  /** The commit that opened it: payments booked after that came in for it. */
  openedVersion: number
  /** The amount due it last stood at; more than that is an upward restatement (R9). */
  statedDueMinor: bigint
  openedAtMs: number
  lastSentAtMs: number
}

export interface Reminder {
  /** 1 for the first of the series. */
  nth: number
  atMs: number
}

export interface OpenAttempt {
  id: string
  requestId: string
  amountMinor: bigint
  expiresAtMs: number
  /** False once a withdrawal or a newer attempt took its place: a session that still opens is expired at once. */
  wanted: boolean
  sessionId: string | null
}

export type MailTemplate =
  | 'REQUEST'
  | 'REMINDER'
  | 'RECEIPT'
  | 'REFUND_NOTICE'
  | 'PAYMENT_RECEIVED'
  | 'TOP_UP_COPY'
  | 'NEEDS_ATTENTION'

export type EffectBody =
  | {
      kind: 'MAIL'
      template: MailTemplate
      /** The request, payment, refund or attention code the mail is about: ids and codes, the texts are looked up when it is sent. */
      subjectId: string
      /** Which reminder of the series. */
      nth?: number
      /** What a receipt or a payment notice is for. */
      amountMinor?: bigint
    }
  | { kind: 'OPEN_SESSION'; attemptId: string; amountMinor: bigint; expiresAtMs: number }
  | { kind: 'EXPIRE_SESSION'; attemptId: string; sessionId: string; expiresAtMs: number }
  /** Asks the provider for every part of a refund that goes back to a payment (R17). */
  | { kind: 'REFUND'; refundId: string }

export type Effect = EffectBody & {
  /** Also the key the neighbour deduplicates by: `<matterId>.<version>.<n>`, the same whichever run carries it. */
  id: string
  plannedAtMs: number
}

export type AttentionCode =
  | 'MAIL_BOUNCED'
  | 'MAIL_REFUSED'
  | 'MAIL_FATE_UNKNOWN'
  | 'PAYMENT_SESSION_FAILED'
  | 'SESSION_NOT_EXPIRED'
  | 'PAYMENT_AFTER_REQUEST_ENDED'
  | 'UNAPPLIED_FUNDS'
  /** The provider did not make a refund, or took it back; the money is where it came from again (R17). */
  | 'REFUND_FAILED'
  /** It is not known whether the provider was asked for a refund; its money stays reserved (R17). */
  | 'REFUND_FATE_UNKNOWN'
  /** The provider does not make a refund now; the courier keeps asking (R17). */
  | 'REFUND_WAITS'
  /** Part of a refund cannot go back to where the money came from: a person must pay it (R17). */
  | 'REFUND_BY_OTHER_MEANS'
  /** The firm refunded a payment at the provider, past this system. */
  | 'REFUNDED_AT_PROVIDER'
  /** A client disputes a payment; the firm can answer until the deadline (R18). */
  | 'PAYMENT_DISPUTED'
  /** A dispute took money: a lost or a returned payment (R18). */
  | 'PAYMENT_REVERSED'
  /** A reversal took the retainer below zero (R18). */
  | 'BELOW_ZERO'
  /** A payment was reversed after the matter was closed: the client owes it (R20). */
  | 'REVERSED_AFTER_CLOSING'

/** Money reserved for the client, on its way back through the provider. */
export interface OpenRefund {
  id: string
  /** What of it is still on its way; until the courier has asked, what is paid by other means included. */
  amountMinor: bigint
  /** Parts that the provider was asked for and that are not done; null until the courier has asked. */
  partIds: string[] | null
  /** Parts whose outcome came before the courier's report: an event can overtake the answer of the call that caused it. */
  doneEarlyIds: string[]
}

export interface OpenDispute {
  id: string
  paymentId: string
  amountMinor: bigint
  /** By when the firm can answer; null for what cannot be contested. */
  deadlineMs: number | null
}

export interface Arrival {
  transferId: string
  fromMatterId: string
  amountMinor: bigint
}

export interface Attention {
  code: AttentionCode
  /**
   * The effect, payment or attempt it is about. REFUND_FAILED: the part; REFUND_BY_OTHER_MEANS, REFUND_FATE_UNKNOWN, REFUND_WAITS: the
   * refund; REFUNDED_AT_PROVIDER: the provider's refund; PAYMENT_DISPUTED, PAYMENT_REVERSED, REVERSED_AFTER_CLOSING: the dispute;
   * BELOW_ZERO: the matter.
   */
  subjectId: string
  sinceMs: number
}

export type DecisionInput = string | number | boolean | null

/** Why something was, or was not, done (R21). Inputs are ids, codes and decimal strings of minor units under keys ending in `Minor`. */
export interface DecisionRecord {
  rule: string
  code: string
  atMs: number
  inputs: Record<string, DecisionInput>
}

export function newRetainer(firmId: string, matterId: string, currency: CurrencyCode): RetainerState {
  return {
    schema: 1,
    version: 0,
    firmId,
    matterId,
    currency,
    lifecycle: 'OPEN',
    options: NO_OPTIONS,
    balanceMinor: 0n,
    countedMinor: 0n,
    countedSinceVersion: 0,
    pending: [],
    initialLock: null,
    frozen: null,
    openRequest: null,
    requestCount: 0,
    reminders: [],
    attempts: [],
    effects: [],
    refunds: [],
    disputes: [],
    arrivals: [],
    receivableMinor: 0n,
    attention: [],
    recentDecisions: [],
  }
}
