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
/** Accounts asked at the same time: one that hangs holds up no more than its lane. */
const AT_ONCE = 4
/** After how long an account with many events makes room for the next. */
const LOOK_MS = 10_000
const TOLD_WITHIN_MS = 10_000

export interface BackfillDependencies {
  db: Database
  temporal: Client
  stripe: Stripe
}

/**
 * Asks the provider for events that never arrived and files them like a webhook would. Answers how many were missing. An account
 * that hangs, fails or has much to say keeps no other from being asked; the firms of one that the provider refuses us are told.
 */
export function stripeBackfill({
  db,
  temporal,
  stripe,
}: BackfillDependencies): (stop?: AbortSignal) => Promise<number> {
  const askAgainAtMs = new Map<string, number>()

  async function look(account: string, stop?: AbortSignal): Promise<number> {
    try {
      return await alone(db, account, () => backfillAccount(db, stripe, account, stop))
    } catch (error) {
      if (!isUnreachable(error, account)) throw error
      await tellUnreachable(temporal, account)
      // Not before: firms that could not be told are told with the next look.
      askAgainAtMs.set(account, Date.now() + UNREACHABLE_AGAIN_MS)
      return 0
    }
  }

  return async (stop) => {
    const failures: unknown[] = []
    let missing = 0
    const isDue = (account: string) => (askAgainAtMs.get(account) ?? 0) <= Date.now()
    const accounts = (await allAccounts(db)).filter(isDue).values()
    async function lane(): Promise<void> {
      for (const account of accounts) {
        if (stop?.aborted) return
        const filed = await look(account, stop).catch((error: unknown) => void failures.push(error))
        missing += filed ?? 0
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
    if (failures.length > 0) throw failures[0]
    return missing
  }
}

/**
 * One worker at a time asks about an account. The lock is of a session, since no transaction may stay open over calls to the provider;
 * and the work is on other connections, since this one is silent for as long as the provider is, and may be taken for lost.
 */
function alone(db: Database, account: string, work: () => Promise<number>): Promise<number> {
  const lock = sql`hashtextextended(${`stripe-backfill:${account}`}, 0)`
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(${lock}) as mine`.execute(connection)
    if (!rows[0]?.mine) return 0
    try {
      return await work()
    } finally {
      // A connection that was lost has taken the lock with it.
      await sql`select pg_advisory_unlock(${lock})`.execute(connection).catch(() => undefined)
    }
  })
}

/** Looks back to the last look, 30 days at most. What is too much for one look is left to the next. */
async function backfillAccount(db: Database, stripe: Stripe, account: string, stop?: AbortSignal): Promise<number> {
  let endMs = Number.POSITIVE_INFINITY
  const cursor = await db
    .selectFrom('provider_cursor')
    .select('seen_until')
    .where('source', '=', 'stripe')
    .where('account', '=', account)
    .executeTakeFirst()
  const missing = await fileMissingEvents(db, stripe, account, cursor?.seen_until ?? null, async (_, until) => {
    // Looks overlap: one that ended before it came to anything new would be repeated for ever.
    const isNew = !cursor || until > cursor.seen_until
    if (isNew) await moveCursor(db, account, until)
    const isEnough = Date.now() > endMs
    // What overlaps does not count, so that an account on which much happens does not fall behind.
    if (isNew) endMs = Math.min(endMs, Date.now() + LOOK_MS)
    return !(stop?.aborted || isEnough)
  })
  await db
    .updateTable('firm_attention')
    .set({ cleared_at: new Date() })
    .where('code', '=', 'ACCOUNT_UNREACHABLE')
    .where('subject_id', '=', account)
    .where('cleared_at', 'is', null)
    .execute()
  return missing
}

async function moveCursor(db: Database, account: string, seen_until: Date): Promise<void> {
  await db
    .insertInto('provider_cursor')
    .values({ source: 'stripe', account, seen_until })
    .onConflict((conflict) => conflict.columns(['source', 'account']).doUpdateSet({ seen_until }))
    .execute()
}

async function tellUnreachable(temporal: Client, account: string): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + TOLD_WITHIN_MS, () =>
      temporal.workflow.start(ACCOUNT_UNREACHABLE_WORKFLOW, {
        workflowId: accountUnreachableWorkflowId(account),
        taskQueue: TASK_QUEUES.retainer,
        args: [account],
        staticSummary: 'An account that the provider refuses us',
      }),
    )
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
