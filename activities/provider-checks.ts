import { heartbeat } from '@temporalio/activity'
import type Stripe from 'stripe'
import type { Database } from '../src/db/pool.ts'
import { onAccount } from '../src/provider/account.ts'
import { accountsOf, firmsInNeedOf, usedSince } from '../src/provider/accounts.ts'
import { fileMissingEvents } from '../src/provider/missing-events.ts'
import { isUnreachable } from '../src/provider/unreachable.ts'
import type { Difference } from '../src/reconciliation/difference.ts'
import { checkAccount } from '../src/reconciliation/provider/check.ts'
import { unsentRefunds } from '../src/reconciliation/provider/unsent-refunds.ts'
import { lastCleanStart } from '../src/reconciliation/record.ts'
import type { ReconciliationInput } from '../workflows/books-contract.ts'
import { reading } from './effects.ts'
import { atMost, reporting } from './reconciliation.ts'
import { passingTrouble } from './stripe-calls.ts'

export interface ProviderCheckDependencies {
  db: Database
  stripe: Stripe
}

export type ProviderCheckActivities = ReturnType<typeof providerCheckActivities>

/** What was clean may still have changed at the provider for so long: debits that settle late, disputes that are decided. */
const LOOK_BACK_MS = 14 * 24 * 60 * 60 * 1000

/** For so long a refund may wait for the provider; the firm has been told long before. */
const SENT_WITHIN_MS = 24 * 60 * 60 * 1000

/** What a reconciliation asks of the provider. */
export function providerCheckActivities({ db, stripe }: ProviderCheckDependencies) {
  return {
    /** Files the provider's events that never arrived, as webhooks would have; answers how many. */
    async takeInMissingEvents({ firmId, reconciliationId }: ReconciliationInput): Promise<number> {
      const report = reporting(db, reconciliationId, 'EVENTS')
      await report({ done: 0, total: null })
      const since = await reading(lastCleanStart(db, firmId))
      let missing = 0
      for (const account of await reading(accountsOf(db, firmId))) {
        const seen = (done: number) => heartbeat({ done })
        // Of an account that the provider refuses us, `checkProvider` tells.
        missing += (await asking(account, () => fileMissingEvents(db, stripe, account, since, seen))) ?? 0
      }
      return missing
    },

    /** Whether the provider's payments, refunds, disputes and payouts and the firm's books agree. */
    async checkProvider({ firmId, reconciliationId }: ReconciliationInput): Promise<Difference[]> {
      const report = reporting(db, reconciliationId, 'PROVIDER')
      const clean = await reading(lastCleanStart(db, firmId))
      const cleanMs = (clean?.getTime() ?? 0) - LOOK_BACK_MS
      const differences = await reading(unsentRefunds(db, firmId, new Date(Date.now() - SENT_WITHIN_MS)))
      for (const account of await reading(accountsOf(db, firmId))) {
        const used = await reading(usedSince(db, firmId, account))
        // Nothing there is the firm's: not what the account did before the firm came.
        if (!used) continue
        const place = { db, stripe, firmId, account, on: onAccount(account) }
        const since = new Date(Math.max(used.getTime(), cleanMs))
        const found = await asking(account, () => checkAccount(place, since, report))
        differences.push(...(found ?? (await unreachable(db, firmId, account))))
      }
      return atMost(differences)
    },
  }
}

/** What the provider answers; null where it refuses us the account. */
async function asking<T>(account: string, call: () => Promise<T>): Promise<T | null> {
  try {
    return await call()
  } catch (error) {
    if (isUnreachable(error, account)) return null
    throw passingTrouble(error)
  }
}

/** An account that the firm has left, with nothing open on it, has nothing more to say. */
async function unreachable(db: Database, firmId: string, account: string): Promise<Difference[]> {
  if (!(await reading(firmsInNeedOf(db, account))).includes(firmId)) return []
  const about = { subject: account, matterId: null, expected: 'access', found: null }
  return [{ check: 'PROVIDER', code: 'ACCOUNT_UNREACHABLE', ...about }]
}
