import { Socket } from 'node:net'
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
  /** After how long without a word from the database a connection is taken for lost: longer than any statement may take. */
  silenceMs?: number
}

const STATEMENT_TIMEOUT_MS = 15_000

/** A pool of connections with compile-checked SQL. Ends with `destroy()`. */
export function openDatabase(connectionString: string, { name, max = 10, silenceMs = 20_000 }: PoolOptions): Database {
  const pool = new pg.Pool({
    connectionString,
    max,
    types,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  })
  // A connection that breaks is replaced by the pool, and what was asked on it is told; without listeners it would end the
  // process: the first hears of idle ones, the second of those at work.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    endWhenSilent(client, silenceMs)
  })
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
}

/**
 * Where a network drops what it carries and tells nobody, an answer is waited for until the operating system gives up, hours
 * later, and a pool of such connections serves nobody. What is idle the pool ends sooner by itself.
 */
function endWhenSilent({ connection: { stream } }: pg.PoolClient, silenceMs: number): void {
  if (stream instanceof Socket) {
    const silent = Object.assign(new Error('The database has fallen silent.'), { code: 'ETIMEDOUT' })
    stream.setTimeout(silenceMs, () => stream.destroy(silent))
  }
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
