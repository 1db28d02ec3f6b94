import type { Client } from '@temporalio/client'
import {
  type FactMessage,
  RETAINER_WORKFLOW,
  retainerWorkflowId,
  type SignalKind,
  signals,
  TASK_QUEUES,
} from '../../../workflows/contract.ts'
import type { Database } from '../../db/pool.ts'
import { isUuid } from '../../uuid.ts'

/** A matter as the books know it, for telling it facts. */
export interface KnownMatter {
  firmId: string
  matterId: string
  /** The firm's. */
  currency: string
  closed: boolean
}

/**
 * The matter whose attempt to be paid an event is about, if the event came from the very account that the attempt's session
 * was made on: no event of one firm can touch another's matter, and a firm that changes its account loses none.
 */
export async function matterOfAttempt(
  db: Database,
  { attemptId, account }: { attemptId: string; account: string | null },
): Promise<KnownMatter | null> {
  if (!isUuid(attemptId)) return null
  const row = await db
    .selectFrom('attempt')
    .innerJoin('retainer', 'retainer.matter_id', 'attempt.matter_id')
    .innerJoin('firm', 'firm.id', 'attempt.firm_id')
    .select(['attempt.firm_id', 'attempt.matter_id', 'attempt.stripe_account', 'retainer.phase', 'firm.currency'])
    .where('attempt.id', '=', attemptId)
    .executeTakeFirst()
  if (!row || row.stripe_account !== account) return null
  return { firmId: row.firm_id, matterId: row.matter_id, currency: row.currency, closed: row.phase === 'CLOSED' }
}

/** The matter a mail was about. */
export async function findMatter(db: Database, matterId: string): Promise<KnownMatter | null> {
  const row = await db
    .selectFrom('retainer')
    .innerJoin('firm', 'firm.id', 'retainer.firm_id')
    .select(['retainer.firm_id', 'retainer.phase', 'firm.currency'])
    .where('retainer.matter_id', '=', matterId)
    .executeTakeFirst()
  return row ? { firmId: row.firm_id, matterId, currency: row.currency, closed: row.phase === 'CLOSED' } : null
}

/** The firm that a session names, if the event came from its account. */
export async function findFirm(
  db: Database,
  { firmId, account }: { firmId: string; account: string | null },
): Promise<{ firmId: string; matterId: null; currency: string } | null> {
  if (!isUuid(firmId)) return null
  const row = await db
    .selectFrom('firm')
    .select(['id', 'currency', 'stripe_account'])
    .where('id', '=', firmId)
    .executeTakeFirst()
  return row && row.stripe_account === account ? { firmId: row.id, matterId: null, currency: row.currency } : null
}

/** Tells a matter a fact. With start: a matter whose engine was lost goes on from its books. */
export async function tellMatter<Kind extends SignalKind>(
  temporal: Client,
  { firmId, matterId }: Pick<KnownMatter, 'firmId' | 'matterId'>,
  kind: Kind,
  fact: FactMessage<Kind>,
): Promise<void> {
  await temporal.workflow.signalWithStart(RETAINER_WORKFLOW, {
    workflowId: retainerWorkflowId(matterId),
    taskQueue: TASK_QUEUES.retainer,
    args: [{ firmId, matterId }],
    signal: signals[kind] as (typeof signals)['sessionEnded'],
    signalArgs: [fact as unknown as FactMessage<'sessionEnded'>],
    staticSummary: 'General retainer of one matter',
  })
}
