import { execFile } from 'node:child_process'
import { chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { PostgresBinaries } from './binaries.ts'
import type { OsUser } from './os-user.ts'

const run = promisify(execFile)

/** Environment of the PostgreSQL programs: messages in English whatever the machine speaks. */
export const POSTGRES_ENV = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' }

const TRIES = 3

/**
 * Makes a new cluster in `clusterDir` unless there is one; superuser `postgres` with `password`.
 * Text is UTF-8 and sorted by PostgreSQL's own C.UTF-8, so that Linux and macOS order alike.
 */
export async function initialiseCluster(
  binaries: PostgresBinaries,
  clusterDir: string,
  password: string,
  user: OsUser | undefined,
): Promise<void> {
  if ((await stat(path.join(clusterDir, 'PG_VERSION')).catch(() => undefined)) !== undefined) return
  for (let tries = 1; ; tries += 1) {
    try {
      return await makeCluster(binaries, clusterDir, password, user)
    } catch (error) {
      // One of its helper processes may have been killed; what stays wrong is told.
      if (tries === TRIES) throw error
    }
  }
}

async function makeCluster(
  binaries: PostgresBinaries,
  clusterDir: string,
  password: string,
  user: OsUser | undefined,
): Promise<void> {
  // initdb works aside and is renamed into place: a start that is killed half-way leaves no half cluster behind.
  const unfinished = `${clusterDir}.new`
  const passwordFile = `${clusterDir}.password`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true, mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user !== undefined) for (const file of [unfinished, passwordFile]) await chown(file, user.uid, user.gid)
  try {
    const args = [
      `--pgdata=${unfinished}`,
      `--pwfile=${passwordFile}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
    ]
    const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid }
    await run(binaries.initdb, args, { ...identity, env: POSTGRES_ENV, cwd: '/' })
    await rename(unfinished, clusterDir)
  } catch (error) {
    const output = (error as { stderr?: string }).stderr ?? ''
    throw new Error(`PostgreSQL could not make its data folder ${clusterDir}:\n${output.trim() || String(error)}`, {
      cause: error,
    })
  } finally {
    await rm(passwordFile, { force: true })
  }
}
