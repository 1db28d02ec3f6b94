import { sql } from 'kysely'

/**
 * Whether an open request is overdue: the client was asked, nothing on its way covers it, and the day of the firm's first
 * reminder has passed (R9); a firm that never reminds has waited a week. Beside `request` and `retainer`.
 */
export const isOverdue = (firmId: string) => sql<boolean>`(
  request.status = 'OPEN' and retainer.phase = 'REQUESTED' and request.last_sent_at < now() - make_interval(days => (
    select coalesce(min(day), 7) from firm cross join unnest(reminder_days) as day where id = ${firmId}::uuid)))`
