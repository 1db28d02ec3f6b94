import { sql } from 'kysely'
import { z } from 'zod'
import { asFirm, type Database } from '../db/pool.ts'
import type { AttemptStatus } from '../domain/plan.ts'
import type { PayLink } from './link-request.ts'

/** One try to pay a request. */
export interface Attempt {
  id: string
  amountMinor: bigint
  status: AttemptStatus
  /** The provider's page, once the matter has taken note of it and still wants it; null before, after, and when it expired. */
  checkoutUrl: string | null
  createdAt: Date
}

/** Reads an attempt at the request of `link`; null when that request has no such attempt, be it another's or nobody's. */
export async function readAttempt(db: Database, link: PayLink, attemptId: string): Promise<Attempt | null> {
  if (!z.guid().safeParse(attemptId).success) return null
  const row = await asFirm(db, link.firmId, (trx) =>
    trx
      .selectFrom('attempt')
      .select(['id', 'amount_minor', 'status', 'checkout_url', 'expires_at', 'created_at'])
      .where('id', '=', attemptId)
      .where('request_id', '=', link.requestId)
      .executeTakeFirst(),
  )
  if (!row) return null
  const payable = row.status === 'OPEN' && row.expires_at.getTime() > Date.now()
  return {
    id: row.id,
    amountMinor: row.amount_minor,
    status: row.status as AttemptStatus,
    checkoutUrl: payable ? row.checkout_url : null,
    createdAt: row.created_at,
  }
}

/** The payment an attempt led to. */
export interface AttemptPayment {
  paymentId: string
  amountMinor: bigint
  /** Null while a bank debit is on its way (R13). */
  posted: { at: Date; balanceMinor: bigint } | null
}

/** Reads what was paid by an attempt; null until the matter has learned of a payment. */
export async function readPayment(db: Database, link: PayLink, attemptId: string): Promise<AttemptPayment | null> {
  return asFirm(db, link.firmId, async (trx) => {
    const { rows } = await sql<{
      payment_id: string
      amount_minor: bigint
      balance_minor: bigint | null
      posted_at: Date | null
    }>`select * from payment_of_attempt(${attemptId})`.execute(trx)
    const [row] = rows
    if (!row) return null
    const { posted_at: at, balance_minor: balanceMinor } = row
    const posted = at !== null && balanceMinor !== null ? { at, balanceMinor } : null
    return { paymentId: row.payment_id, amountMinor: row.amount_minor, posted }
  })
}
