import type Stripe from 'stripe'
import { orUnknown } from '../../provider/unknown.ts'
import { accountOf, idOf, providerAccount, unknownAtProvider } from './at-provider.ts'
import { chargeFacts } from './charges.ts'
import { bookUnapplied } from './homeless.ts'
import { findFirm, type KnownMatter, matterOfAttempt } from './matters.ts'
import { type InboxRow, leaveOpen, settleRow } from './rows.ts'
import type { StripeEventDependencies } from './stripe-events.ts'
import { type ToldFact, tellFacts } from './tell-facts.ts'
import { noteWhose } from './whose.ts'

/**
 * Reads the session an event is about at Stripe (an event is a hint; the object is the truth) and tells its matter. What no
 * matter can take goes to the firm's unapplied funds (R15); money that finds no place at all stays open, and is logged.
 */
export async function handleSession(dependencies: StripeEventDependencies, row: InboxRow): Promise<void> {
  const { db, temporal, stripe } = dependencies
  const expand = ['payment_intent.latest_charge.balance_transaction']
  const session = await orUnknown(stripe.checkout.sessions.retrieve(row.objectId, { expand }, accountOf(row)))
  if (!session) return unknownAtProvider(db, row)
  const { firmId, attemptId } = session.metadata ?? {}
  if (!firmId || !attemptId) return settleRow(db, row.id, 'not a session of ours')
  const matter = await matterOfAttempt(db, { attemptId, account: row.account })

  if (session.status === 'open') return settleRow(db, row.id, 'still open')
  if (session.status === 'complete' && session.payment_status === 'paid') {
    return placePayment(dependencies, row, session, { firmId, attemptId, matter })
  }
  if (!matter || matter.closed) return settleRow(db, row.id, 'nobody waits for it')
  await noteWhose(db, row, matter)
  const tell = (fact: ToldFact) => tellFacts({ db, temporal }, row, matter, [fact])
  if (session.status === 'expired') return tell({ kind: 'sessionEnded', attemptId })
  const paymentId = idOf(session.payment_intent)
  if (!paymentId) return settleRow(db, row.id, 'no payment')
  if (hasFailed(session)) return tell({ kind: 'paymentFailed', paymentId, attemptId })
  return tell({ kind: 'paymentPending', paymentId, amountMinor: BigInt(session.amount_total ?? 0), attemptId })
}

/** A bank debit that will not arrive (R13): its intent is back where it was before the client confirmed it. */
const hasFailed = ({ payment_intent: intent }: Stripe.Checkout.Session): boolean =>
  typeof intent === 'object' && intent !== null && ['requires_payment_method', 'canceled'].includes(intent.status)

/** Money is there: on its matter, or else in its firm's unapplied funds, or else visible until a person has seen to it. */
async function placePayment(
  { db, temporal, log }: StripeEventDependencies,
  row: InboxRow,
  session: Stripe.Checkout.Session,
  { firmId, attemptId, matter }: { firmId: string; attemptId: string; matter: KnownMatter | null },
): Promise<void> {
  const paymentId = idOf(session.payment_intent)
  const firm = matter ?? (await findFirm(db, { firmId, account: row.account }))
  if (firm) await noteWhose(db, row, firm)
  if (!paymentId || session.amount_total === null || !firm || firm.currency !== session.currency?.toUpperCase()) {
    log.error({ inboxId: row.id, sessionId: session.id }, 'a payment has found no place: a person must see to it')
    return leaveOpen(db, row.id, 'paid, and no place for it')
  }
  const { method, feeMinor } = chargeFacts(chargeOf(session))
  const placed = { paymentId, providerAccount: providerAccount(row), method }
  if (!matter) {
    const amountMinor = String(session.amount_total)
    const payment = {
      firmId: firm.firmId,
      ...placed,
      amountMinor,
      feeMinor: feeMinor?.toString() ?? null,
      inboxId: row.id,
    }
    return bookUnapplied(temporal, payment)
  }
  // A closed matter takes it, too: what is owed there comes first (R20).
  const requestId = session.metadata?.['requestId'] ?? null
  const amountMinor = BigInt(session.amount_total)
  return tellFacts({ db, temporal }, row, matter, [
    { kind: 'paymentSettled', ...placed, amountMinor, feeMinor, requestId, attemptId },
  ])
}

function chargeOf({ payment_intent: intent }: Stripe.Checkout.Session): Stripe.Charge | null {
  const charge = typeof intent === 'object' ? intent?.latest_charge : null
  return typeof charge === 'object' ? (charge ?? null) : null
}
