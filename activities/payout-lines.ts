import type Stripe from 'stripe'
import { z } from 'zod'
import type { PayoutLine, PayoutLineKind } from './books-wire.ts'

/** What a transaction of the provider's balance is to the books, by its type. */
const KINDS: Record<string, PayoutLineKind> = {
  charge: 'CHARGE',
  payment: 'CHARGE',
  refund: 'REFUND',
  payment_refund: 'REFUND',
  refund_failure: 'REFUND_FAILURE',
  payment_refund_failure: 'REFUND_FAILURE',
  payout: 'MANUAL',
  payout_failure: 'PAYOUT_FAILURE',
  stripe_fee: 'FEE',
  stripe_fx_fee: 'FEE',
}

/** The same by the reporting category, for types that say too little. */
const CATEGORIES: Record<string, PayoutLineKind> = {
  dispute: 'DISPUTE',
  dispute_reversal: 'DISPUTE_REVERSAL',
  fee: 'FEE',
}

type Source = Pick<PayoutLine, 'paymentId' | 'refundId' | 'partId' | 'disputeId' | 'ofPayoutId' | 'firmId'>

const NOTHING: Source = {
  paymentId: null,
  refundId: null,
  partId: null,
  disputeId: null,
  ofPayoutId: null,
  firmId: null,
}

/** A transaction in the payout `payoutId`, its source expanded, as a line of it; null for the payout's own. */
export function payoutLine(transaction: Stripe.BalanceTransaction, payoutId: string): PayoutLine | null {
  const { id, amount, fee, net, created, source } = transaction
  if (typeof source === 'object' && source?.object === 'payout' && source.id === payoutId) return null
  const kind = kindOf(transaction)
  // The fee of one made by hand is booked with that one.
  const moved = kind === 'MANUAL' ? { amount: net, fee: 0 } : { amount, fee }
  return {
    id,
    kind,
    amountMinor: String(moved.amount),
    feeMinor: String(moved.fee),
    ...(source === null || typeof source === 'string' ? NOTHING : sourceOf(source, kind)),
    atMs: created * 1000,
  }
}

/** The one line of a payout made by hand, its balance transaction expanded: nothing is told of what is in it. */
export function manualLine({ id, amount, created, balance_transaction }: Stripe.Payout): PayoutLine {
  const fee = typeof balance_transaction === 'object' ? (balance_transaction?.fee ?? 0) : 0
  const taken = { amountMinor: String(amount + fee), feeMinor: String(fee) }
  return { id, kind: 'MANUAL', ...taken, ...NOTHING, atMs: created * 1000 }
}

function kindOf({ type, reporting_category, source }: Stripe.BalanceTransaction): PayoutLineKind {
  const kind = KINDS[type] ?? CATEGORIES[reporting_category] ?? 'OTHER'
  // A debit that failed in the end was never a payment (R13): it comes and goes.
  const failed = typeof source === 'object' && source?.object === 'charge' && source.status === 'failed'
  return kind === 'CHARGE' && failed ? 'OTHER' : kind
}

function sourceOf(source: Exclude<Stripe.BalanceTransactionSource, string>, kind: PayoutLineKind): Source {
  const payment = 'payment_intent' in source ? source.payment_intent : null
  const metadata = ('metadata' in source && source.metadata) || {}
  const isRefund = kind === 'REFUND' || kind === 'REFUND_FAILURE'
  const firmId = z.uuid().safeParse(metadata['firmId'])
  return {
    paymentId: typeof payment === 'string' ? payment : (payment?.id ?? null),
    refundId: isRefund ? source.id : null,
    partId: isRefund ? (metadata['partId'] ?? null) : null,
    disputeId: kind === 'DISPUTE' || kind === 'DISPUTE_REVERSAL' ? source.id : null,
    ofPayoutId: kind === 'PAYOUT_FAILURE' || kind === 'MANUAL' ? source.id : null,
    firmId: firmId.success ? firmId.data : null,
  }
}
