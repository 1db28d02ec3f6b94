import type { World } from '../../src/simulation/world/world.ts'
import type { TestDatabase } from './database.ts'
import { createMatter, type TestFirm } from './firm.ts'
import { MatterDriver } from './matter-driver.ts'

/** A new matter of the firm in a world that no lifecycle watches over: what it leaves is for the test itself to judge. */
export async function matterIn(world: World, database: TestDatabase, firm: TestFirm): Promise<MatterDriver> {
  const { outbox, sandbox, commands, engine } = world
  const matterId = await createMatter(database.owner, firm)
  const { firmId } = firm
  return new MatterDriver({
    firmId,
    matterId,
    currency: 'USD',
    outbox,
    sandbox,
    commands,
    database,
    engine,
    otherRuns: [],
  })
}
