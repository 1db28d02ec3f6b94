import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { RETAINER_WORKFLOW, retainerWorkflowId } from '../../workflows/contract.ts'
import type { Database } from '../db/pool.ts'
import { openMatters } from '../reconciliation/open-matters.ts'

const AT_ONCE = 200
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Terminates the workflows of matters that the books do not have open: after an older backup of the books was restored, the engine
 * still runs what it does not know. Answers how many those are; `look` leaves them.
 */
export async function endStrangers(db: Database, temporal: Client, { look }: { look: boolean }): Promise<number> {
  let ended = 0
  let some: string[] = []
  const settle = async (): Promise<void> => {
    const strangers = await notOpen(db, some)
    if (!look) await Promise.all(strangers.map((workflowId) => terminate(temporal, workflowId)))
    ended += strangers.length
    some = []
  }
  const query = `WorkflowType = "${RETAINER_WORKFLOW}" AND ExecutionStatus = "Running"`
  for await (const { workflowId } of temporal.workflow.list({ query })) {
    some.push(workflowId)
    if (some.length === AT_ONCE) await settle()
  }
  await settle()
  return ended
}

async function notOpen(db: Database, workflowIds: string[]): Promise<string[]> {
  const prefix = retainerWorkflowId('')
  const matterIds = workflowIds.map((id) => id.slice(prefix.length)).filter((id) => UUID.test(id))
  if (matterIds.length === 0) return workflowIds
  const open = await openMatters(db).select('matter_id').where('matter_id', 'in', matterIds).execute()
  const known = new Set(open.map(({ matter_id }) => retainerWorkflowId(matter_id)))
  return workflowIds.filter((id) => !known.has(id))
}

async function terminate(temporal: Client, workflowId: string): Promise<void> {
  try {
    await temporal.workflow.getHandle(workflowId).terminate('The restored books do not have this matter open.')
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
}
