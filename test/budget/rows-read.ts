import { sql } from 'kysely'
import type { Database } from '../../src/db/pool.ts'

/** How many rows of each table `work` reads, in its transaction: by a scan of all, or by an index. */
export async function rowsRead(
  db: Database,
  work: (trx: Database) => Promise<unknown>,
): Promise<Record<string, number>> {
  return db.transaction().execute(async (trx) => {
    // A table of one page is read whole where a long one is looked into by its index: what a plan needs, not what it prefers.
    await sql`set local enable_seqscan = off`.execute(trx)
    const before = await soFar(trx)
    await work(trx)
    const after = await soFar(trx)
    const differences = Object.entries(after).map(([table, rows]) => [table, rows - (before[table] ?? 0)] as const)
    return Object.fromEntries(differences.filter(([, rows]) => rows > 0))
  })
}

async function soFar(db: Database): Promise<Record<string, number>> {
  const { rows } = await sql<{ relname: string; rows: number }>`
    select relname, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_xact_user_tables`.execute(db)
  return Object.fromEntries(rows.map((row) => [row.relname, row.rows]))
}
