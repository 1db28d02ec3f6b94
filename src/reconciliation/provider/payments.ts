import type Stripe from 'stripe'
import { differing, idsIn, type Kind } from './kind.ts'

interface Row {
  matterId: string | null
  /** Null while the payment is not booked. */
  amountMinor: bigint | null
}

const nameOf = ({ id, payment_intent: intent }: Stripe.Charge): string =>
  typeof intent === 'string' ? intent : (intent?.id ?? id)

/** Money that the provider took from clients: every charge that succeeded and was made for the firm is booked, with its amount. */
export const payments: Kind<Stripe.Charge, Row> = {
  name: 'PAYMENT',
  nameOf,
  async *list({ stripe, on }, sinceS) {
    for await (const charge of stripe.charges.list({ created: { gte: sinceS }, limit: 100 }, on)) {
      if (charge.status === 'succeeded') yield charge
    }
  },
  async retrieve({ stripe, on }, intentId) {
    const intent = await stripe.paymentIntents.retrieve(intentId, { expand: ['latest_charge'] }, on)
    return intent.latest_charge as Stripe.Charge
  },
  async rows({ db, firmId, account }, charges) {
    const booked = await db
      .selectFrom('payment')
      .select(['id', 'matter_id', 'amount_minor'])
      .where('firm_id', '=', firmId)
      .where('provider_account', '=', account)
      .where('id', 'in', idsIn(charges.map(nameOf)))
      .execute()
    const rows = new Map<string, Row>()
    for (const charge of charges) {
      const payment = booked.find(({ id }) => id === nameOf(charge))
      const { firmId: madeFor, matterId = null } = charge.metadata
      if (payment) rows.set(payment.id, { matterId: payment.matter_id, amountMinor: payment.amount_minor })
      else if (madeFor === firmId) rows.set(nameOf(charge), { matterId, amountMinor: null })
    }
    return rows
  },
  async booked({ db, firmId, account }, since) {
    const rows = await db
      .selectFrom('payment')
      .select('id')
      .where('firm_id', '=', firmId)
      .where('provider_account', '=', account)
      .where('settled_at', '>=', since)
      .execute()
    return rows.map(({ id }) => id)
  },
  compare(charge, { matterId, amountMinor }) {
    const about = { subject: nameOf(charge), matterId }
    const takenMinor = charge.status === 'succeeded' ? BigInt(charge.amount) : null
    return differing(amountMinor === null ? 'PAYMENT_NOT_BOOKED' : 'PAYMENT_AMOUNT', about, takenMinor, amountMinor)
  },
}
