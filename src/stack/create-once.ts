import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'

/**
 * Gives the content of `file`, which only its owner may read; makes it from `create` if there is none yet.
 * Of two processes that come at once, one makes it and both read the same.
 */
export async function createOnce(file: string, create: () => Promise<string> | string): Promise<string> {
  const existing = await readFile(file, 'utf8').catch(ifMissing)
  if (existing !== undefined) return existing
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, await create(), { mode: 0o600 })
  try {
    // A link fails where a rename would replace what the other process has just made.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft)
  }
  return readFile(file, 'utf8')
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
  return undefined
}
