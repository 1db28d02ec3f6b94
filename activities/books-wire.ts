import type { PaymentMethod } from '../src/domain/plan.ts'
import type { Effect } from '../src/domain/state.ts'
import type { Wire } from '../src/domain/wire.ts'

/** What the books take beside a matter's commits, and what they answer. Amounts are decimal strings of minor units. */

/** A payment that no matter can take (R15). */
export interface UnappliedPayment {
  firmId: string
  paymentId: string
  amountMinor: string
  providerAccount: string
  method: Exclude<PaymentMethod, 'OFFLINE'>
  feeMinor: string | null
  inboxId: string
}

/** A fact about a payment that has no home: the facts of `events.ts` that would go to its matter. */
export type UnappliedFact = { firmId: string; paymentId: string; inboxId: string | null } & (
  | { fact: 'disputeOpened'; disputeId: string; amountMinor: string; deadlineMs: number | null }
  | { fact: 'paymentReversed' | 'reversalWon'; disputeId: string; amountMinor: string }
  | { fact: 'disputeClosed'; disputeId: string; outcome: 'WON' | 'LOST' }
  | { fact: 'disputeDue'; disputeId: string; deadlineMs: number }
  | { fact: 'refundFound'; providerRefundId: string; amountMinor: string }
  | { fact: 'refundFailed'; partId: string; amountMinor: string }
)

/** A mail to the firm that is still to be sent. */
export type Notice = Wire<Extract<Effect, { kind: 'MAIL' }>>

export type UnappliedFactResult =
  | { outcome: 'booked'; notice: Notice | null }
  /** A matter has taken the payment on meanwhile: the fact is its. */
  | { outcome: 'hasHome' }

export type PayoutLineKind =
  | 'CHARGE'
  | 'REFUND'
  | 'REFUND_FAILURE'
  | 'DISPUTE'
  | 'DISPUTE_REVERSAL'
  /** A line that is itself a fee: its amount is negative. */
  | 'FEE'
  | 'PAYOUT_FAILURE'
  | 'OTHER'
  /** All that is told of a payout made by hand, and what that takes from the next automatic one. */
  | 'MANUAL'

/** One transaction of a payout as the provider has it, signed; the payout's own is not among them. */
export interface PayoutLine {
  id: string
  kind: PayoutLineKind
  amountMinor: string
  feeMinor: string
  /** What it is of, by the provider's ids. */
  paymentId: string | null
  refundId: string | null
  /** The part of a refund of ours, as it was sent with it. */
  partId: string | null
  disputeId: string | null
  /** Another payout, which came back, or took from the balance by hand. */
  ofPayoutId: string | null
  /** The firm that its charge was made for, as far as it was made here. */
  firmId: string | null
  atMs: number
}

/** A payout that reached the bank, or did not; without lines, one that failed before it was ever paid takes nothing. */
export interface BankedPayout {
  account: string
  payoutId: string
  /** UNKNOWN: it failed, and its content was never told. */
  status: 'PAID' | 'FAILED' | 'UNKNOWN'
  /** That of the account's balance: only firms of the same one book it. */
  currency: string
  /** What it brought to the bank: negative when it took money from there. */
  amountMinor: string
  arrivesAtMs: number
  lines: PayoutLine[]
  inboxId: string | null
}

/** What the provider says of a payout, all firms together. */
export interface PayoutContent {
  status: BankedPayout['status']
  currency: string
  /** What its lines move, all fees in it, and what it brought to the bank. */
  grossMinor: string
  feesMinor: string
  netMinor: string
  lines: number
}

export interface BankedPayoutResult {
  /** The firms whose books have a share of it. */
  firmIds: string[]
  /** Lines of which it cannot be told to which of several firms they belong. */
  unplacedLines: number
  /** Mails to the firms that are still to be sent. */
  notices: Notice[]
}

export type BookedPayout = BankedPayoutResult & {
  /** Left out by older code. */
  content?: PayoutContent
}
