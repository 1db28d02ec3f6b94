import { proxyActivities } from '@temporalio/workflow'
import type { UnappliedFact, UnappliedPayment } from '../activities/books-wire.ts'
import type { LedgerActivities } from '../activities/ledger.ts'
import type { UnappliedFactsInput } from './books-contract.ts'
import { tellFirms } from './tell-firms.ts'

const ledger = proxyActivities<LedgerActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** A payment that no matter can take: into the firm's unapplied funds, and the firm is told (R15). */
export async function unappliedPayment(payment: UnappliedPayment): Promise<void> {
  const summary = 'Book a payment that no matter can take to unapplied funds'
  const notice = await ledger.bookUnapplied.executeWithOptions({ summary }, [payment, Date.now()])
  await tellFirms(notice ? [notice] : [])
}

const WHAT: Record<UnappliedFact['fact'], string> = {
  disputeOpened: 'a dispute or return',
  disputeDue: 'a new day to answer a dispute by',
  paymentReversed: 'the taking back',
  reversalWon: 'the restoring',
  disputeClosed: 'the end of a dispute or return',
  refundFound: 'a refund made at the provider',
  refundFailed: 'a refund that failed',
}

/**
 * What happens to such a payment: disputed, reversed, won back, refunded at the provider (R17, R18). Once a matter has taken it
 * on, the facts are that matter's, and the inbox tells them there.
 */
export async function unappliedFacts({ facts }: UnappliedFactsInput): Promise<void> {
  for (const fact of facts) {
    const summary = `Book ${WHAT[fact.fact]} of a payment in unapplied funds`
    const result = await ledger.bookUnappliedFact.executeWithOptions({ summary }, [fact, Date.now()])
    if (result.outcome === 'hasHome') return
    await tellFirms(result.notice ? [result.notice] : [])
  }
}
