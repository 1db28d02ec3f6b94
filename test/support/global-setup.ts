import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bundleWorkflowCode } from '@temporalio/worker'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/db/migrate.ts'
import { applicationDatabaseUrls, ensureApplicationDatabase, startTemporaryPostgres } from '../../src/stack/postgres.ts'
import { WORKFLOWS_PATH } from '../../src/worker/workers.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** One PostgreSQL for the run; each test file makes a database of its own from the template. */
    superuserUrl: string
    /** The workflow code, bundled once. */
    workflowBundlePath: string
  }
}

export const PASSWORD = 'test'
export const TEMPLATE = 'retainer'

/** What all test files share, started once: PostgreSQL with a migrated template database, and the bundled workflow code. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startTemporaryPostgres()
  await ensureApplicationDatabase(postgres.superuserUrl, PASSWORD)
  await migrate(
    applicationDatabaseUrls(Number(new URL(postgres.superuserUrl).port), {
      postgresOwnerPassword: PASSWORD,
      postgresWorkerPassword: PASSWORD,
      postgresApiPassword: PASSWORD,
    }),
  )
  const dir = await mkdtemp(path.join(tmpdir(), 'retainer-bundle-'))
  const workflowBundlePath = path.join(dir, 'workflows.js')
  const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: quiet })
  await writeFile(workflowBundlePath, code)

  project.provide('superuserUrl', postgres.superuserUrl)
  project.provide('workflowBundlePath', workflowBundlePath)
  return async () => {
    await postgres.stop()
    await rm(dir, { recursive: true })
  }
}

const nothing = () => undefined
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: console.warn, error: console.error }
