import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { DB } from './types.ts'

export type Database = Kysely<DB>

// int8 and numeric as exact bigint: amounts never pass through a floating-point number.
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8
      ? (text: string) => BigInt(text)
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

export interface PoolOptions {
  /** Shown in pg_stat_activity. */
  name: string
  max?: number
}

/** A pool of connections with compile-checked SQL. Ends with `destroy()`. */
export function openDatabase(connectionString: string, { name, max = 10 }: PoolOptions): Database {
  const pool = new pg.Pool({
    connectionString,
    max,
    types,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 15_000,
    keepAlive: true,
  })
  // A connection that breaks is replaced by the pool, and what was asked on it is told; without listeners it would end the
  // process: the first hears of idle ones, the second of those at work.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
}

/**
 * Runs `work` as one transaction that sees, and may write, the rows of `firmId` only: row-level security reads the setting,
 * and the setting ends with the transaction.
 */
export function asFirm<T>(db: Database, firmId: string, work: (trx: Transaction<DB>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await trx.executeQuery(CompiledQuery.raw("select set_config('app.firm_id', $1, true)", [firmId]))
    return work(trx)
  })
}
