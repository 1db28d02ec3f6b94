import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { commandOf } from '../process-identity.ts'

/**
 * Removes a `postmaster.pid` that a killed server left behind and whose pid now belongs to another program.
 * PostgreSQL removes one whose pid is free, but takes any living process of the same user for its predecessor.
 */
export async function removeStalePostmasterFile(clusterDir: string): Promise<void> {
  const file = path.join(clusterDir, 'postmaster.pid')
  const pid = Number.parseInt((await readFile(file, 'utf8').catch(() => '')).split('\n')[0] ?? '', 10)
  if (Number.isNaN(pid)) return
  const command = await commandOf(pid)
  if (command !== undefined && !command.includes('postgres')) await rm(file)
}
