import { sql } from 'kysely'
import type { Database } from '../../db/pool.ts'

/** An event of a provider, or of the books, that is not booked yet. */
export interface InboxRow {
  id: string
  source: 'stripe' | 'resend' | 'books'
  type: string
  /** The connected account it belongs to, if any. */
  account: string | null
  objectId: string
  /** The matter an event of the books is for. */
  firmId: string | null
  matterId: string | null
  /** The effect that the mail it is about was sent for. */
  effectId: string | null
  receivedAt: Date
  tries: number
}

/** What a worker has room for. */
export interface Claim {
  atMost: number
  /** Accounts, as the books name them, that hold all they may. */
  butAccounts: string[]
  /** Rows that are under way here: a call of the provider may last longer than the row is claimed for. */
  butIds: string[]
}

/**
 * Takes some open rows for a while: an event that was signalled but not booked comes up again in 15 seconds, then more
 * rarely. Several workers share the inbox without waiting for each other. First what has been due for longest: what failed
 * goes behind all that waits.
 */
export async function claimRows(
  db: Database,
  sources: readonly InboxRow['source'][],
  { atMost, butAccounts, butIds }: Claim,
): Promise<InboxRow[]> {
  const { rows } = await sql<InboxRow>`
    update inbox set tries = tries + 1, next_try_at = now() + least(interval '1 hour', interval '15 seconds' * (1 << least(tries, 8)))
    where id = any (array(
      select id from inbox
        where booked_at is null and next_try_at <= now() and source = any (${sources}::text[])
          and coalesce(account, 'platform') <> all (${butAccounts}::text[]) and id <> all (${butIds}::text[])
        order by next_try_at limit ${atMost} for update skip locked
    ))
    returning id, source, type, account, object_id as "objectId", firm_id as "firmId",
      matter_id as "matterId", effect_id as "effectId", received_at as "receivedAt", tries`.execute(db)
  return rows
}

/** The event has found its place without a commit of a matter, or asks for nothing. */
export async function settleRow(db: Database, id: string, outcome: string): Promise<void> {
  await db
    .updateTable('inbox')
    .set({ booked_at: new Date(), outcome })
    .where('id', '=', id)
    .where('booked_at', 'is', null)
    .execute()
}

interface Waiting {
  /** Otherwise it comes up again ever more rarely. */
  againAfterMs?: number
  /** Until when that is as it should be; after that, or without it, a reconciliation names it. */
  untilMs?: number
}

/**
 * Not yet, and not settled either: it comes up again by itself, and its outcome says what it waits for. Money that found no place
 * stays visible so.
 */
export async function leaveOpen(
  db: Database,
  id: string,
  outcome: string,
  { againAfterMs, untilMs }: Waiting = {},
): Promise<void> {
  await db
    .updateTable('inbox')
    .set({
      outcome,
      ...(againAfterMs === undefined ? {} : { next_try_at: new Date(Date.now() + againAfterMs) }),
      waits_until: untilMs === undefined ? null : new Date(untilMs),
    })
    .where('id', '=', id)
    .where('booked_at', 'is', null)
    .execute()
}

const TRIES_AGAIN_MS = 15_000
const TRIES_AGAIN_WITHIN_MS = 60_000

/**
 * It could not even be told: the engine, the provider or the books did not answer. Unlike one that was told and is not booked yet it is
 * not given more time with every try, so that it is booked soon after the outage and not after as long again (R12).
 */
export async function tryAgainSoon(db: Database, { id, tries }: InboxRow): Promise<void> {
  const afterMs = Math.min(TRIES_AGAIN_MS * tries, TRIES_AGAIN_WITHIN_MS)
  await db
    .updateTable('inbox')
    .set({ next_try_at: new Date(Date.now() + afterMs) })
    .where('id', '=', id)
    .where('booked_at', 'is', null)
    .execute()
}

/** How long ago the event arrived. */
export const ageMs = ({ receivedAt }: InboxRow): number => Date.now() - receivedAt.getTime()
