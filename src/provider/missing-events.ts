import { sql } from 'kysely'
import type Stripe from 'stripe'
import type { Database } from '../db/pool.ts'
import { RELEVANT_EVENTS } from '../webhooks/relevant-events.ts'
import { onAccount } from './account.ts'

/** Stripe keeps events for 30 days. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000
/** Events can become visible a little later than they are dated. */
const OVERLAP_MS = 10 * 60 * 1000

/**
 * Files the events of an account since then that the inbox does not hold; null: since clients could first pay there, because an
 * account's life before that is no business of ours. Answers how many those were.
 */
export async function fileMissingEvents(
  db: Database,
  stripe: Stripe,
  account: string,
  since: Date | null,
  seen: (count: number) => void = () => undefined,
): Promise<number> {
  const known = since ?? (await usedSince(db, account))
  const sinceMs = known ? Math.max(known.getTime() - OVERLAP_MS, Date.now() - KEPT_MS) : Date.now()
  const list = stripe.events.list(
    { types: [...RELEVANT_EVENTS.stripe], created: { gte: Math.floor(sinceMs / 1000) }, limit: 100 },
    onAccount(account),
  )
  let missing = 0
  let count = 0
  for await (const event of list) {
    count += 1
    seen(count)
    const object = event.data.object as { id?: string }
    if (!object.id) continue
    const result = await db
      .insertInto('inbox')
      .values({
        id: event.id,
        source: 'stripe',
        type: event.type,
        account: onAccount(account).stripeAccount ?? event.account ?? null,
        object_id: object.id,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    missing += Number(result.numInsertedOrUpdatedRows ?? 0n)
  }
  return missing
}

/** Since when clients can pay on an account, for whichever firm; null: never yet. */
async function usedSince(db: Database, account: string): Promise<Date | null> {
  const { rows } = await sql<{
    since: Date | null
  }>`select nullif(used_since(${account}), 'infinity') as since`.execute(db)
  return rows[0]?.since ?? null
}
