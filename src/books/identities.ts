import type { Kysely } from 'kysely'
import type { DB } from '../db/types.ts'
import { ENTRY_IDENTITIES } from './identities/entries.ts'
import type { Breach } from './identities/identity.ts'
import { PAYMENT_IDENTITIES } from './identities/payments.ts'
import { PAYOUT_IDENTITIES } from './identities/payouts.ts'
import { RETAINER_IDENTITIES } from './identities/retainers.ts'

/** Something that the books and something else, or the books among themselves, say differently. */
export interface Difference extends Breach {
  check: 'BOOKS'
  code: string
}

const IDENTITIES = [...ENTRY_IDENTITIES, ...RETAINER_IDENTITIES, ...PAYMENT_IDENTITIES, ...PAYOUT_IDENTITIES]

/** How many identities `identities` checks. */
export const IDENTITY_COUNT = IDENTITIES.length

/**
 * Holds a firm's books to their identities (the books table of the rules): every row that breaks one, or none. Give it a login
 * that sees the inbox: the worker's.
 */
export async function identities(db: Kysely<DB>, firmId: string): Promise<Difference[]> {
  const differences: Difference[] = []
  for (const { code, breaches } of IDENTITIES) {
    const { rows } = await breaches(firmId).execute(db)
    differences.push(...rows.map((row) => ({ check: 'BOOKS' as const, code, ...row })))
  }
  return differences
}
