import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'

export interface DatabaseUrls {
  /** May create roles and tables; used for migrations only. */
  ownerUrl: string
  /** The worker's login (`retainer_worker`): writes the books. */
  workerUrl: string
  /** The API's login (`retainer_api`): reads under row-level security. */
  apiUrl: string
}

/**
 * Brings the database to the newest version and gives the two narrower logins the passwords of their URLs. Safe to repeat,
 * and to run by several processes at once (an advisory lock makes them wait).
 */
export async function migrate({ ownerUrl, workerUrl, apiUrl }: DatabaseUrls): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext('retainer-migrate'))")
    for (const url of [workerUrl, apiUrl]) await ensureLogin(client, url)
    await runner({
      dbClient: client,
      dir: fileURLToPath(new URL('./migrations', import.meta.url)),
      direction: 'up',
      migrationsTable: 'migration',
      // Our own advisory lock stands above.
      noLock: true,
      log: () => undefined,
    })
  } finally {
    await client.end()
  }
}

async function ensureLogin(client: pg.Client, url: string): Promise<void> {
  const { username, password } = new URL(url)
  const role = client.escapeIdentifier(decodeURIComponent(username))
  const secret = client.escapeLiteral(decodeURIComponent(password))
  const known = await client.query('select from pg_roles where rolname = $1', [decodeURIComponent(username)])
  await client.query(`${known.rowCount ? 'alter' : 'create'} role ${role} login password ${secret}`)
}
