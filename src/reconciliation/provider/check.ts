import { orUnknown } from '../../provider/unknown.ts'
import type { Difference, Report } from '../difference.ts'
import { disputes } from './disputes.ts'
import type { Found, Kind, Place } from './kind.ts'
import { payments } from './payments.ts'
import { payouts } from './payouts.ts'
import { refunds } from './refunds.ts'

const CHUNK = 100

/** What was clean may still have changed for so long: a dispute that is decided the other way, a refund that comes back. */
const CHANGES_WITHIN_MS = 90 * 24 * 60 * 60 * 1000

/**
 * Whether every payment, refund, dispute and payout that the provider has had on this account since then is in the firm's books
 * as it is there, and the books hold none that the provider does not know. Nothing is changed.
 */
export async function checkAccount(place: Place, since: Date, report: Report): Promise<Difference[]> {
  const longBefore = new Date(Math.min(since.getTime(), Date.now() - CHANGES_WITHIN_MS))
  const found = [
    ...(await checkKind(payments, place, since, report)),
    ...(await checkKind(refunds, place, longBefore, report)),
    ...(await checkKind(disputes, place, longBefore, report)),
    ...(await checkKind(payouts, place, since, report)),
  ]
  return found.map((difference) => ({ check: 'PROVIDER', ...difference }))
}

async function checkKind<Object, Row>(
  kind: Kind<Object, Row>,
  place: Place,
  since: Date,
  report: Report,
): Promise<Found[]> {
  const found: Found[] = []
  const seen = new Set<string>()
  async function compare(objects: Object[]): Promise<void> {
    const rows = await kind.rows(place, objects)
    for (const object of objects) {
      const name = kind.nameOf(object)
      const row = rows.get(name)
      seen.add(name)
      if (row) found.push(...kind.compare(object, row))
    }
    await report({ done: seen.size, total: null })
  }

  let chunk: Object[] = []
  for await (const object of kind.list(place, Math.floor(since.getTime() / 1000))) {
    chunk.push(object)
    if (chunk.length === CHUNK) await compare(chunk.splice(0))
  }
  await compare(chunk)
  // What else is booked was made earlier and booked later, or is not there at all.
  for (const name of (await kind.booked(place, since)).filter((each) => !seen.has(each))) {
    const object = await orUnknown(kind.retrieve(place, name))
    if (object) await compare([object])
    else found.push({ code: `${kind.name}_UNKNOWN`, subject: name, matterId: null, expected: null, found: 'booked' })
  }
  return found
}
