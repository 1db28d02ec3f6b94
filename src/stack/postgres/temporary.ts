import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePorts } from '../free-ports.ts'
import { writePidFile } from '../pid-files.ts'
import { untilReady } from '../until-ready.ts'
import { startWatchdog } from '../watchdog.ts'
import { postgresBinaries } from './binaries.ts'
import { initialiseCluster, POSTGRES_ENV } from './initialise.ts'
import { canReach, unprivilegedUser } from './os-user.ts'
import { probePostgres } from './probe.ts'
import { localUrl, serverArgs } from './server-args.ts'

/** A PostgreSQL server for tests. */
export type TemporaryPostgres = {
  /** Superuser connection to the database `postgres`; make one database per test file. */
  superuserUrl: string
  /** Ends the server and removes its folder. */
  stop(): Promise<void>
}

// Nothing survives the tests, so nothing needs to reach the disk.
const TEST_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
}

/**
 * Starts PostgreSQL 18 on a free port of 127.0.0.1 with its data in a temporary folder.
 * Both are gone after `stop`, and also when the calling process dies without having called it.
 */
export async function startTemporaryPostgres(): Promise<TemporaryPostgres> {
  const user = await unprivilegedUser()
  const binaries = await postgresBinaries(user, () => undefined)
  const dir = await temporaryDir()
  const watchdog = startWatchdog(dir, [dir])
  const clusterDir = path.join(dir, 'pg18')
  const password = randomBytes(16).toString('hex')
  const [port = 0] = await freePorts(1)
  await initialiseCluster(binaries, clusterDir, password, user)

  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid }
  const server = spawn(binaries.postgres, serverArgs(clusterDir, port, TEST_SETTINGS), {
    ...identity,
    env: POSTGRES_ENV,
    cwd: clusterDir,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  server.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4_000)))
  const exited = once(server, 'exit')
  await writePidFile(dir, 'postgres', server.pid ?? 0, { signal: 'SIGQUIT', graceMs: 2_000 })

  async function stop(): Promise<void> {
    // Immediate shutdown: there is nothing worth a checkpoint.
    server.ref()
    if (server.kill('SIGQUIT')) await exited
    watchdog.release()
    await rm(dir, { recursive: true, force: true })
  }

  const superuserUrl = localUrl(port, 'postgres', password, 'postgres')
  const gone = new AbortController()
  server.once('exit', () => gone.abort(new Error(`PostgreSQL ended while starting:\n${log}`)))
  try {
    await untilReady(() => probePostgres(superuserUrl), 20_000, gone.signal)
  } catch (error) {
    await stop()
    throw error
  }
  // A caller that forgot `stop` still ends; the watchdog then cleans up.
  server.unref()
  ;(server.stderr as unknown as { unref(): void }).unref()
  return { superuserUrl, stop }
}

async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'retainer-postgres-'))
  // mkdtemp makes it private to us; as root, PostgreSQL's user must be able to enter.
  await chmod(dir, 0o711)
  const user = await unprivilegedUser()
  if (user === undefined || (await canReach(dir, user))) return dir
  await rm(dir, { recursive: true })
  throw new Error(
    `User ${user.name} cannot enter ${tmpdir()}. Set TMPDIR to a folder every user may enter, such as /tmp.`,
  )
}
