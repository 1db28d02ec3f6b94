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
  const mail = await db
    .selectFrom('mail')
    .select(['effect_id', 'matter_id', 'recipient'])
    .where('provider_id', '=', row.objectId)
    .executeTakeFirst()
  // An event can overtake the note of its own sending.
  if (!mail) {
    return ageMs(row) < NOTED_WITHIN_MS
      ? leaveOpen(db, row.id, 'its mail is not noted yet', row.tries * NOTED_SOON_MS)
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
