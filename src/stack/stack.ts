import { rm } from 'node:fs/promises'
import { parseStackConfig, type StackConfig } from './config.ts'
import { makeDataDir, makeTemporaryDataDir } from './data-dir.ts'
import { type StackEnv, stackEnvironment } from './environment.ts'
import { lockDataDir } from './lock.ts'
import { startParts } from './parts.ts'
import { settlePorts } from './ports.ts'
import { fallbackDirOf } from './postgres.ts'
import type { PrepareStep } from './prepare.ts'
import { PROGRAM_FILES, PROJECT_DIR, type ProgramName } from './programs.ts'
import { loadSecrets } from './secrets.ts'
import { seedOnce } from './seed-once.ts'
import { Supervisor } from './supervisor.ts'
import { type StackUrls, stackUrls } from './urls.ts'

/** How to start a stack. */
export type StackOptions = {
  /** Configuration as environment variables, see `config.ts`. */
  env: NodeJS.ProcessEnv
  /** Told what is going on, a line at a time. */
  report: (line: string) => void
  /** Work on the neighbours before the application starts. */
  prepare: PrepareStep[]
  /** Called once per data folder when all is healthy, if the database is the embedded one. */
  seed?: (env: StackEnv) => Promise<void>
  /** Use a new data folder in the system's temporary folder, and remove it at the end. */
  temporary?: boolean
  /** Further settings of the embedded Temporal server, `key=value`. */
  temporalDynamicConfig?: string[]
  /** Entry files, if not the application's own. */
  programFiles?: Record<ProgramName, string>
  /** Aborted: the start is given up, what has been started is ended, and `startStack` rejects. */
  signal?: AbortSignal
}

/** A running stack. */
export type Stack = {
  urls: StackUrls
  /** The application's whole environment, all three database logins included. */
  env: StackEnv
  dataDir: string
  /** Pids of the children that run at this moment, by name: postgres, temporal, api, worker, ... */
  pids(): Record<string, number>
  /** Fulfilled with the reason when a part has crashed too often; nothing is stopped by that alone. */
  failed: Promise<Error>
  /** Ends everything in order; may be called repeatedly. */
  stop(): Promise<void>
  /** Ends everything at once, for those who will not wait for `stop`. */
  kill(): void
}

/**
 * Starts the whole product: embedded parts for all neighbours that are not configured as real ones, then the application.
 * @throws with a message for the person at the terminal; nothing is left running then
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { temporary = false, report, signal } = options
  const parsed = parseStackConfig(options.env, PROJECT_DIR)
  const config = temporary ? { ...parsed, dataDir: await makeTemporaryDataDir() } : parsed
  const removeAtEnd = temporary ? [config.dataDir, fallbackDirOf(config.dataDir)] : []
  await makeDataDir(config.dataDir)
  const lock = await lockDataDir(config.dataDir)
  const supervisor = await Supervisor.open(config.dataDir, removeAtEnd, report)

  let ending: Promise<void> | undefined
  async function end(): Promise<void> {
    await supervisor.stop()
    await lock.release()
    for (const dir of removeAtEnd) await rm(dir, { recursive: true, force: true })
  }
  const stop = (): Promise<void> => (ending ??= end())

  try {
    const running = await Promise.race([assemble(options, config, supervisor), giveUp(supervisor, signal)])
    return {
      ...running,
      dataDir: config.dataDir,
      failed: supervisor.failed,
      pids: () => supervisor.pids(),
      stop,
      kill: () => supervisor.kill(),
    }
  } catch (error) {
    await stop()
    throw signal?.aborted ? signal.reason : error
  }
}

async function assemble(
  options: StackOptions,
  config: StackConfig,
  supervisor: Supervisor,
): Promise<Pick<Stack, 'env' | 'urls'>> {
  const { env: given, prepare, report, seed } = options
  const [ports, secrets] = await Promise.all([settlePorts(config), loadSecrets(config.dataDir)])
  const env = stackEnvironment(given, config, ports, secrets)
  await startParts({
    config,
    ports,
    secrets,
    env,
    supervisor,
    prepare,
    report,
    temporary: options.temporary ?? false,
    temporalDynamicConfig: options.temporalDynamicConfig ?? [],
    programFiles: options.programFiles ?? PROGRAM_FILES,
  })
  if (seed !== undefined && config.embedded.has('postgres')) await seedOnce(config.dataDir, () => seed(env))
  return { env, urls: stackUrls(config, ports, env) }
}

/** Rejects when the start has no future. */
async function giveUp(supervisor: Supervisor, signal: AbortSignal | undefined): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    signal?.throwIfAborted()
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  throw await Promise.race([supervisor.failed, aborted])
}
