import type { Database } from '../../db/pool.ts'
import type { InboxRow } from './rows.ts'

/**
 * Whose an event is stands in its row as soon as somebody knows: on an account that firms share, it is for as long as it stays open
 * the trouble of one of them, and no difference in the books of the others.
 */
export async function noteWhose(
  db: Database,
  { id, firmId, matterId }: InboxRow,
  whose: { firmId: string; matterId: string | null },
): Promise<void> {
  if (firmId === whose.firmId && matterId === whose.matterId) return
  await db
    .updateTable('inbox')
    .set({ firm_id: whose.firmId, matter_id: whose.matterId })
    .where('id', '=', id)
    .where('booked_at', 'is', null)
    .execute()
}
