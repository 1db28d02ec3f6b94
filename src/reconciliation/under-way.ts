import type { Database } from '../db/pool.ts'
import { bookedAccount } from '../provider/account.ts'
import { accountsOf } from '../provider/accounts.ts'
import type { Difference } from './difference.ts'

/** How old a thing on its way may be before it counts as lost. */
const PATIENCE_MS = 60_000

/** Whether something of the firm is just on its way: then what differs is looked at again. */
export async function isUnderWay(db: Database, firmId: string): Promise<boolean> {
  const young = new Date(Date.now() - PATIENCE_MS)
  const events = await openEvents(db, firmId)
  if (events.some(({ received_at }) => received_at > young)) return true
  const effect = await db
    .selectFrom('effect')
    .select('id')
    .where('firm_id', '=', firmId)
    .where('status', '=', 'PLANNED')
    .where('kind', '<>', 'MAIL')
    .limit(1)
    .executeTakeFirst()
  return effect !== undefined
}

/** Events of the firm's accounts, and between its matters, that are in the inbox and not booked. */
export async function unbookedEvents(db: Database, firmId: string): Promise<Difference[]> {
  const events = await openEvents(db, firmId)
  return events.map(({ id, matter_id, outcome }) => ({
    check: 'EVENTS',
    code: 'EVENT_NOT_BOOKED',
    subject: id,
    matterId: matter_id,
    expected: 'booked',
    found: outcome,
  }))
}

async function openEvents(db: Database, firmId: string) {
  const accounts = new Set(await accountsOf(db, firmId))
  const rows = await db
    .selectFrom('inbox')
    .select(['id', 'source', 'account', 'firm_id', 'matter_id', 'received_at', 'outcome'])
    .where('booked_at', 'is', null)
    .where('source', 'in', ['stripe', 'books'])
    // What it waits for by design is none of what is missing.
    .where(({ eb, or }) => or([eb('waits_until', 'is', null), eb('waits_until', '<', new Date())]))
    .execute()
  // On an account that several firms share, an event that is known to be another's is not this one's.
  return rows.filter(({ source, account, firm_id }) =>
    firm_id !== null || source === 'books' ? firm_id === firmId : accounts.has(bookedAccount(account)),
  )
}
