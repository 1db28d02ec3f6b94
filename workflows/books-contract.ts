import { defineSignal } from '@temporalio/workflow'
import type { UnappliedFact } from '../activities/books-wire.ts'

/**
 * The workflows beside the matters', for whoever starts them: money that no matter can take, the provider's payouts, and the
 * reconciliation of the books.
 */

/** Books a payment that no matter can take (R15), an `UnappliedPayment`, and tells the firm. */
export const UNAPPLIED_PAYMENT_WORKFLOW = 'unappliedPayment'
export const unappliedPaymentWorkflowId = (paymentId: string): string => `unapplied-${paymentId}`

/** Books what happens to such a payment (R17, R18), and tells the firm. */
export const UNAPPLIED_FACTS_WORKFLOW = 'unappliedFacts'
export const unappliedFactsWorkflowId = (inboxId: string): string => `unapplied-${inboxId}`

export interface UnappliedFactsInput {
  /** All that an event says, in its order; the last names the event. */
  facts: UnappliedFact[]
}

/** Books a payout of the provider to the firm's bank account, with every transaction in it. */
export const PAYOUT_WORKFLOW = 'payout'
export const payoutWorkflowId = (account: string, payoutId: string): string => `payout-${account}-${payoutId}`

export interface PayoutInput {
  payoutId: string
  /** The account at the provider that paid out, as the books name it. */
  providerAccount: string
}

/** An event about the payout, by its id in the inbox: each has the payout read again. */
export const payoutTold = defineSignal<[string]>('payoutTold')

/** Tells the firms that need an account which the provider refuses us. */
export const ACCOUNT_UNREACHABLE_WORKFLOW = 'accountUnreachable'
export const accountUnreachableWorkflowId = (account: string): string => `unreachable-${account}`

/** Mails a firm a notice that is planned in the books, where what was to send it is no longer there. */
export const NOTICE_WORKFLOW = 'notice'
export const noticeWorkflowId = (effectId: string): string => `notice-${effectId}`

/** Compares a firm's books with its matters' workflows and with the provider; never changes money. */
export const RECONCILIATION_WORKFLOW = 'reconciliation'
export const reconciliationWorkflowId = (firmId: string): string => `reconciliation-${firmId}`

export interface ReconciliationInput {
  firmId: string
  reconciliationId: string
}

/**
 * What cannot end by itself, since its task fails or no worker is left for its version, the engine ends: long after the largest
 * account is compared, and a night when it has cost the next one, so that of very many firms the last have their turn.
 */
export const RECONCILIATION_WITHIN = '4 hours'
export const NIGHT_WITHIN = '47 hours'

/** Reconciles every firm, one after the other: what the Schedule starts. */
export const NIGHTLY_WORKFLOW = 'reconcileEveryFirm'
export const NIGHTLY_SCHEDULE = 'reconciliation-nightly'

export interface NightlyInput {
  /** Firms up to this one, in the order of their ids, are done. */
  afterFirmId: string | null
}
