import { chmod, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Makes the data folder if need be. Others may not list it; as root, PostgreSQL's user must be able to pass through. */
export async function makeDataDir(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true })
  await chmod(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700)
}

/** Makes a data folder of its own, to be thrown away. */
export function makeTemporaryDataDir(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'retainer-stack-'))
}
