import { Client, Connection } from '@temporalio/client'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { patiently } from '../../src/demo/patiently.ts'
import type { StackEnv } from '../../src/stack/environment.ts'
import { engineRecords } from './engine-records.ts'
import { personalData } from './personal-data.ts'
import { searchable, spellingsOf } from './spellings.ts'

/** Any mail address of the tests' people, whether or not the books know it (a payer's at the provider's page). */
const ADDRESS = /[\w.+-]+(?:@|%40|\\u0040)[\w.-]+\.example/

/** Looks for `names` in bytes, in whatever spelling, and for any mail address: answers what it found. */
export function lookoutFor(names: string[]): (bytes: Uint8Array) => string[] {
  const known = names.map((name) => ({ name, spellings: spellingsOf(name) }))
  return (bytes) => {
    const text = searchable(bytes)
    const found = known.filter(({ spellings }) => spellings.some((spelling) => text.includes(spelling)))
    return [...found.map(({ name }) => name), ...(ADDRESS.exec(text) ?? [])]
  }
}

/**
 * No run of the engine holds what names or reaches a person of this database: neither a payload, failure, summary or update
 * of its history, nor its memo, search attributes, heartbeats or pending failures, nor what the list shows.
 * @throws naming them, and where they stand
 */
export async function expectNobodyNamedByEngine(
  client: Client,
  owner: Database,
  otherRuns: { workflowId: string; runId?: string }[] = [],
): Promise<void> {
  const namedIn = lookoutFor(await personalData(owner))
  const naming: string[] = []
  for await (const { bytes, ...where } of engineRecords(client, owner, otherRuns)) {
    const named = namedIn(bytes)
    if (named.length > 0) naming.push(`${where.part} of ${where.workflowId} ${where.runId}: ${named.join(', ')}`)
  }
  if (naming.length > 0) throw new Error(`The engine names people:\n${naming.join('\n')}`)
}

/** The same of a whole stack, which may just have lost a part. Call it before the stack is stopped. */
export async function expectNobodyNamedByStack(env: StackEnv): Promise<void> {
  const owner = openDatabase(env.DATABASE_URL, { name: 'test-privacy', max: 1 })
  const address = env['TEMPORAL_ADDRESS'] ?? ''
  const connection = Connection.lazy({ address })
  try {
    const client = new Client({ connection, namespace: env.TEMPORAL_NAMESPACE })
    await patiently('the engine and the books answer', async () => {
      await owner.selectFrom('firm').select('id').limit(1).execute()
      await client.workflowService.describeNamespace({ namespace: env.TEMPORAL_NAMESPACE })
      return true
    })
    await expectNobodyNamedByEngine(client, owner)
  } finally {
    await connection.close()
    await owner.destroy()
  }
}
