import type Stripe from 'stripe'
import { refundFate } from '../../provider/refund-fate.ts'
import { differing, idsIn, type Kind } from './kind.ts'

interface Row {
  matterId: string | null
  /** Null while the books know the refund's payment only. */
  part: { amountMinor: bigint; status: string } | null
}

const intentOf = ({ payment_intent: intent }: Stripe.Refund): string | null =>
  typeof intent === 'string' ? intent : (intent?.id ?? null)

const partOf = ({ metadata }: Stripe.Refund): string | null => metadata?.['partId'] ?? null

/** Refunds of the firm's payments: each is a part of a refund in the books, with its amount, and as far as the provider is. */
export const refunds: Kind<Stripe.Refund, Row> = {
  name: 'REFUND',
  nameOf: ({ id }) => id,
  list: ({ stripe, on }, sinceS) => stripe.refunds.list({ created: { gte: sinceS }, limit: 100 }, on),
  retrieve: ({ stripe, on }, id) => stripe.refunds.retrieve(id, {}, on),
  async rows({ db, firmId, account }, objects) {
    const payments = await db
      .selectFrom('payment')
      .select(['id', 'matter_id'])
      .where('firm_id', '=', firmId)
      .where('provider_account', '=', account)
      .where('id', 'in', idsIn(objects.map(intentOf)))
      .execute()
    const parts = await db
      .selectFrom('refund_part')
      .innerJoin('refund', (join) =>
        join.onRef('refund.firm_id', '=', 'refund_part.firm_id').onRef('refund.id', '=', 'refund_part.refund_id'),
      )
      .select(['refund_part.id', 'provider_id', 'refund.matter_id', 'refund_part.amount_minor', 'status'])
      .where('refund_part.firm_id', '=', firmId)
      .where('provider_account', '=', account)
      .where(({ eb, or }) =>
        or([
          eb('provider_id', 'in', idsIn(objects.map(({ id }) => id))),
          eb('refund_part.id', 'in', idsIn(objects.map(partOf))),
        ]),
      )
      .execute()
    const rows = new Map<string, Row>()
    for (const refund of objects) {
      // Until the answer of the call that made it is noted, the part is known by what was sent with it.
      const part =
        parts.find(({ provider_id }) => provider_id === refund.id) ??
        parts.find(({ id, provider_id }) => provider_id === null && id === partOf(refund))
      const payment = payments.find(({ id }) => id === intentOf(refund))
      if (part) {
        const { matter_id: matterId, amount_minor: amountMinor, status } = part
        rows.set(refund.id, { matterId, part: { amountMinor, status } })
      } else if (payment) rows.set(refund.id, { matterId: payment.matter_id, part: null })
    }
    return rows
  },
  async booked({ db, firmId, account }, since) {
    const rows = await db
      .selectFrom('refund_part')
      .innerJoin('refund', (join) =>
        join.onRef('refund.firm_id', '=', 'refund_part.firm_id').onRef('refund.id', '=', 'refund_part.refund_id'),
      )
      .select('provider_id')
      .where('refund_part.firm_id', '=', firmId)
      .where('provider_account', '=', account)
      .where('provider_id', 'is not', null)
      // One that is on its way is looked at however old it is.
      .where(({ eb, or }) =>
        or([eb('status', '=', 'PLANNED'), eb('refund.at', '>=', since), eb('taken_at', '>=', since)]),
      )
      .execute()
    return rows.flatMap(({ provider_id }) => provider_id ?? [])
  },
  compare(refund, { matterId, part }) {
    const about = { subject: refund.id, matterId }
    const { moved, failed } = refundFate(refund)
    if (!part) return moved ? differing('REFUND_NOT_BOOKED', about, BigInt(refund.amount), null) : []
    const status = failed ? 'FAILED' : moved ? 'TAKEN' : 'PLANNED'
    return [
      ...differing('REFUND_AMOUNT', about, BigInt(refund.amount), part.amountMinor),
      ...differing('REFUND_STATUS', about, status, part.status),
    ]
  },
}
