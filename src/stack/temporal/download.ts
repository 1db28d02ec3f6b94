import { spawn } from 'node:child_process'
import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'

/** What a download may take before it is given up. */
export type DownloadLimits = {
  /** Until the first byte has arrived in the folder: an unreachable or silent server shows early. */
  firstByteMs: number
  totalMs: number
}

const PROGRESS_EVERY_MS = 2_000

/**
 * Runs a program that downloads into `dir` and says through `log` how far it is.
 * Rejects with the end of the program's output when it fails or a limit is passed; it is killed then.
 */
export async function runDownload(
  command: string,
  args: string[],
  dir: string,
  limits: DownloadLimits,
  log: (line: string) => void,
): Promise<void> {
  const startedAt = Date.now()
  // Temporary files land in the watched folder too, so that progress is seen and nothing is left elsewhere.
  const child = spawn(command, args, { env: { ...process.env, TMPDIR: dir }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)))
  }
  let givenUp: string | undefined
  const watch = setInterval(() => {
    void folderBytes(dir).then((bytes) => {
      const elapsedMs = Date.now() - startedAt
      if (bytes === 0 && elapsedMs > limits.firstByteMs) givenUp = `nothing arrived within ${seconds(elapsedMs)}`
      else if (elapsedMs > limits.totalMs) givenUp = `not finished within ${seconds(elapsedMs)}`
      else if (bytes > 0) log(`  ${(bytes / 1e6).toFixed(0)} MB after ${seconds(elapsedMs)}`)
      if (givenUp !== undefined) child.kill('SIGKILL')
    })
  }, PROGRESS_EVERY_MS)
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(givenUp ?? lastLine(output, code)))))
    })
  } finally {
    clearInterval(watch)
  }
}

function lastLine(output: string, code: number | null): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  return lines.at(-1)?.trim() ?? `ended with exit code ${code}`
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(0)} s`
}

async function folderBytes(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile())
  // A file may be renamed while we look.
  const sizes = await Promise.all(
    files.map((file) =>
      lstat(path.join(file.parentPath, file.name)).then(
        (info) => info.size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
