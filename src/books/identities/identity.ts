import type { RawBuilder } from 'kysely'

/** A row that breaks a promise of the books. Amounts and counts as text. */
export interface Breach {
  subject: string
  matterId: string | null
  expected: string | null
  found: string | null
}

/** A promise of the books, and the query that finds what breaks it in a firm's; it may find nothing. */
export interface Identity {
  code: string
  promise: string
  breaches(firmId: string): RawBuilder<Breach>
}
