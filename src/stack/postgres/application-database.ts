import pg from 'pg'
import type { Secrets } from '../secrets.ts'
import { withClient } from './probe.ts'
import { localUrl } from './server-args.ts'

const DATABASE = 'retainer'
const OWNER = 'retainer_owner'

/** The three logins of the application; none is a superuser, so row-level security binds them all. */
export type DatabaseUrls = { ownerUrl: string; workerUrl: string; apiUrl: string }

/** Where the application finds its database on the embedded server. */
export function applicationDatabaseUrls(
  port: number,
  secrets: Pick<Secrets, 'postgresOwnerPassword' | 'postgresWorkerPassword' | 'postgresApiPassword'>,
): DatabaseUrls {
  return {
    ownerUrl: localUrl(port, OWNER, secrets.postgresOwnerPassword, DATABASE),
    workerUrl: localUrl(port, 'retainer_worker', secrets.postgresWorkerPassword, DATABASE),
    apiUrl: localUrl(port, 'retainer_api', secrets.postgresApiPassword, DATABASE),
  }
}

/**
 * Makes the database `retainer` and its owner, who may create the two narrower logins (the migrations do that).
 * May be repeated; the owner's password is set each time.
 */
export async function ensureApplicationDatabase(superuserUrl: string, ownerPassword: string): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const role = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [OWNER])
    const verb = role.rowCount === 0 ? 'CREATE' : 'ALTER'
    await client.query(`${verb} ROLE ${OWNER} LOGIN CREATEROLE NOSUPERUSER PASSWORD ${pg.escapeLiteral(ownerPassword)}`)
    const database = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`)
  })
}
