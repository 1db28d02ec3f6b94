import type { Database } from '../../db/pool.ts'
import { bookedAccount, onAccount } from '../../provider/account.ts'
import { ageMs, type InboxRow, leaveOpen, settleRow } from './rows.ts'

/** As long as the provider repeats its events: what it does not know after that it will not know. */
const KNOWN_WITHIN_MS = 3 * 24 * 60 * 60 * 1000

/** The account at the provider, as the books name it. */
export const providerAccount = ({ account }: InboxRow): string => bookedAccount(account)

/** The option that makes a call on the account an event came from. */
export const accountOf = (row: InboxRow): { stripeAccount?: string } => onAccount(providerAccount(row))

/** An object that the provider does not know: a key of another account or mode sees nothing either, and must discard nothing real. */
export function unknownAtProvider(db: Database, row: InboxRow): Promise<void> {
  const outcome = 'unknown at the provider'
  return ageMs(row) < KNOWN_WITHIN_MS ? leaveOpen(db, row.id, outcome) : settleRow(db, row.id, outcome)
}

/** The id in a field that may be expanded. */
export const idOf = (object: string | { id: string } | null | undefined): string | null =>
  typeof object === 'string' ? object : (object?.id ?? null)
