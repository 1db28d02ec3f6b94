/**
 * What each mail says, apart from how it looks. Every amount and date arrives formatted for the reader (`$1,000.00`,
 * `March 3, 2026`): the caller knows currency and time zone, a template does not.
 */

type Optional = string | undefined

interface Matter {
  firmName: string
  clientName: string
  matterNumber: string
  matterTitle: string
}

interface ClientRequest extends Matter {
  requestNumber: string
  /** What is due when the mail is rendered (R4), never what an older mail said. */
  amountDue: string
  /** The durable link to our own payment page. */
  payUrl: string
}

/** The first sending of a request for the initial retainer (R5). */
export interface RequestMail extends ClientRequest {
  /** A bank debit that has not settled yet, already taken off the amount due (R13). */
  onItsWay?: Optional
}

/** An open request sent again by a person, for what remains of it (R5). */
export interface RemainderMail extends ClientRequest {
  kind: 'INITIAL' | 'TOP_UP'
  received: string
  /** A bank debit that has not settled yet (R13). */
  onItsWay?: Optional
}

/** A request that brings the retainer back to its minimum (R7). */
export interface TopUpMail extends ClientRequest {
  minimumBalance: string
  balance: string
  onItsWay?: Optional
}

/** A reminder of the open request, for the amount due at that moment (R9). */
export interface ReminderMail extends ClientRequest {
  kind: 'INITIAL' | 'TOP_UP'
  /** Which reminder of the series this is, counted from 1. */
  nth: number
  received?: Optional
  onItsWay?: Optional
}

interface Received extends Matter {
  amount: string
  receivedOn: string
  /** In words: `Visa ending in 4242`, `Check 1042`. */
  method: string
  reference: string
  newBalance: string
  /** What is still due after this payment; leave out when nothing is. */
  remainingDue?: Optional
  /** What was paid beyond the amount due, deposited all the same (R14). */
  excess?: Optional
}

/** The client's receipt for a posted payment (R12). It asks for nothing and so carries no payment link. */
export interface ReceiptMail extends Received {}

/** The firm's notice of the same posting (R12). */
export interface PaymentReceivedMail extends Received {
  matterUrl?: Optional
}

/** Tells the client what is being refunded, once the provider has been asked for it (R17). */
export interface RefundNoticeMail extends Matter {
  amount: string
  /** What goes back to payments, each the way it came. */
  parts: readonly RefundedPayment[]
  /** What the firm pays in another way, because it cannot go back the way it came. */
  otherMeans?: Optional
}

interface RefundedPayment {
  amount: string
  /** In words: `card`, `bank account`. */
  method: string
  paidOn: string
  /** What the receipt of that payment names. */
  reference: string
}

/** Tells the firm that a person has to look; the sentences follow from the code. */
export interface NeedsAttentionMail {
  firmName: string
  /** An attention code; one without wording of its own gets a general text that names it. */
  code: string
  /** Absent where the trouble belongs to no matter, such as unapplied funds. */
  matterNumber?: Optional
  matterTitle?: Optional
  clientName?: Optional
  requestNumber?: Optional
  amount?: Optional
  balance?: Optional
  reference?: Optional
  /** The payment it is about, where `reference` is something else. */
  payment?: Optional
  /** By when to act, where there is such a moment (R18). */
  deadline?: Optional
  matterUrl?: Optional
}

/** The firm's copy of an automatic top-up (R12), without the client's payment link. */
export interface TopUpCopyMail extends Matter {
  requestNumber: string
  amountDue: string
  minimumBalance: string
  balance: string
  onItsWay?: Optional
  matterUrl?: Optional
}

/** Each template's props by its name. */
export interface MailByTemplate {
  request: RequestMail
  remainder: RemainderMail
  topUp: TopUpMail
  reminder: ReminderMail
  receipt: ReceiptMail
  paymentReceived: PaymentReceivedMail
  refundNotice: RefundNoticeMail
  needsAttention: NeedsAttentionMail
  topUpCopy: TopUpCopyMail
}

/** One mail to render, told apart by `template`. */
export type MailContent = { [T in keyof MailByTemplate]: { template: T } & MailByTemplate[T] }[keyof MailByTemplate]
