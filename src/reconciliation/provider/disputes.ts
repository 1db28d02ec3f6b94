import type Stripe from 'stripe'
import { disputeStanding } from '../../provider/dispute-standing.ts'
import { differing, idsIn, type Kind } from './kind.ts'

interface Row {
  matterId: string | null
  /** Null while the books know the disputed payment only. */
  dispute: { status: string; withdrawnMinor: bigint; reinstatedMinor: bigint } | null
}

const intentOf = ({ payment_intent: intent }: Stripe.Dispute): string | null =>
  typeof intent === 'string' ? intent : (intent?.id ?? null)

/** Disputes of the firm's payments: what each took and gave back is booked, and whether it is decided. */
export const disputes: Kind<Stripe.Dispute, Row> = {
  name: 'DISPUTE',
  nameOf: ({ id }) => id,
  list: ({ stripe, on }, sinceS) => stripe.disputes.list({ created: { gte: sinceS }, limit: 100 }, on),
  retrieve: ({ stripe, on }, id) => stripe.disputes.retrieve(id, {}, on),
  async rows({ db, firmId, account }, objects) {
    const known = await db
      .selectFrom('payment')
      .leftJoin('dispute', (join) =>
        join.onRef('dispute.firm_id', '=', 'payment.firm_id').onRef('dispute.payment_id', '=', 'payment.id'),
      )
      .select(['payment.id as payment_id', 'payment.matter_id', 'dispute.id', 'dispute.status'])
      .select(['dispute.withdrawn_minor', 'dispute.reinstated_minor'])
      .where('payment.firm_id', '=', firmId)
      .where('payment.provider_account', '=', account)
      .where('payment.id', 'in', idsIn(objects.map(intentOf)))
      .execute()
    const rows = new Map<string, Row>()
    for (const { id, ...object } of objects) {
      const ofPayment = known.filter(({ payment_id }) => payment_id === intentOf({ id, ...object }))
      const row = ofPayment.find((each) => each.id === id)
      const matterId = ofPayment[0]?.matter_id ?? null
      if (row) {
        const [withdrawnMinor, reinstatedMinor] = [row.withdrawn_minor ?? 0n, row.reinstated_minor ?? 0n]
        rows.set(id, { matterId, dispute: { status: row.status ?? '', withdrawnMinor, reinstatedMinor } })
      } else if (ofPayment.length > 0) rows.set(id, { matterId, dispute: null })
    }
    return rows
  },
  async booked({ db, firmId, account }, since) {
    const rows = await db
      .selectFrom('dispute')
      .innerJoin('payment', (join) =>
        join.onRef('payment.firm_id', '=', 'dispute.firm_id').onRef('payment.id', '=', 'dispute.payment_id'),
      )
      .select('dispute.id')
      .where('dispute.firm_id', '=', firmId)
      .where('payment.provider_account', '=', account)
      // One that is open is looked at however old it is.
      .where(({ eb, or }) =>
        or([eb('dispute.status', '=', 'OPEN'), eb('opened_at', '>=', since), eb('closed_at', '>=', since)]),
      )
      .execute()
    return rows.map(({ id }) => id)
  },
  compare(object, { matterId, dispute }) {
    const about = { subject: object.id, matterId }
    const { status, withdrawnMinor, reinstatedMinor, awaitsMoney } = disputeStanding(object)
    if (!dispute) return differing('DISPUTE_NOT_BOOKED', about, withdrawnMinor, null)
    return [
      // The books wait for the money of one that is won, but not for ever.
      ...differing('DISPUTE_STATUS', about, awaitsMoney ? dispute.status : status, dispute.status),
      ...differing('DISPUTE_WITHDRAWN', about, withdrawnMinor, dispute.withdrawnMinor),
      ...differing('DISPUTE_REINSTATED', about, reinstatedMinor, dispute.reinstatedMinor),
    ]
  },
}
