// `npm run prepare:neighbours`: migrates the database of a deployment, and has its Temporal server know the namespace and the
// search attributes. Safe to repeat.
import { migrationConfig, temporalConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { prepareTemporal } from './prepare-temporal.ts'

try {
  await migrate(migrationConfig(process.env))
  console.log('The database is at the newest version.')
  const temporal = temporalConfig(process.env)
  await prepareTemporal(temporal)
  console.log(`Temporal has the namespace ${temporal.namespace ?? 'default'} with the search attributes.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
