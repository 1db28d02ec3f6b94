import type Stripe from 'stripe'

const OUTCOMES: Partial<Record<Stripe.Dispute.Status, 'WON' | 'LOST'>> = {
  won: 'WON',
  lost: 'LOST',
  warning_closed: 'WON',
  prevented: 'WON',
}

/**
 * Where a dispute stands at the provider: what it has taken from the account and given back so far, in minor units of the
 * dispute's own currency, and how it is decided. One that is won in part gives back less than it took; `awaitsMoney` while a won
 * one has given nothing back yet.
 */
export function disputeStanding({ balance_transactions, status, amount, currency }: Stripe.Dispute) {
  // An account that settles in another currency says what was moved there: not what the client paid.
  const moved = balance_transactions.map((transaction) =>
    transaction.currency === currency ? transaction.amount : Math.sign(transaction.amount) * amount,
  )
  const sum = (amounts: number[]) => amounts.reduce((total, each) => total + BigInt(each), 0n)
  const withdrawnMinor = -sum(moved.filter((each) => each < 0))
  const reinstatedMinor = sum(moved.filter((each) => each > 0))
  const outcome = OUTCOMES[status] ?? 'OPEN'
  const awaitsMoney = outcome === 'WON' && withdrawnMinor > 0n && reinstatedMinor === 0n
  return { withdrawnMinor, reinstatedMinor, status: outcome, awaitsMoney } as const
}
