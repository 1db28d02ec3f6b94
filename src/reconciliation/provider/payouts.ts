import type Stripe from 'stripe'
import { usedSince } from '../../provider/accounts.ts'
import { payoutFate } from '../../provider/payout-fate.ts'
import { differing, type Found, idsIn, type Kind, type Place } from './kind.ts'

/** As exact as an arrival is told. */
const DAY_MS = 24 * 60 * 60 * 1000

interface Row {
  /** What the books of all firms that share the account have of it, and what belongs to none of them; null while not booked. */
  booked: { netMinor: bigint; status: string | null; unplaced: string[] } | null
}

/**
 * Payouts to the bank, those made by hand too: each is booked whole, and every line of it belongs to a firm. One from before the
 * firm's clients could pay on the account, in another currency, or in which only other firms have a share, is none of the firm's.
 */
export const payouts: Kind<Stripe.Payout, Row> = {
  name: 'PAYOUT',
  nameOf: ({ id }) => id,
  list: ({ stripe, on }, sinceS) => stripe.payouts.list({ created: { gte: sinceS }, limit: 100 }, on),
  retrieve: ({ stripe, on }, id) => stripe.payouts.retrieve(id, {}, on),
  async rows(place, objects) {
    const { db, account, firmId } = place
    const ids = idsIn(objects.map(({ id }) => id))
    const since = await usedSince(db, firmId, account)
    const currency = await currencyOf(place)
    const shares = await db
      .selectFrom('payout')
      .select(['id', 'firm_id', 'status', 'net_minor'])
      .where('account', '=', account)
      .where('id', 'in', ids)
      .execute()
    const unplaced = await db
      .selectFrom('payout_line')
      .select(['id', 'payout_id', 'amount_minor', 'fee_minor'])
      .where('account', '=', account)
      .where('payout_id', 'in', ids)
      .where('firm_id', 'is', null)
      .execute()
    const rows = new Map<string, Row>()
    for (const { id, arrival_date, currency: paidIn } of objects) {
      const ofAll = shares.filter((share) => share.id === id)
      const nobodys = unplaced.filter((line) => line.payout_id === id)
      const [first] = ofAll
      const nets = [
        ...ofAll.map(({ net_minor }) => net_minor ?? 0n),
        ...nobodys.map((line) => line.amount_minor - line.fee_minor),
      ]
      const isBooked = first !== undefined || nobodys.length > 0
      const concerns = ofAll.some((share) => share.firm_id === firmId) || nobodys.length > 0
      const isSince = since !== null && arrival_date * 1000 + DAY_MS > since.getTime()
      const canBeBooked = paidIn.toUpperCase() === currency
      if (isBooked ? !concerns : !isSince || !canBeBooked) continue
      rows.set(id, {
        booked: isBooked
          ? {
              netMinor: nets.reduce((sum, net) => sum + net, 0n),
              status: first?.status ?? null,
              unplaced: nobodys.map((line) => line.id),
            }
          : null,
      })
    }
    return rows
  },
  async booked({ db, firmId, account }, since) {
    const rows = await db
      .selectFrom('payout')
      .select('id')
      .where('firm_id', '=', firmId)
      .where('account', '=', account)
      .where('booked_at', '>=', since)
      .execute()
    return rows.map(({ id }) => id)
  },
  compare(payout, { booked }) {
    const about = { subject: payout.id, matterId: null }
    const fate = payoutFate(payout)
    if (!booked) return fate ? differing('PAYOUT_NOT_BOOKED', about, BigInt(payout.amount), null) : []
    const unplaced = (id: string): Found => ({
      code: 'PAYOUT_LINE_UNPLACED',
      subject: id,
      matterId: null,
      expected: 'a firm',
      found: null,
    })
    return [
      ...(booked.status === null ? [] : differing('PAYOUT_STATUS', about, fate, booked.status)),
      ...differing('PAYOUT_AMOUNT', about, BigInt(payout.amount), booked.netMinor),
      ...booked.unplaced.map(unplaced),
    ]
  },
}

async function currencyOf({ db, firmId }: Place): Promise<string> {
  const firm = db.selectFrom('firm').select('currency').where('id', '=', firmId)
  return (await firm.executeTakeFirstOrThrow()).currency
}
