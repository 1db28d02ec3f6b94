import { identities } from '../../../src/books/identities.ts'
import { trialBalance } from '../../../src/books/trial-balance.ts'
import type { Firm, Practice } from '../../practice/practice.ts'
import { reconcile } from '../../practice/reconcile.ts'
import { accountOption, stripeOf } from './at-provider.ts'
import type { Guarantee } from './guarantee.ts'

/** What must hold of the money. */
export const OF_THE_BOOKS: Guarantee[] = [
  { rules: 'books', says: 'the books balance', breaches: ({ practice }) => ofEveryFirm(practice, unbalanced) },
  {
    rules: 'R12, R15',
    says: 'every payment at the provider is booked once',
    breaches: ({ practice }) => ofEveryFirm(practice, bookedOtherwise),
  },
  {
    rules: 'books',
    says: 'workflows, books and provider agree',
    breaches: ({ practice }) => ofEveryFirm(practice, irreconcilable),
  },
]

async function ofEveryFirm(
  practice: Practice,
  breachesOf: (practice: Practice, firm: Firm) => Promise<string[]>,
): Promise<string[]> {
  const found = await Promise.all(practice.firms.map((firm) => breachesOf(practice, firm)))
  return found.flat()
}

async function unbalanced({ db }: Practice, firm: Firm): Promise<string[]> {
  const sum = (await trialBalance(db, firm.id)).reduce((total, { balanceMinor }) => total + balanceMinor, 0n)
  const breaches = (await identities(db, firm.id)).map(
    ({ code, subject, expected, found }) => `${code} ${subject}: expected ${expected}, found ${found}`,
  )
  return sum === 0n ? breaches : [`the trial balance of firm ${firm.id} comes to ${sum}`, ...breaches]
}

async function irreconcilable(_practice: Practice, firm: Firm): Promise<string[]> {
  const { status, differences } = await reconcile(firm)
  if (status === 'CLEAN') return []
  const rows = differences.map(
    ({ check, code, subject, expected, found }) => `${check} ${code} ${subject}: expected ${expected}, found ${found}`,
  )
  return [`the reconciliation of firm ${firm.id} ended ${status}`, ...rows]
}

/** Asks the provider itself, past everything of ours. */
async function bookedOtherwise(practice: Practice, firm: Firm): Promise<string[]> {
  const postings = await practice.db
    .selectFrom('posting')
    .select('key')
    .where('firm_id', '=', firm.id)
    .where('kind', 'in', ['PAYMENT_SETTLED', 'UNAPPLIED_PAYMENT'])
    .execute()
  const times = new Map<string, number>()
  for (const { key } of postings) times.set(key, (times.get(key) ?? 0) + 1)
  const breaches: string[] = []
  for await (const charge of stripeOf(practice).charges.list({ limit: 100 }, accountOption(firm))) {
    if (charge.status !== 'succeeded') continue
    const intent = charge.payment_intent
    const key = `payment:${typeof intent === 'string' ? intent : intent?.id}`
    const bookings = times.get(key) ?? 0
    if (bookings !== 1) breaches.push(`${key} of ${charge.amount} ${charge.currency}: booked ${bookings} times`)
    times.delete(key)
  }
  const unknown = [...times].map(([key]) => `${key}: booked, and unknown at the provider`)
  return [...breaches, ...unknown]
}
