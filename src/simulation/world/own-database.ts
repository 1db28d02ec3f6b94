import { randomBytes } from 'node:crypto'
import { migrate } from '../../db/migrate.ts'
import { type Database, openDatabase } from '../../db/pool.ts'
import { applicationDatabaseUrls, ensureApplicationDatabase, startTemporaryPostgres } from '../../stack/postgres.ts'

/** A migrated database on a temporary server of its own; gone after `stop`, and when the process dies. */
export async function startOwnDatabase(): Promise<{
  owner: Database
  workerUrl: string
  apiUrl: string
  stop(): Promise<void>
}> {
  const postgres = await startTemporaryPostgres()
  try {
    const password = randomBytes(16).toString('hex')
    await ensureApplicationDatabase(postgres.superuserUrl, password)
    const urls = applicationDatabaseUrls(Number(new URL(postgres.superuserUrl).port), {
      postgresOwnerPassword: password,
      postgresWorkerPassword: password,
      postgresApiPassword: password,
    })
    await migrate(urls)
    const owner = openDatabase(urls.ownerUrl, { name: 'simulation', max: 3 })
    return {
      ...urls,
      owner,
      async stop() {
        await owner.destroy()
        await postgres.stop()
      },
    }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}
