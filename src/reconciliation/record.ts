import { sql } from 'kysely'
import type { Notice } from '../../activities/books-wire.ts'
import type { Database } from '../db/pool.ts'
import type { Difference, Progress, Step } from './difference.ts'

/**
 * The row of a reconciliation: what its GraphQL query shows while it runs and afterwards. One runs at a time, so that an older
 * one which says that it runs is dead: it has failed, without anything that could have said so.
 */
export async function beginRecord(db: Database, firmId: string, id: string, startedAt: Date): Promise<void> {
  await db
    .insertInto('reconciliation')
    .values({ id, firm_id: firmId, started_at: startedAt })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  const dead = await db
    .selectFrom('reconciliation')
    .select('id')
    .where('firm_id', '=', firmId)
    .where('id', '<>', id)
    .where('status', '=', 'RUNNING')
    .where('started_at', '<=', startedAt)
    .execute()
  for (const { id } of dead) await endRecord(db, { firmId, id, status: 'FAILED', differences: [], at: startedAt })
}

/** How far the reconciliation has come. */
export async function recordProgress(db: Database, id: string, step: Step, { done, total }: Progress): Promise<void> {
  await db.updateTable('reconciliation').set({ step, done, total }).where('id', '=', id).execute()
}

type Ended = 'CLEAN' | 'DIFFERENCES' | 'FAILED'

/** What the firm is told of each ending, and what it is told no longer: the newest says all. */
const ATTENTION: Record<Ended, { undoes: string[]; raises: string | null }> = {
  CLEAN: { undoes: ['RECONCILIATION_DIFFERENCE', 'RECONCILIATION_FAILED'], raises: null },
  DIFFERENCES: { undoes: ['RECONCILIATION_DIFFERENCE', 'RECONCILIATION_FAILED'], raises: 'RECONCILIATION_DIFFERENCE' },
  FAILED: { undoes: ['RECONCILIATION_FAILED'], raises: 'RECONCILIATION_FAILED' },
}

/** Keeps what was found and ends the reconciliation; once, however often it is told. */
export async function endRecord(
  db: Database,
  {
    firmId,
    id,
    status,
    differences,
    at,
  }: {
    firmId: string
    id: string
    status: Ended
    differences: Difference[]
    at: Date
  },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const ended = await trx
      .updateTable('reconciliation')
      .set({ status, finished_at: at })
      .where('id', '=', id)
      .where('finished_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!ended) return
    for (const [index, { matterId, ...difference }] of differences.entries()) {
      await trx
        .insertInto('reconciliation_difference')
        .values({ reconciliation_id: id, line: index + 1, firm_id: firmId, matter_id: matterId, ...difference })
        .execute()
    }
    const { undoes, raises } = ATTENTION[status]
    await trx
      .updateTable('firm_attention')
      .set({ cleared_at: at })
      .where('firm_id', '=', firmId)
      .where('code', 'in', undoes)
      .where('cleared_at', 'is', null)
      .execute()
    if (raises) {
      await sql`select tell_firm(${firmId}::uuid, ${noticeId(id)}, ${raises}, ${id}, null, ${at})`.execute(trx)
    }
  })
}

/** The effect that mails the firm of how a reconciliation has ended. */
const noticeId = (reconciliationId: string): string => `reconciliation.${reconciliationId}`

/** Mails of this reconciliation, or of any of the firm's, that are still to be sent. */
export async function unsentNotices(db: Database, firmId: string, reconciliationId = '%'): Promise<Notice[]> {
  const unsent = await db
    .selectFrom('effect')
    .select('body')
    .where('firm_id', '=', firmId)
    .where('id', 'like', noticeId(reconciliationId))
    .where('status', '=', 'PLANNED')
    .execute()
  return unsent.map(({ body }) => body as unknown as Notice)
}

/** Since when the last clean reconciliation of the firm vouches for everything; null before the first. */
export async function lastCleanStart(db: Database, firmId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('reconciliation')
    .select(({ fn }) => fn.max('started_at').as('started_at'))
    .where('firm_id', '=', firmId)
    .where('status', '=', 'CLEAN')
    .executeTakeFirst()
  return row?.started_at ?? null
}
