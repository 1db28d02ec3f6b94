import type { Client } from '@temporalio/client'
import type { Database } from '../../db/pool.ts'
import { findMatter, tellMatter } from './matters.ts'
import { ageMs, type InboxRow, leaveOpen, settleRow } from './rows.ts'

const DELIVERIES: Record<string, string> = {
  'email.delivered': 'DELIVERED',
  'email.bounced': 'BOUNCED',
  'email.complained': 'COMPLAINED',
  'email.failed': 'FAILED',
  'email.suppressed': 'SUPPRESSED',
}

const NOTED_SOON_MS = 1_000
/** Longer than any worker takes to note a mail it has sent, a crash in between included. */
const NOTED_WITHIN_MS = 60 * 60 * 1000

/** Notes what became of a mail; one that came back is told to its matter (R12). */
export async function handleResendEvent(
  { db, temporal }: { db: Database; temporal: Client },
  row: InboxRow,
): Promise<void> {
  await noteSentUnnoted(db, row)
  const mail = await db
    .selectFrom('mail')
    .select(['effect_id', 'matter_id', 'recipient'])
    .where('provider_id', '=', row.objectId)
    .executeTakeFirst()
  // A mail of a time before mails were tagged: its event can overtake the note of its own sending.
  if (!mail) {
    return ageMs(row) < NOTED_WITHIN_MS
      ? leaveOpen(db, row.id, 'its mail is not noted yet', { againAfterMs: row.tries * NOTED_SOON_MS })
      : settleRow(db, row.id, 'not a mail of ours')
  }
  const delivery = DELIVERIES[row.type] ?? row.type
  await db
    .updateTable('mail')
    .set({ delivery, delivery_at: new Date() })
    .where('effect_id', '=', mail.effect_id)
    .execute()
  const matter = delivery === 'DELIVERED' || !mail.matter_id ? null : await findMatter(db, mail.matter_id)
  if (!matter || matter.closed) return settleRow(db, row.id, 'noted')
  const recipient = mail.recipient as 'CLIENT' | 'FIRM'
  await tellMatter(temporal, matter, 'mailBounced', { mailId: mail.effect_id, recipient, inboxId: row.id })
}

/**
 * A mail that the provider took without our hearing of it, and that may have been stopped before it was tried again: it went out all
 * the same, and the books say so (R10, R12). A later mail of the same name, sent after a backup was restored, keeps its own id.
 */
async function noteSentUnnoted(db: Database, { effectId, objectId, receivedAt }: InboxRow): Promise<void> {
  if (effectId === null) return
  await db
    .with('sent', (query) =>
      query
        .updateTable('mail')
        .set({ provider_id: objectId, sent_at: receivedAt })
        .where('effect_id', '=', effectId)
        .where('provider_id', 'is', null)
        .returning('effect_id'),
    )
    .updateTable('effect')
    .from('sent')
    .set({ status: 'DONE', finished_at: receivedAt })
    .whereRef('effect.id', '=', 'sent.effect_id')
    .where('status', '=', 'CANCELLED')
    .execute()
}
