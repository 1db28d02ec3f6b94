import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SQLITE_BUSY = 5

/** The data folder, ours until released. */
export type DataDirLock = { release(): Promise<void> }

/**
 * Locks `dataDir` against a second stack. The lock is SQLite's file lock, so the operating system lifts it however this
 * process ends, and no stale lock has to be told from a living one.
 * @throws naming the folder and the process that holds it
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const holderFile = path.join(dataDir, 'stack.pid')
  const database = new DatabaseSync(path.join(dataDir, 'stack.lock'))
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    const holder = await readFile(holderFile, 'utf8').catch(() => 'unknown')
    throw new Error(
      `The data folder ${dataDir} is in use by another stack (pid ${holder}). ` +
        'Stop that one, or set DATA_DIR to another folder (and the *_PORT variables to other ports).',
      { cause: error },
    )
  }
  await writeFile(holderFile, String(process.pid))
  return {
    release: async () => {
      await rm(holderFile, { force: true })
      database.close()
    },
  }
}
