import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { readBooks, retainerWorkflowId } from '../../workflows/contract.ts'
import type { Database } from '../db/pool.ts'
import { liveState } from '../live-state.ts'
import type { Difference, Report } from './difference.ts'
import { openMatters } from './open-matters.ts'

const PAGE = 200
/** How many workflows are asked at once: each that is not in a worker's memory is replayed for it. */
const AT_ONCE = 16
const ANSWER_TIMEOUT_MS = 10_000
/** A matter that is just committing, or has been told to read its books, is asked again. */
const LOOKS = 3
const BETWEEN_LOOKS_MS = 1_000

interface Dependencies {
  db: Database
  temporal: Client
}

interface MatterRow {
  matter_id: string
  version: bigint
  balance_minor: bigint
}

/** Whether the workflow of every matter that has not ended is there, and stands where the matter's books stand. */
export async function checkMatters(dependencies: Dependencies, firmId: string, report: Report): Promise<Difference[]> {
  const { db } = dependencies
  const differences: Difference[] = []
  const total = await matterCount(db, firmId)
  let done = 0
  for (
    let page = await matters(db, firmId);
    page.length > 0;
    page = await matters(db, firmId, page.at(-1)?.matter_id)
  ) {
    for (let start = 0; start < page.length; start += AT_ONCE) {
      const some = page.slice(start, start + AT_ONCE)
      const found = await Promise.all(some.map((row) => checkMatter(dependencies, row)))
      differences.push(...found.flatMap((difference) => difference ?? []))
      done += some.length
      await report({ done, total })
    }
  }
  return differences
}

async function checkMatter(dependencies: Dependencies, first: MatterRow): Promise<Difference | null> {
  let row: MatterRow | undefined = first
  let difference: Difference | null = null
  for (let look = 1; row && look <= LOOKS; look += 1) {
    difference = await differenceOf(dependencies.temporal, row)
    if (!difference) return null
    // That took its time already.
    if (difference.code === 'ENGINE_SILENT') return difference
    if (look < LOOKS) {
      if (difference.code === 'MATTER_VERSION') await haveBooksRead(dependencies.temporal, row.matter_id)
      await sleep(BETWEEN_LOOKS_MS)
    }
    row = await stillOpen(dependencies.db, row.matter_id)
  }
  return row ? difference : null
}

async function differenceOf(temporal: Client, row: MatterRow): Promise<Difference | null> {
  const { matter_id: matterId, version, balance_minor } = row
  const differs = (code: string, expected: string, found: string): Difference => ({
    check: 'MATTERS',
    code,
    subject: retainerWorkflowId(matterId),
    matterId,
    expected,
    found,
  })
  const status = await statusOf(temporal, matterId)
  // A workflow that ended would still answer queries.
  if (status !== 'RUNNING') return differs('ENGINE_LOST', 'RUNNING', status)
  const live = await liveState(temporal, matterId, ANSWER_TIMEOUT_MS)
  if (!live) return differs('ENGINE_SILENT', 'an answer', 'none')
  if (BigInt(live.version) !== version) return differs('MATTER_VERSION', String(version), String(live.version))
  if (BigInt(live.balanceMinor) !== balance_minor) {
    return differs('MATTER_BALANCE', String(balance_minor), live.balanceMinor)
  }
  return null
}

/** A workflow whose task was lost after its commit does not know of it: what it then knows is compared. */
async function haveBooksRead(temporal: Client, matterId: string): Promise<void> {
  try {
    await temporal.workflow.getHandle(retainerWorkflowId(matterId)).signal(readBooks)
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
}

async function statusOf(temporal: Client, matterId: string): Promise<string> {
  try {
    return (await temporal.workflow.getHandle(retainerWorkflowId(matterId)).describe()).status.name
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'NOT_FOUND'
    throw error
  }
}

async function matterCount(db: Database, firmId: string): Promise<number> {
  const counted = openMatters(db)
    .where('firm_id', '=', firmId)
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
  return Number((await counted.executeTakeFirstOrThrow()).count)
}

const matters = (db: Database, firmId: string, after?: string): Promise<MatterRow[]> =>
  openMatters(db)
    .select(['matter_id', 'version', 'balance_minor'])
    .where('firm_id', '=', firmId)
    .$if(after !== undefined, (query) => query.where('matter_id', '>', after ?? ''))
    .orderBy('matter_id')
    .limit(PAGE)
    .execute()

const stillOpen = (db: Database, matterId: string): Promise<MatterRow | undefined> =>
  openMatters(db).select(['matter_id', 'version', 'balance_minor']).where('matter_id', '=', matterId).executeTakeFirst()
