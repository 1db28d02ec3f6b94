import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The operating-system user PostgreSQL runs as when the stack itself runs as root. */
export type OsUser = { name: string; uid: number; gid: number }

const CANDIDATES = ['postgres', '_postgres', 'nobody']

/**
 * PostgreSQL refuses to run as root. Gives the unprivileged user to run it as, or undefined when we are not root and
 * it simply runs as ourselves. Nothing is added to the system: `nobody` exists everywhere.
 */
export async function unprivilegedUser(): Promise<OsUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of CANDIDATES) {
    try {
      const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)])
      return { name, uid, gid }
    } catch {
      // No such user: the next one.
    }
  }
  throw new Error(
    `PostgreSQL does not run as root, and none of the users ${CANDIDATES.join(', ')} exists to run it as. ` +
      'Start as another user, or set DATABASE_URL to a PostgreSQL server of your own.',
  )
}

/** Whether `user` may enter every folder on the way to `target` (whose existing part is looked at). */
export async function canReach(target: string, user: OsUser): Promise<boolean> {
  for (let dir = path.resolve(target); ; dir = path.dirname(dir)) {
    const info = await stat(dir).catch(() => undefined)
    if (info?.isDirectory() && !mayEnter(info, user)) return false
    if (dir === path.dirname(dir)) return true
  }
}

function mayEnter(info: { mode: number; uid: number; gid: number }, user: OsUser): boolean {
  if (info.uid === user.uid) return (info.mode & 0o100) !== 0
  if (info.gid === user.gid) return (info.mode & 0o010) !== 0
  return (info.mode & 0o001) !== 0
}

async function idOf(flag: '-u' | '-g', name: string): Promise<number> {
  const { stdout } = await run('id', [flag, name])
  return Number.parseInt(stdout, 10)
}
