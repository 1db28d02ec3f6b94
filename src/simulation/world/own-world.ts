import { startSkippingEngine } from './engine.ts'
import { startOwnDatabase } from './own-database.ts'
import { openWorld, type World } from './world.ts'

/** Runs `work` in a world that is there for nothing else, and leaves nothing behind. */
export async function withOwnWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const [database, engine] = await Promise.all([startOwnDatabase(), startSkippingEngine()])
  try {
    const world = await openWorld({ engine, database })
    try {
      return await work(world)
    } finally {
      await world.stop()
    }
  } finally {
    await database.stop()
  }
}
