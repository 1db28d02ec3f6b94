import type { Client } from '@temporalio/client'
import type { Database } from '../../db/pool.ts'
import { type InboxRow, settleRow } from './rows.ts'
import { tellFacts } from './tell-facts.ts'

/** A transfer that the giving matter's commit has booked: the receiving matter learns of it (R19). */
export async function handleTransfer(dependencies: { db: Database; temporal: Client }, row: InboxRow): Promise<void> {
  const { firmId, matterId, objectId: transferId } = row
  if (firmId === null || matterId === null) return settleRow(dependencies.db, row.id, 'names no matter')
  return tellFacts(dependencies, row, { firmId, matterId }, [{ kind: 'transferArrived', transferId }])
}
