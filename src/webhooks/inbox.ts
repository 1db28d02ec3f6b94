import { sql } from 'kysely'
import type { Database } from '../db/pool.ts'

/** A provider's event as it is kept: ids and codes. What happened is read at the provider, whose word is newer. */
export interface InboxEvent {
  /** The provider's id of the event: a repeated delivery is the same row. */
  id: string
  source: 'stripe' | 'resend'
  type: string
  /** The firm's account at the provider; null for the platform's own. */
  account: string | null
  /** What the event is about: the Checkout session, the email. */
  objectId: string
  /** The effect that a mail was sent for, if it is tagged with one. */
  effectId?: string | null
}

/** Where verified events are kept before they are acknowledged. */
export interface Inbox {
  /** Keeps the event, once, and wakes the workers. Tells whether it was new. Throws when the database did not keep it. */
  file(event: InboxEvent): Promise<'new' | 'repeated'>
}

export function inbox(db: Database): Inbox {
  const ring = bell(db)
  return {
    async file({ id, source, type, account, objectId, effectId = null }) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('inbox')
        .values({ id, source, type, account, object_id: objectId, effect_id: effectId })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      ring()
      return numInsertedOrUpdatedRows === 0n ? 'repeated' : 'new'
    },
  }
}

/**
 * Wakes the workers by NOTIFY: after the row is committed, because a NOTIFY inside the transaction lets commits wait for each
 * other; one for many events that come at once; and without being waited for, because their sweep finds the row anyway.
 */
function bell(db: Database): () => void {
  let state: 'quiet' | 'ringing' | 'again' = 'quiet'
  return function ring(): void {
    if (state !== 'quiet') {
      state = 'again'
      return
    }
    state = 'ringing'
    const rung = (): void => {
      const again = state === 'again'
      state = 'quiet'
      if (again) ring()
    }
    sql`select pg_notify('inbox', '')`.execute(db).then(rung, rung)
  }
}
