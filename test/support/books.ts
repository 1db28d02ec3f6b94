import { expect } from 'vitest'
import { identities } from '../../src/books/identities.ts'
import type { Database } from '../../src/db/pool.ts'

/** Holds the whole database to the books' identities: every firm, every matter, every invoice. Give it the owner's pool. */
export async function expectBooksBalance(owner: Database): Promise<void> {
  const firms = await owner.selectFrom('firm').select('id').execute()
  for (const { id } of firms) expect(await identities(owner, id), 'differences in the books').toEqual([])
}
