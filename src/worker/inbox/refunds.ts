import type Stripe from 'stripe'
import type { Database } from '../../db/pool.ts'
import type { RefundPart } from '../../domain/events.ts'
import { refundFate } from '../../provider/refund-fate.ts'
import { orUnknown } from '../../provider/unknown.ts'
import { accountOf, idOf, unknownAtProvider } from './at-provider.ts'
import { type BookedPayment, bookedPayment, inBooks, paymentNotBooked } from './booked-payments.ts'
import { tellHomeless } from './homeless.ts'
import { type InboxRow, settleRow } from './rows.ts'
import type { StripeEventDependencies } from './stripe-events.ts'
import { type ToldFact, tellFacts } from './tell-facts.ts'

/**
 * A refund at the provider (R17): the matter that commanded it learns that it was taken or has failed. One that nobody commanded
 * here was made at the provider, and is told to the payment's home.
 */
export async function handleRefund(dependencies: StripeEventDependencies, row: InboxRow): Promise<void> {
  const { db, stripe } = dependencies
  const expand = ['payment_intent']
  const refund = await orUnknown(stripe.refunds.retrieve(row.objectId, { expand }, accountOf(row)))
  if (!refund) return unknownAtProvider(db, row)
  const paymentId = idOf(refund.payment_intent)
  const payment = paymentId && (await bookedPayment(db, row, paymentId))
  if (!payment) return paymentNotBooked(db, row, refund.payment_intent)
  const { moved, failed } = refundFate(refund)
  if (!moved && !failed) return settleRow(db, row.id, 'pending at the provider')

  const known = await partOf(db, payment, refund)
  // Given up here, and made there all the same: the firm has the money back and the client as well.
  const part = known?.status === 'FAILED' && moved && !failed ? null : known
  if (part && !part.providerId) await noteProviderId(db, payment, part.told.partId, refund.id)
  if (part && part.status === (failed ? 'FAILED' : 'TAKEN')) return settleRow(db, row.id, 'nothing new')
  const facts = part ? outcome(part.told, refund) : found(payment, refund)
  // Of one found while its payment had no home, the matter that took the payment on since.
  const matterId = part?.matterId ?? payment.matterId
  if (facts.length === 0) return settleRow(db, row.id, 'never taken, and not commanded here')
  return matterId === null
    ? tellHomeless(dependencies, row, payment, facts)
    : tellFacts(dependencies, row, { firmId: payment.firmId, matterId }, facts)
}

function outcome(part: RefundPart, refund: Stripe.Refund): ToldFact[] {
  const { moved, failed } = refundFate(refund)
  return [failed ? { kind: 'refundFailed', wasTaken: moved, ...part } : { kind: 'refundTaken', ...part }]
}

/** A refund that the books learn of by this: what it took, and gave back if it has failed since. */
function found(payment: BookedPayment, refund: Stripe.Refund): ToldFact[] {
  if (!refundFate(refund).moved) return []
  const amountMinor = BigInt(refund.amount)
  const fact: ToldFact = { kind: 'refundFound', providerRefundId: refund.id, amountMinor, ...inBooks(payment) }
  if (!refundFate(refund).failed) return [fact]
  const { paymentId, providerAccount } = payment
  // As the books name what was found.
  const part = { refundId: refund.id, partId: `${refund.id}.1`, paymentId, amountMinor, providerAccount }
  const source = payment.matterId === null ? 'UNAPPLIED_FUNDS' : 'RETAINER'
  return [fact, { kind: 'refundFailed', wasTaken: true, source, ...part }]
}

/** The part of a refund in the books that this is, by the provider's id or, before that is noted, by what we sent with it. */
async function partOf(
  db: Database,
  { firmId, paymentId, providerAccount }: BookedPayment,
  refund: Stripe.Refund,
): Promise<{ told: RefundPart; matterId: string | null; status: string; providerId: string | null } | null> {
  const row = await db
    .selectFrom('refund_part')
    .innerJoin('refund', (join) =>
      join.onRef('refund.firm_id', '=', 'refund_part.firm_id').onRef('refund.id', '=', 'refund_part.refund_id'),
    )
    .select(['refund_part.id', 'refund_part.refund_id', 'refund_part.amount_minor', 'refund_part.status'])
    .select(['refund.matter_id', 'refund.source', 'refund_part.provider_id'])
    .where('refund_part.firm_id', '=', firmId)
    .where('refund_part.payment_id', '=', paymentId)
    .where(({ eb, or }) =>
      or([eb('refund_part.provider_id', '=', refund.id), eb('refund_part.id', '=', refund.metadata?.['partId'] ?? '')]),
    )
    .orderBy(({ eb }) => eb('refund_part.provider_id', 'is not distinct from', refund.id), 'desc')
    .executeTakeFirst()
  if (!row) return null
  const { id: partId, refund_id: refundId, amount_minor: amountMinor, matter_id: matterId, status } = row
  const source = row.source as RefundPart['source']
  const told = { refundId, partId, paymentId, amountMinor, providerAccount, source }
  return { told, matterId, status, providerId: row.provider_id }
}

/** An event can come where the answer of the call that caused it was lost. */
async function noteProviderId(db: Database, { firmId }: BookedPayment, partId: string, id: string): Promise<void> {
  await db
    .updateTable('refund_part')
    .set({ provider_id: id })
    .where('firm_id', '=', firmId)
    .where('id', '=', partId)
    .where('provider_id', 'is', null)
    .execute()
}
