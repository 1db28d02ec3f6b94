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
 * Files the events of an account since then that the inbox does not hold, the oldest first; null: since clients could first pay
 * there, because an account's life before that is no business of ours. Answers how many those were. After each page `seen` is told
 * how many events there have been and until when these are all; with false it ends the look.
 */
export async function fileMissingEvents(
  db: Database,
  stripe: Stripe,
  account: string,
  since: Date | null,
  seen: (count: number, until: Date) => void | Promise<boolean> = () => undefined,
): Promise<number> {
  const known = since ?? (await usedSince(db, account))
  const sinceMs = known ? Math.max(known.getTime() - OVERLAP_MS, Date.now() - KEPT_MS) : Date.now()
  let missing = 0
  let count = 0
  for await (const { events, until } of oldestFirst(stripe, account, sinceMs)) {
    for await (const event of events) {
      count += 1
      if (await fileIfNew(db, account, event)) missing += 1
    }
    if ((await seen(count, until)) === false) break
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

/** The provider lists the newest first. Spans of time that fit on a page let a look end anywhere, and the next go on from there. */
async function* oldestFirst(stripe: Stripe, account: string, sinceMs: number) {
  const now = new Date()
  const end = Math.floor(now.getTime() / 1000)
  let from = Math.floor(sinceMs / 1000)
  let seconds = Number.POSITIVE_INFINITY
  for (;;) {
    seconds = Math.max(1, Math.min(seconds, end - from))
    const isLast = from + seconds >= end
    const created = isLast ? { gte: from } : { gte: from, lt: from + seconds }
    const events = stripe.events.list({ types: [...RELEVANT_EVENTS.stripe], created, limit: 100 }, onAccount(account))
    // What is of a single second is read page by page.
    if ((await events).has_more && seconds > 1) seconds = Math.ceil(seconds / 2)
    else {
      yield { events, until: isLast ? now : new Date((from + seconds) * 1000) }
      if (isLast) return
      from += seconds
      seconds *= 2
    }
  }
}

/** Files an event as a webhook would; false: the inbox holds it already. */
async function fileIfNew(db: Database, account: string, event: Stripe.Event): Promise<boolean> {
  const object = event.data.object as { id?: string }
  if (!object.id) return false
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
  return result.numInsertedOrUpdatedRows === 1n
}
