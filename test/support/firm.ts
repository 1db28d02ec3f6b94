import { randomUUID } from 'node:crypto'
import type { Database } from '../../src/db/pool.ts'
import type { FirmInBooks } from '../../src/simulation/world/firm.ts'

export { createFirm, createMatter } from '../../src/simulation/world/firm.ts'

export type TestFirm = FirmInBooks

/** The same firm with another of its clients. */
export async function withOtherClient(owner: Database, firm: TestFirm): Promise<TestFirm> {
  const clientId = randomUUID()
  const clientEmail = 'mary@somerville.example'
  await owner
    .insertInto('client')
    .values({ id: clientId, firm_id: firm.firmId, name: 'Mary Somerville', email: clientEmail })
    .execute()
  return { ...firm, clientId, clientEmail }
}
