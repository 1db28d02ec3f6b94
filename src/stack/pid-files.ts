import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { end, identify, type ProcessIdentity } from './process-identity.ts'

/** How a process is asked to end, and how long it may take before it is killed. */
export type StopPolicy = { signal: NodeJS.Signals; graceMs: number }

type PidRecord = ProcessIdentity & { stop: StopPolicy }

/**
 * Notes a child's pid in `<runDir>/<name>.pid`, from where the watchdog and the next start find it.
 * A child that has died already leaves no file.
 */
export async function writePidFile(runDir: string, name: string, pid: number, stop: StopPolicy): Promise<void> {
  const identity = await identify(pid)
  if (identity === undefined) return
  const record: PidRecord = { ...identity, stop }
  await mkdir(runDir, { recursive: true })
  const file = pidFile(runDir, name)
  // Renamed into place: a reader that comes at the moment of death must not find half a record.
  await writeFile(`${file}.new`, JSON.stringify(record))
  await rename(`${file}.new`, file)
}

/** Forgets a child that has ended. */
export async function removePidFile(runDir: string, name: string): Promise<void> {
  await rm(pidFile(runDir, name), { force: true })
}

/**
 * Ends every process noted in `runDir` that is still the very process noted, all at once, and removes the notes.
 * Gives the names of those that were still running.
 */
export async function endNoted(runDir: string): Promise<string[]> {
  const files = (await readdir(runDir).catch(() => [])).filter((file) => file.endsWith('.pid'))
  const ended = await Promise.all(
    files.map(async (file) => {
      const name = path.basename(file, '.pid')
      const record = await readRecord(path.join(runDir, file))
      const running = record !== undefined && (await identify(record.pid))?.birth === record.birth
      if (running) await end(record, record.stop.signal, record.stop.graceMs)
      await removePidFile(runDir, name)
      return running ? name : undefined
    }),
  )
  return ended.filter((name) => name !== undefined)
}

function pidFile(runDir: string, name: string): string {
  return path.join(runDir, `${name}.pid`)
}

async function readRecord(file: string): Promise<PidRecord | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as PidRecord
  } catch {
    return undefined
  }
}
