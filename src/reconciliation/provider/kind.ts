import type Stripe from 'stripe'
import type { Database } from '../../db/pool.ts'

/** Where a kind of the provider's objects is compared: the firm's books, and one account at the provider. */
export interface Place {
  db: Database
  stripe: Stripe
  firmId: string
  /** As the books name it. */
  account: string
  /** The option that makes a call on it. */
  on: { stripeAccount?: string }
}

/** A difference as a kind of objects tells it. */
export interface Found {
  code: string
  subject: string
  matterId: string | null
  expected: string | null
  found: string | null
}

/**
 * A kind of objects that the provider and the books both hold. `Row` is what the books know of one: an object without a row is
 * none of this firm's.
 */
export interface Kind<Object, Row> {
  /** Names the differences: `PAYMENT_AMOUNT`. */
  name: string
  /** The id by which the books know an object. */
  nameOf(object: Object): string
  /** Objects that were made since (epoch seconds). */
  list(place: Place, sinceS: number): AsyncIterable<Object>
  retrieve(place: Place, name: string): Promise<Object>
  /** What the books know of these objects, by name. */
  rows(place: Place, objects: Object[]): Promise<Map<string, Row>>
  /** Names of what was booked since. */
  booked(place: Place, since: Date): Promise<string[]>
  compare(object: Object, row: Row): Found[]
}

/** `expected` at the provider, `found` in the books; nothing where both are the same. */
export function differing(
  code: string,
  subject: { subject: string; matterId: string | null },
  expected: string | bigint | null,
  found: string | bigint | null,
): Found[] {
  const [there, here] = [expected?.toString() ?? null, found?.toString() ?? null]
  return there === here ? [] : [{ code, ...subject, expected: there, found: here }]
}

/** For an `in` that may find nothing to look for. */
export const idsIn = (ids: (string | null)[]): string[] => ['', ...ids.filter((id) => id !== null)]
