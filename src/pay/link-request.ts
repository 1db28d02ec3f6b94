import { sql } from 'kysely'
import { asFirm, type Database } from '../db/pool.ts'
import type { CurrencyCode } from '../domain/money.ts'
import type { RequestStatus } from '../domain/plan.ts'
import type { RequestKind } from '../domain/state.ts'
import { linkHash } from './link.ts'

/** The one request that a payment link opens. */
export interface PayLink {
  token: string
  firmId: string
  matterId: string
  requestId: string
}

/**
 * Finds what a link opens; null for every token that opens nothing. It looks the same up for each text, so that neither the
 * answer nor its timing tells a malformed token from a wrong one.
 */
export async function findLink(db: Database, token: string): Promise<PayLink | null> {
  const { rows } = await sql<{ firm_id: string; matter_id: string; request_id: string }>`
    select firm_id, matter_id, request_id from request_of_link(${linkHash(token)})`.execute(db)
  const [row] = rows
  return row ? { token, firmId: row.firm_id, matterId: row.matter_id, requestId: row.request_id } : null
}

/** A request as its payment page shows it. Amounts in minor units. */
export interface PayableRequest {
  firmName: string
  timeZone: string
  currency: CurrencyCode
  matterNumber: string
  matterTitle: string
  clientName: string
  number: number
  kind: RequestKind
  status: RequestStatus
  receivedMinor: bigint
  /** The matter's retainer at this moment. */
  balanceMinor: bigint
  /** What is due at this moment (R4); 0 once the request is not open. */
  dueMinor: bigint
  /** Bank debits on their way, already taken off `dueMinor` (R13). */
  pendingMinor: bigint
}

/** Reads the request of `link` as it stands now, whatever any mail said. */
export function readRequest(db: Database, { firmId, requestId }: PayLink): Promise<PayableRequest> {
  return asFirm(db, firmId, async (trx) => {
    const row = await trx
      .selectFrom('request')
      .innerJoin('retainer', 'retainer.matter_id', 'request.matter_id')
      .innerJoin('matter', 'matter.id', 'request.matter_id')
      .innerJoin('client', 'client.id', 'matter.client_id')
      .innerJoin('firm', 'firm.id', 'request.firm_id')
      .select([
        'firm.name as firmName',
        'firm.time_zone as timeZone',
        'firm.currency',
        'matter.number as matterNumber',
        'matter.title as matterTitle',
        'client.name as clientName',
        'request.number',
        'request.kind',
        'request.status',
        'request.received_minor as receivedMinor',
        'retainer.balance_minor as balanceMinor',
        'retainer.amount_due_minor as amountDueMinor',
        'retainer.pending_minor as pendingMinor',
      ])
      .where('request.id', '=', requestId)
      .executeTakeFirstOrThrow()
    const { amountDueMinor, ...request } = row
    return {
      ...request,
      currency: row.currency as CurrencyCode,
      kind: row.kind as RequestKind,
      status: row.status as RequestStatus,
      dueMinor: row.status === 'OPEN' ? amountDueMinor : 0n,
    }
  })
}
