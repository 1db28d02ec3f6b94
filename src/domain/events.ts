import type { CurrencyCode } from './money.ts'
import type { BillingOptions } from './options.ts'
import type { PaymentMethod } from './plan.ts'

/** What a person (or the firm's billing system) asks for. Each gets an answer. */
export type Command =
  | { kind: 'saveOptions'; currency: CurrencyCode; options: BillingOptions }
  | { kind: 'createOnline' }
  | { kind: 'turnReplenishmentOff' }
  | { kind: 'withdrawRequest' }
  /** The client, through the payment page; null pays all that is due. */
  | { kind: 'openPayment'; attemptId: string; requestId: string; amountMinor: bigint | null }
  | { kind: 'recordOfflinePayment'; paymentId: string; currency: CurrencyCode; amountMinor: bigint }
  | { kind: 'recordInvoice'; invoiceId: string; number: string; currency: CurrencyCode; amountMinor: bigint }
  /** Null pays as much of the invoice as the retainer can. */
  | { kind: 'applyRetainer'; invoiceId: string; applicationId: string; amountMinor: bigint | null }
  /** Takes a payment of an invoice back (R16). Its facts come from the books. */
  | { kind: 'reverseApplication'; applicationId: string; invoiceId: string; amountMinor: bigint }
  /** Sends unused money back (R17); null sends all that is available. */
  | { kind: 'refundRetainer'; refundId: string; amountMinor: bigint | null }
  /** Gives money to another matter of the same client (R19). */
  | { kind: 'transferRetainer'; transferId: string; toMatterId: string; amountMinor: bigint }
  /** Takes a payment out of the firm's unapplied funds onto this matter (R15); all that is left of it. Its facts come from the books. */
  | { kind: 'assignUnappliedFunds'; paymentId: string; currency: CurrencyCode; amountMinor: bigint }
  /** Sends back a payment that lies in unapplied funds (R15, R20). Its facts come from the books. */
  | { kind: 'refundUnappliedFunds'; refundId: string; paymentId: string; amountMinor: bigint }
  /** A person has seen to what needed attention. */
  | { kind: 'dismissAttention'; code: string; subjectId: string }
  | { kind: 'closeMatter' }

/** What has happened and cannot be refused. */
export type Fact =
  | {
      kind: 'paymentSettled'
      paymentId: string
      amountMinor: bigint
      /** The account at the provider that holds the money until it is paid out. */
      providerAccount: string
      /** The request the client paid, as far as the provider knows it. */
      requestId: string | null
      attemptId: string | null
      method: Exclude<PaymentMethod, 'OFFLINE'>
      /** The provider's fee, where it is known already; the payout tells it anyway. */
      feeMinor: bigint | null
    }
  | { kind: 'paymentPending'; paymentId: string; amountMinor: bigint; attemptId: string | null }
  | { kind: 'paymentFailed'; paymentId: string; attemptId: string | null }
  | { kind: 'sessionOpened'; effectId: string; attemptId: string; sessionId: string }
  | { kind: 'sessionEnded'; attemptId: string }
  /** What became of the courier's asking for a refund: the parts the provider has taken on, and those it refused (R17). */
  | { kind: 'refundSent'; effectId: string; refundId: string; parts: SentPart[]; otherMeansMinor: bigint }
  /** The courier keeps asking for a refund that the provider does not make now (R17). */
  | { kind: 'refundWaits'; refundId: string }
  /** The provider has moved the money of a part. */
  | ({ kind: 'refundTaken' } & RefundPart)
  /** The provider gave a part back, or never took it: `wasTaken` as the provider says, whatever the books know yet. */
  | ({ kind: 'refundFailed'; wasTaken: boolean } & RefundPart)
  /** A refund that nobody commanded here: made at the provider. */
  | ({ kind: 'refundFound'; providerRefundId: string; amountMinor: bigint } & PaymentInBooks)
  /** A client disputes a payment, or a bank returns one late (R18). No deadline: it cannot be contested. */
  | ({ kind: 'disputeOpened'; disputeId: string; amountMinor: bigint; deadlineMs: number | null } & PaymentInBooks)
  /** By when a dispute can be answered, for each deadline it gets: an inquiry that becomes a dispute proper gets a new one (R18). */
  | { kind: 'disputeDue'; disputeId: string; paymentId: string; deadlineMs: number }
  /** The provider took the disputed money back (R18). */
  | ({ kind: 'paymentReversed'; disputeId: string; amountMinor: bigint } & PaymentInBooks)
  /** A dispute was won: the provider gave the money again (R18). */
  | ({ kind: 'reversalWon'; disputeId: string; amountMinor: bigint } & PaymentInBooks)
  | { kind: 'disputeClosed'; disputeId: string; paymentId: string; outcome: 'WON' | 'LOST' }
  /** Another matter's commit has booked a transfer to this one: its state holds it among `arrivals` (R19). */
  | { kind: 'transferArrived'; transferId: string }
  | { kind: 'effectFailed'; effectId: string; reason: EffectFailure }
  | { kind: 'mailBounced'; mailId: string; recipient: 'CLIENT' | 'FIRM' }
  | { kind: 'reminderDue'; nth: number; dueAtMs: number }

/** A payment as the books have it at the moment the fact is told. */
export interface PaymentInBooks {
  paymentId: string
  providerAccount: string
  /** The commit that booked it, for whether it counts toward the initial amount (R4). */
  paymentVersion: number
  /** What of it lies in the firm's unapplied funds. */
  unappliedMinor: bigint
}

export interface RefundPart {
  refundId: string
  partId: string
  paymentId: string
  amountMinor: bigint
  providerAccount: string
  /** Where it came from, and goes again if it fails. */
  source: 'RETAINER' | 'UNAPPLIED_FUNDS'
}

/** REFUSED: the provider has made no refund of it. One that it made and that failed at once is told by `refundFailed`. */
export interface SentPart extends RefundPart {
  status: 'IN_FLIGHT' | 'TAKEN' | 'REFUSED'
}

/** Why the courier gave an effect up. */
export type EffectFailure = 'REFUSED' | 'FATE_UNKNOWN'

export type Event = (Command | Fact) & {
  atMs: number
  /** What is still owed on the invoice that `applyRetainer` names, as the books have it; left out where that is nothing. */
  owedMinor?: bigint
}

/** A business refusal: recorded as the command's answer, one GraphQL type each. Amounts are minor units. */
export type Refusal =
  | { code: 'RetainerNotEnabled' }
  /** Since when; left out where older code closed the matter, or gave the answer (R20). */
  | { code: 'MatterClosed'; sinceMs?: number | undefined }
  | { code: 'MatterClosing'; sinceMs?: number | undefined }
  | { code: 'GeneralRetainerNotTurnedOn' }
  | { code: 'CurrencyMismatch'; expected: CurrencyCode }
  | { code: 'AmountNotAcceptable'; field: string; reason: 'NEGATIVE' | 'TOO_LARGE' | 'ZERO' | 'TOO_MANY_DIGITS' }
  | { code: 'TriggerAboveMinimum' }
  | { code: 'MinimumBalanceRequired' }
  | { code: 'InitialAmountLocked'; sinceMs: number; paymentId: string }
  | { code: 'NothingDue'; onItsWayMinor: bigint }
  | { code: 'ReplenishmentOff' }
  | { code: 'NoOpenRequest' }
  | { code: 'NoSuchAttention' }
  | { code: 'RequestNotOpen' }
  | { code: 'PaymentTooSmall'; smallestMinor: bigint }
  | { code: 'PaymentTooLarge'; largestMinor: bigint }
  | { code: 'RemainderTooSmall'; dueMinor: bigint; smallestMinor: bigint }
  | { code: 'InvoiceNotOpen' }
  | { code: 'InsufficientBalance'; availableMinor: bigint; missingMinor: bigint }
  | { code: 'AmountAboveInvoiceRest'; restMinor: bigint }
  | { code: 'ApplicationNotReversible' }
  | { code: 'InvoiceNumberTaken' }
  /** More than the client's undisputed payments can be sent back (R17). */
  | { code: 'AmountAboveRefundable'; refundableMinor: bigint }
  | { code: 'NothingToRefund' }
  | { code: 'SameMatter' }
  | { code: 'OtherClientsMatter' }
  /** The matter that is to receive a transfer cannot (R19). */
  | { code: 'ReceivingMatterNotEnabled' }
  | { code: 'ReceivingMatterClosed' }
  /**
   * The payment is not, or no longer, in unapplied funds with the amount asked for (R15); `unappliedMinor` of it is. Both are left
   * out of answers by older code.
   */
  | { code: 'NotInUnappliedFunds'; unappliedMinor?: bigint; askedMinor?: bigint }
  /** The payment is disputed: who has it is settled first (R18). */
  | { code: 'PaymentDisputed' }
  /** A closed matter takes no more than what its client owes it for reversed payments (R20). */
  | { code: 'AmountAboveReceivable'; receivableMinor: bigint }
  | { code: 'IdempotencyKeyReused' }

export type RefusalCode = Refusal['code']

/** What a command is answered, and answered again to the same key with the same input. */
export type Answer = { ok: true; id: string | null } | { ok: false; refusal: Refusal }
