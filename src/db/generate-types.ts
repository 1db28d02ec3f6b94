import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { applicationDatabaseUrls, ensureApplicationDatabase, startTemporaryPostgres } from '../stack/postgres.ts'
import { migrate } from './migrate.ts'

/**
 * Writes `src/db/types.ts` from the migrations, by asking a database that they made: SQL is then checked by the compiler.
 * With `--verify` it only compares, for the checks.
 */
const postgres = await startTemporaryPostgres()
try {
  const password = 'types'
  await ensureApplicationDatabase(postgres.superuserUrl, password)
  const urls = applicationDatabaseUrls(Number(new URL(postgres.superuserUrl).port), {
    postgresOwnerPassword: password,
    postgresWorkerPassword: password,
    postgresApiPassword: password,
  })
  await migrate(urls)
  const { stdout } = await promisify(execFile)('kysely-codegen', [
    '--dialect=postgres',
    `--url=${urls.ownerUrl}`,
    '--out-file=src/db/types.ts',
    '--exclude-pattern=migration',
    '--type-mapping={"int8":"bigint"}',
    ...process.argv.slice(2),
  ])
  process.stdout.write(stdout)
} finally {
  await postgres.stop()
}
