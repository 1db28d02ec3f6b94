import { Temporal } from 'temporal-polyfill'
import { words } from '../reading/plan.ts'

/** After so many years the calendar repeats: the same weekdays, the same leap days. */
const CYCLE_YEARS = 28

/** The scenario's calendar beside the engine's clock. */
export interface Calendar {
  /** The engine's time of a moment of the scenario, epoch milliseconds. */
  instantOf(moment: Temporal.PlainDateTime): number
  /** A time of the engine's in the scenario's words: `2027-01-04 09:30`. */
  read(at: Date): string
}

/**
 * A calendar of `zone` in which `first` is still to come for an engine that says `nowMs`: engines cannot go back, so a
 * scenario that began in the past is played as many cycles later as it takes, and told by its own dates.
 */
export function calendarFrom(first: Temporal.PlainDateTime, zone: string, nowMs: number): Calendar {
  const engineTime = (moment: Temporal.PlainDateTime, years: number) =>
    moment.add({ years }).toZonedDateTime(zone).epochMilliseconds
  let years = 0
  while (engineTime(first, years) <= nowMs) years += CYCLE_YEARS
  return {
    instantOf: (moment) => engineTime(moment, years),
    read(at) {
      const there = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone)
      return words(there.toPlainDateTime().subtract({ years }))
    },
  }
}
