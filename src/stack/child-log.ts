import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises'
import path from 'node:path'

const ROTATE_AT_BYTES = 20_000_000
const TAIL_BYTES = 16_384
const TAIL_LINES = 30

/** Opens a child's log `<logDir>/<name>.log` to append to; past 20 MB the old one first becomes `<name>.log.1`. */
export async function openChildLog(logDir: string, name: string): Promise<FileHandle> {
  await mkdir(logDir, { recursive: true })
  const file = logFile(logDir, name)
  const bytes = await stat(file).then(
    (info) => info.size,
    () => 0,
  )
  if (bytes > ROTATE_AT_BYTES) await rename(file, `${file}.1`)
  return open(file, 'a', 0o600)
}

/** The last lines of a child's log, each with its name in front, and where to read the rest. */
export async function tailOfChildLog(logDir: string, name: string): Promise<string> {
  const file = logFile(logDir, name)
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const bytes = Math.min(size, TAIL_BYTES)
    const { buffer } = await handle.read(Buffer.alloc(bytes), 0, bytes, size - bytes)
    const lines = buffer.toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES)
    return [...lines.map((line) => `  [${name}] ${line}`), `  (the whole log: ${file})`].join('\n')
  } finally {
    await handle.close()
  }
}

function logFile(logDir: string, name: string): string {
  return path.join(logDir, `${name}.log`)
}
