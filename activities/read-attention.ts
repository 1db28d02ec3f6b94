import type { Database } from '../src/db/pool.ts'
import { reading } from './effects.ts'

/** What a notice to the firm tells beside its words, as far as the books know it. Amounts in minor units. */
export interface AttentionFacts {
  amountMinor?: bigint
  /** By when to act (R18). */
  deadline?: Date | null
  /** The payment it is about, by the id that receipts name. */
  paymentId?: string
}

/** Reads what an attention code's subject is: a dispute, a refund, a part of one, or a payment (R15, R17, R18). */
export async function readAttention(
  db: Database,
  firmId: string,
  code: string,
  subjectId: string,
): Promise<AttentionFacts> {
  switch (code) {
    case 'PAYMENT_DISPUTED':
    case 'PAYMENT_REVERSED':
    case 'REVERSED_AFTER_CLOSING':
      return readDispute(db, firmId, code, subjectId)
    case 'REFUND_FAILED':
      return (
        (await reading(
          db
            .selectFrom('refund_part')
            .select(['amount_minor as amountMinor', 'payment_id as paymentId'])
            .where('firm_id', '=', firmId)
            .where('id', '=', subjectId)
            .executeTakeFirst(),
        )) ?? {}
      )
    case 'REFUND_BY_OTHER_MEANS':
    case 'REFUND_FATE_UNKNOWN':
    case 'REFUND_WAITS':
    case 'REFUNDED_AT_PROVIDER':
      return readRefund(db, firmId, code, subjectId)
    case 'UNAPPLIED_FUNDS':
    case 'PAYMENT_AFTER_REQUEST_ENDED':
      return readPaid(db, firmId, code, subjectId)
    default:
      return {}
  }
}

async function readDispute(db: Database, firmId: string, code: string, id: string): Promise<AttentionFacts> {
  const row = await reading(
    db
      .selectFrom('dispute')
      .select(['amount_minor', 'withdrawn_minor', 'deadline', 'payment_id'])
      .where('firm_id', '=', firmId)
      .where('id', '=', id)
      .executeTakeFirst(),
  )
  if (!row) return {}
  const disputed = code === 'PAYMENT_DISPUTED'
  return {
    amountMinor: disputed ? row.amount_minor : row.withdrawn_minor,
    // What was taken back after a dispute was opened can be contested until its deadline, which that notice has told.
    deadline: disputed ? row.deadline : null,
    paymentId: row.payment_id,
  }
}

async function readPaid(db: Database, firmId: string, code: string, id: string): Promise<AttentionFacts> {
  const row = await reading(
    db
      .selectFrom('payment')
      .select(['amount_minor', 'unapplied_minor'])
      .where('firm_id', '=', firmId)
      .where('id', '=', id)
      .executeTakeFirst(),
  )
  if (!row) return {}
  // Of a payment that is partly elsewhere the firm is told what lies in its unapplied funds.
  const isHeld = code === 'UNAPPLIED_FUNDS' && row.unapplied_minor > 0n
  return { amountMinor: isHeld ? row.unapplied_minor : row.amount_minor }
}

async function readRefund(db: Database, firmId: string, code: string, id: string): Promise<AttentionFacts> {
  const row = await reading(
    db
      .selectFrom('refund')
      .select(['amount_minor', 'other_means_minor'])
      .where('firm_id', '=', firmId)
      .where('id', '=', id)
      .executeTakeFirst(),
  )
  if (!row) return {}
  return { amountMinor: code === 'REFUND_BY_OTHER_MEANS' ? row.other_means_minor : row.amount_minor }
}
