import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { sql } from 'kysely'
import type Stripe from 'stripe'
import { ACCOUNT_UNREACHABLE_WORKFLOW, accountUnreachableWorkflowId } from '../../../workflows/books-contract.ts'
import { TASK_QUEUES } from '../../../workflows/contract.ts'
import type { Database } from '../../db/pool.ts'
import { allAccounts } from '../../provider/accounts.ts'
import { fileMissingEvents } from '../../provider/missing-events.ts'
import { isUnreachable } from '../../provider/unreachable.ts'

/** How seldom an account is asked that the provider refuses us. */
const UNREACHABLE_AGAIN_MS = 60 * 60 * 1000

export interface BackfillDependencies {
  db: Database
  temporal: Client
  stripe: Stripe
}

/**
 * Asks the provider, account by account, for events that never arrived and files them like a webhook would. Answers how many
 * were missing. Looks back to the last look, 30 days at most; one worker at a time. An account that cannot be asked keeps no
 * other from being asked; the firms of one that the provider refuses us are told.
 */
export function stripeBackfill({ db, temporal, stripe }: BackfillDependencies): () => Promise<number> {
  const askAgainAtMs = new Map<string, number>()

  async function all(connection: Database): Promise<number> {
    const failures: unknown[] = []
    let missing = 0
    for (const account of await allAccounts(connection)) {
      if ((askAgainAtMs.get(account) ?? 0) > Date.now()) continue
      try {
        missing += await backfillAccount(connection, stripe, account)
      } catch (error) {
        if (isUnreachable(error, account)) {
          askAgainAtMs.set(account, Date.now() + UNREACHABLE_AGAIN_MS)
          await tellUnreachable(temporal, account)
        } else failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
    return missing
  }

  // A lock of the session, not of a transaction: none may stay open over calls to the provider.
  return () =>
    db.connection().execute(async (connection) => {
      const { rows } = await sql<{
        mine: boolean
      }>`select pg_try_advisory_lock(hashtext('stripe-backfill')) as mine`.execute(connection)
      if (!rows[0]?.mine) return 0
      try {
        return await all(connection)
      } finally {
        await sql`select pg_advisory_unlock(hashtext('stripe-backfill'))`.execute(connection)
      }
    })
}

async function backfillAccount(db: Database, stripe: Stripe, account: string): Promise<number> {
  const now = new Date()
  const cursor = await db
    .selectFrom('provider_cursor')
    .select('seen_until')
    .where('source', '=', 'stripe')
    .where('account', '=', account)
    .executeTakeFirst()
  const missing = await fileMissingEvents(db, stripe, account, cursor?.seen_until ?? null)
  await db
    .insertInto('provider_cursor')
    .values({ source: 'stripe', account, seen_until: now })
    .onConflict((conflict) => conflict.columns(['source', 'account']).doUpdateSet({ seen_until: now }))
    .execute()
  await db
    .updateTable('firm_attention')
    .set({ cleared_at: now })
    .where('code', '=', 'ACCOUNT_UNREACHABLE')
    .where('subject_id', '=', account)
    .where('cleared_at', 'is', null)
    .execute()
  return missing
}

async function tellUnreachable(temporal: Client, account: string): Promise<void> {
  try {
    await temporal.workflow.start(ACCOUNT_UNREACHABLE_WORKFLOW, {
      workflowId: accountUnreachableWorkflowId(account),
      taskQueue: TASK_QUEUES.retainer,
      args: [account],
      staticSummary: 'An account that the provider refuses us',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
