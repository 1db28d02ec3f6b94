import type { PostingKind } from '../domain/plan.ts'

/** What moved a retainer, as a client reads it on a statement: when money came, and when it went. */
const WORDS: Partial<Record<PostingKind, { came: string; went: string }>> = {
  PAYMENT_SETTLED: { came: 'Payment', went: 'Payment' },
  OFFLINE_PAYMENT: { came: 'Payment', went: 'Payment' },
  UNAPPLIED_ASSIGNED: { came: 'Payment assigned to this matter', went: 'Payment assigned to another matter' },
  INVOICE_PAID: { came: 'Invoice paid', went: 'Invoice paid' },
  APPLICATION_REVERSED: { came: 'Payment of an invoice taken back', went: 'Payment of an invoice taken back' },
  REFUND_COMMANDED: { came: 'Refund', went: 'Refund' },
  REFUND_BY_OTHER_MEANS: { came: 'Refund by other means', went: 'Refund by other means' },
  REFUND_FAILED: { came: 'Refund that did not arrive', went: 'Refund that did not arrive' },
  REFUNDED_AT_PROVIDER: { came: 'Refund', went: 'Refund' },
  REVERSAL: { came: 'Payment taken back by the bank', went: 'Payment taken back by the bank' },
  REVERSAL_WON: { came: 'Payment restored by the bank', went: 'Payment restored by the bank' },
  TRANSFER: { came: 'Transfer from another matter', went: 'Transfer to another matter' },
  CLOSED_BELOW_ZERO: { came: 'Moved to amounts owed at closing', went: 'Moved to amounts owed at closing' },
}

/** What a movement is called on a statement; `amountMinor` is negative when money went. */
export function wordsFor(kind: PostingKind, amountMinor: bigint): string {
  const words = WORDS[kind]
  if (!words) return 'Movement'
  return amountMinor < 0n ? words.went : words.came
}
