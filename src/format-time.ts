/** `March 3, 2026`: the day of an instant in a time zone. */
export const formatDay = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone }).format(at)

/** `March 3, 2026`: a calendar day, `2026-03-03`, written out. */
export const formatDate = (day: string): string => formatDay(new Date(`${day}T00:00:00Z`), 'UTC')

/** `2026-03-03`: the day of an instant in a time zone, as calendars compare it. */
export const isoDay = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(at)

/** `March 3, 2026 at 2:05 PM EST`: an instant in a time zone. */
export const formatInstant = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at)
