import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client'
import { moveToCurrentVersion } from '../../workflows/contract.ts'
import type { WorkerVersion } from '../config.ts'
import { countOpen, mattersOn } from './open-workflows.ts'
import { findVersion, VersionsError } from './versions.ts'

/** Each nudge costs its matter a task on the old version and one on the new: commands of the day must not wait for them. */
const AT_ONCE = 10
const BATCH_EVERY_MS = 100
const LOOK_EVERY_MS = 1_000
/** So long after the last matter went, the rest is taken to wait for its work. */
const PATIENCE_MS = 30_000

export interface MoveOptions {
  /** The version to be left. */
  version: WorkerVersion
  /** Also matters with work under way: the current version carries that on, by the same keys. */
  now: boolean
  /** Told how far it is. */
  report: (progress: MoveProgress) => void
}

export interface MoveProgress {
  /** Matters told so far. */
  told: number
  /** Matters still on the version. */
  left: number
}

/** Matters that could not be told, by workflow id, and why. */
type Untold = Map<string, string>

interface Moved {
  left: number
  untold: Untold
}

/**
 * Has the matters of a version go over to the current one. An idle matter learns of a new version with its next task only,
 * which may be months away: a signal brings that task about. Each continues as new, so that no history is replayed by other
 * code than wrote it.
 * @returns how many are left, because work of theirs is under way: they follow by themselves when it is done; and which of them
 * could not be told, in the end
 * @throws VersionsError when the version is the current one, or has no workers
 */
export async function moveMatters(client: Client, { version, now, report }: MoveOptions): Promise<Moved> {
  const { status, workers, open } = await findVersion(client, version)
  const { buildId } = version
  if (status === 'CURRENT')
    throw new VersionsError(`Version ${buildId} is the current one: make another current first.`)
  if (open.matters === 0) return { left: 0, untold: new Map() }
  if (workers === 0) throw new VersionsError(`Version ${buildId} has no workers: only they can let its matters go.`)

  const told = new Set<string>()
  let untold: Untold = new Map()
  let left = open.matters
  let since = Date.now()
  while (left > 0 && Date.now() - since < PATIENCE_MS) {
    untold = await tellEach(client, { version, now }, told, () => report({ told: told.size, left }))
    await sleep(LOOK_EVERY_MS)
    const { matters } = await countOpen(client, version)
    if (matters < left) since = Date.now()
    left = matters
    report({ told: told.size, left })
  }
  return { left, untold }
}

async function tellEach(
  client: Client,
  { version, now }: Omit<MoveOptions, 'report'>,
  told: Set<string>,
  afterEachBatch: () => void,
): Promise<Untold> {
  const untold: Untold = new Map()
  let batch: string[] = []
  const tellBatch = async () => {
    const failures = await Promise.all(batch.map((workflowId) => tell(client, workflowId, now)))
    await sleep(BATCH_EVERY_MS)
    for (const [index, workflowId] of batch.entries()) {
      const failure = failures[index]
      if (failure) untold.set(workflowId, failure)
      else told.add(workflowId)
    }
    batch = []
    afterEachBatch()
  }
  for await (const { workflowId } of client.workflow.list({ query: mattersOn(version) })) {
    if (told.has(workflowId)) continue
    batch.push(workflowId)
    if (batch.length === AT_ONCE) await tellBatch()
  }
  if (batch.length > 0) await tellBatch()
  return untold
}

/** Why it could not be told, or null: one that cannot keeps no other from it. A matter that has ended meanwhile needs no telling. */
async function tell(client: Client, workflowId: string, now: boolean): Promise<string | null> {
  try {
    await client.workflow.getHandle(workflowId).signal(moveToCurrentVersion, { now })
    return null
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? null : codeOf(error)
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error
  if (isGrpcServiceError(cause)) return `gRPC ${cause.code}`
  return error instanceof Error ? error.name : String(error)
}
