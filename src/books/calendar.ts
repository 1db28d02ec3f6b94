import { type RawBuilder, sql } from 'kysely'

/** Calendar days of the firm, `YYYY-MM-DD`, both inclusive; null leaves that side open. */
export interface Days {
  from: string | null
  to: string | null
}

/** Whether the instant `at` lies before the first of `days`, in the calendar of the `firm` that the query has at hand. */
export const isBefore = (at: RawBuilder<Date>, { from }: Days): RawBuilder<boolean> =>
  from === null ? sql`false` : sql`${at} < (${from}::date::timestamp at time zone firm.time_zone)`

/** Whether the instant `at` lies behind the last of `days`. */
export const isAfter = (at: RawBuilder<Date>, { to }: Days): RawBuilder<boolean> =>
  to === null ? sql`false` : sql`${at} >= ((${to}::date + 1)::timestamp at time zone firm.time_zone)`
