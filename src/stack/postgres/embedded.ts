import { createHash } from 'node:crypto'
import path from 'node:path'
import type { ChildSpec } from '../child-spec.ts'
import type { Secrets } from '../secrets.ts'
import { postgresBinaries } from './binaries.ts'
import { initialiseCluster, POSTGRES_ENV } from './initialise.ts'
import { canReach, type OsUser, unprivilegedUser } from './os-user.ts'
import { probePostgres } from './probe.ts'
import { makeRootFallbackDir, ROOT_FALLBACK_DIR } from './root-fallback.ts'
import { localUrl, serverArgs } from './server-args.ts'
import { removeStalePostmasterFile } from './stale-postmaster.ts'

/** What {@link embeddedPostgres} needs to know. */
export type EmbeddedPostgresOptions = {
  dataDir: string
  port: number
  secrets: Secrets
  /** The data folder is thrown away at the end: nothing needs to reach the disk. */
  temporary: boolean
  log: (line: string) => void
}

/** Major version, carried by the data folder's name: another major version cannot read the files. */
const CLUSTER_FOLDER = 'pg18'

/**
 * Prepares PostgreSQL 18 with its data in `<dataDir>/pg18` (made if there is none) and gives the child to supervise and
 * the superuser's URL. As root it runs as an unprivileged user, and where that user cannot enter `dataDir`, the data
 * lie below {@link ROOT_FALLBACK_DIR} instead.
 */
export async function embeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<{ spec: ChildSpec; superuserUrl: string }> {
  const { dataDir, port, secrets, temporary, log } = options
  const user = await unprivilegedUser()
  const binaries = await postgresBinaries(user, log)
  const clusterDir = await clusterDirFor(dataDir, user, log)
  const password = secrets.postgresSuperuserPassword
  await initialiseCluster(binaries, clusterDir, password, user)
  await removeStalePostmasterFile(clusterDir)
  const superuserUrl = localUrl(port, 'postgres', password, 'postgres')
  const durability: Record<string, string> = temporary ? { fsync: 'off' } : {}
  const spec: ChildSpec = {
    name: 'postgres',
    command: binaries.postgres,
    args: serverArgs(clusterDir, port, { ...durability, max_connections: '200' }),
    env: POSTGRES_ENV,
    cwd: clusterDir,
    runAs: user === undefined ? undefined : { uid: user.uid, gid: user.gid },
    // Fast shutdown: open transactions are rolled back instead of waited for.
    stop: { signal: 'SIGINT', graceMs: 15_000 },
    probe: () => probePostgres(superuserUrl),
    // Recovery after a crash may have much to replay.
    readyWithinMs: 120_000,
  }
  return { spec, superuserUrl }
}

/** Where data go that do not lie in `dataDir` itself; to be removed together with a temporary one. */
export function fallbackDirOf(dataDir: string): string {
  return path.join(ROOT_FALLBACK_DIR, 'data', createHash('sha256').update(dataDir).digest('hex').slice(0, 16))
}

async function clusterDirFor(dataDir: string, user: OsUser | undefined, log: (line: string) => void): Promise<string> {
  if (user === undefined || (await canReach(dataDir, user))) return path.join(dataDir, CLUSTER_FOLDER)
  const fallback = fallbackDirOf(dataDir)
  await makeRootFallbackDir(fallback)
  log(`User ${user.name} cannot enter ${dataDir}: the database's files lie in ${fallback}`)
  return path.join(fallback, CLUSTER_FOLDER)
}
