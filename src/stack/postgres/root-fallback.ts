import { chmod, mkdir } from 'node:fs/promises'
import path from 'node:path'

/** Where root keeps what the unprivileged user cannot reach in the project's own folder. */
export const ROOT_FALLBACK_DIR = '/var/lib/retainer-automation'

/** Makes `dir` below {@link ROOT_FALLBACK_DIR} so that everyone may pass through it, whatever the umask. */
export async function makeRootFallbackDir(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  const above = path.dirname(ROOT_FALLBACK_DIR)
  for (let level = dir; level !== above; level = path.dirname(level)) await chmod(level, 0o711)
}
