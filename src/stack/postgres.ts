// PostgreSQL 18 from npm: embedded in the stack, and temporary for tests.
export { applicationDatabaseUrls, ensureApplicationDatabase } from './postgres/application-database.ts'
export { embeddedPostgres, fallbackDirOf } from './postgres/embedded.ts'
export { startTemporaryPostgres } from './postgres/temporary.ts'
