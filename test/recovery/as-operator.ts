import { openDatabase } from '../../src/db/pool.ts'
import { recover } from '../../src/recovery/recover.ts'
import type { Mode } from '../../src/recovery/start.ts'
import type { Lifecycle } from '../support/lifecycle.ts'

/**
 * As `npm run recover`, with the worker's login. What became of each kind: how many were started, restarted, running already, and
 * failed.
 */
export async function recovered(life: Lifecycle, mode: Mode = 'start'): Promise<Record<string, string | number>> {
  const db = openDatabase(life.database.workerUrl, { name: 'test-recovery', max: 5 })
  try {
    const { tallies, ended } = await recover({ db, temporal: life.engine.client, mode })
    const counts = tallies.map(({ name, started, restarted, running, failed }) => [
      name,
      [started, restarted, running, failed.length].join(' '),
    ])
    return { ...(Object.fromEntries(counts) as Record<string, string>), ended }
  } finally {
    await db.destroy()
  }
}
