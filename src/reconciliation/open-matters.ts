import { sql } from 'kysely'
import type { Database } from '../db/pool.ts'

/**
 * Matters whose workflow must be there: those that are not closed, and closed ones of which the books still wait for an effect.
 * A mail or an expiry that went as planned is told to nobody; of everything else the matter hears what became of it.
 */
export const openMatters = (db: Database) =>
  db
    .selectFrom('retainer')
    .where('version', '>', 0n)
    .where(({ eb, or }) =>
      or([
        eb('phase', '<>', 'CLOSED'),
        sql<boolean>`exists (
          select from jsonb_array_elements(retainer.state->'effects') as open join effect on effect.id = open->>'id'
          where effect.kind not in ('MAIL', 'EXPIRE_SESSION') or effect.status not in ('DONE', 'CANCELLED'))`,
      ]),
    )
