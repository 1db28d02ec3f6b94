import { fileURLToPath } from 'node:url'
import { Connection } from '@temporalio/client'
import type { ClientConnectConfig } from '@temporalio/envconfig'
import { checkDatabase } from './database.ts'
import { checkEngine } from './engine.ts'
import { allOf, type Findings } from './findings.ts'
import { checkPackages } from './packages.ts'

const PROJECT_DIR = fileURLToPath(new URL('../../..', import.meta.url))

export interface Surroundings {
  databaseUrl: string
  temporal: ClientConnectConfig
}

/** Something around this process must be put right before it can start. The message says all of it, a sentence each. */
export class PreflightFailed extends Error {
  override name = 'PreflightFailed'
  constructor(problems: readonly string[]) {
    super(['It cannot start like this:', ...problems.map((sentence) => `  - ${sentence}`)].join('\n'))
  }
}

/**
 * Looks at everything that would otherwise fail later, and at matters: packages, database, clock, namespace, search attributes.
 * Answers what is odd, a sentence each.
 * @throws PreflightFailed with all that is wrong at once
 */
export async function preflight({ databaseUrl, temporal }: Surroundings): Promise<string[]> {
  const neighbours = await Promise.all([checkDatabase(databaseUrl), engineOf(temporal)])
  const { problems, warnings } = allOf([checkPackages(PROJECT_DIR), ...neighbours])
  if (problems.length > 0) throw new PreflightFailed(problems)
  return warnings
}

async function engineOf({ connectionOptions, namespace = 'default' }: ClientConnectConfig): Promise<Findings> {
  const connection = await Connection.connect(connectionOptions)
  try {
    return await checkEngine(connection, namespace)
  } finally {
    await connection.close()
  }
}
