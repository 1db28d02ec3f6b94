import type { Database } from '../../db/pool.ts'
import { until } from './until.ts'

/** Waits until all planned work has been carried out. `owner` sees every firm's rows. */
export async function quiet({ owner }: { owner: Database }): Promise<void> {
  await until('no effect is in flight', async () => {
    const open = await owner.selectFrom('effect').select('id').where('status', '=', 'PLANNED').execute()
    return open.length === 0
  })
}
