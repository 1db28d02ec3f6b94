import { access, writeFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * Runs `seed` unless this data folder has been seeded before.
 * It is marked afterwards, so a seed that was interrupted runs again: it must be repeatable.
 */
export async function seedOnce(dataDir: string, seed: () => Promise<void>): Promise<void> {
  const marker = path.join(dataDir, 'seeded')
  const done = await access(marker).then(
    () => true,
    () => false,
  )
  if (done) return
  await seed()
  await writeFile(marker, new Date().toISOString())
}
