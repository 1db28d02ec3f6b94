import type Stripe from 'stripe'
import type { Database } from '../../db/pool.ts'
import { disputeStanding } from '../../provider/dispute-standing.ts'
import { orUnknown } from '../../provider/unknown.ts'
import { accountOf, idOf, unknownAtProvider } from './at-provider.ts'
import { type BookedPayment, bookedPayment, inBooks, paymentNotBooked } from './booked-payments.ts'
import { deadlineOf, disputeFacts } from './dispute-facts.ts'
import { tellHomeless } from './homeless.ts'
import { ageMs, type InboxRow } from './rows.ts'
import type { StripeEventDependencies } from './stripe-events.ts'
import { type ToldFact, tellFacts } from './tell-facts.ts'

/** Longer than the provider takes to give the money of a won dispute back. */
const MONEY_WITHIN_MS = 24 * 60 * 60 * 1000

/**
 * A client disputes a payment, or a bank returns a debit (R13, R18): tells all that the dispute's state implies, so that events
 * that are lost or come in another order change nothing.
 */
export async function handleDispute(dependencies: StripeEventDependencies, row: InboxRow): Promise<void> {
  const { db, stripe } = dependencies
  const expand = ['payment_intent']
  const dispute = await orUnknown(stripe.disputes.retrieve(row.objectId, { expand }, accountOf(row)))
  if (!dispute) return unknownAtProvider(db, row)
  const paymentId = idOf(dispute.payment_intent)
  const payment = paymentId && (await bookedPayment(db, row, paymentId))
  if (!payment) return paymentNotBooked(db, row, dispute.payment_intent)
  const { firmId, matterId } = payment
  const facts = disputeFacts(dispute, inBooks(payment))
  facts.splice(1, 0, ...(await newDeadline(db, row, payment, dispute)))
  if (matterId === null) return tellHomeless(dependencies, row, payment, facts)
  // A matter that is closing stays open for the money of a dispute that is won; the event waits for it as well.
  const isEarly = disputeStanding(dispute).awaitsMoney && ageMs(row) < MONEY_WITHIN_MS
  const awaited = isEarly ? facts.filter(({ kind }) => kind === 'disputeClosed') : []
  const told = facts.filter((fact) => !awaited.includes(fact))
  const untilMs = row.receivedAt.getTime() + MONEY_WITHIN_MS
  return tellFacts(dependencies, row, { firmId, matterId }, told, { facts: awaited, untilMs })
}

/** A dispute that is open has got another deadline than the books know: an inquiry has become a dispute proper. */
async function newDeadline(
  db: Database,
  row: InboxRow,
  { firmId, paymentId }: BookedPayment,
  dispute: Stripe.Dispute,
): Promise<ToldFact[]> {
  const deadlineMs = deadlineOf(dispute)
  if (row.type !== 'charge.dispute.updated' || deadlineMs === null) return []
  if (disputeStanding(dispute).status !== 'OPEN') return []
  const known = await db
    .selectFrom('dispute')
    .select('deadline')
    .where('firm_id', '=', firmId)
    .where('id', '=', dispute.id)
    .executeTakeFirst()
  if (known?.deadline?.getTime() === deadlineMs) return []
  return [{ kind: 'disputeDue', disputeId: dispute.id, paymentId, deadlineMs }]
}
