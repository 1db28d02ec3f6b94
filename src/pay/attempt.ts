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
  arrivedAt: Date | null
  /** Null also where no retainer took it: the matter was closed (R20). */
  postedAt: Date | null
  /** What of it the bank has taken back (R18). */
  takenBackMinor: bigint
}

/** Reads what was paid by an attempt; null until the matter has learned of a payment. */
export async function readPayment(db: Database, link: PayLink, attemptId: string): Promise<AttemptPayment | null> {
  return asFirm(db, link.firmId, async (trx) => {
    const { rows } = await sql<AttemptPayment>`
      select paid.payment_id as "paymentId", paid.amount_minor as "amountMinor", paid.posted_at as "postedAt",
        payment.settled_at as "arrivedAt",
        coalesce(payment.reversed_minor, 0)::bigint as "takenBackMinor"
      from payment_of_attempt(${attemptId}) as paid
      left join payment on payment.firm_id = ${link.firmId}::uuid and payment.id = paid.payment_id`.execute(trx)
    return rows[0] ?? null
  })
}
