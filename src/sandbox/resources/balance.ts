import type Stripe from 'stripe'
import { z } from 'zod'
import { parse } from '../params.ts'
import type { Endpoint, World } from '../world.ts'

type Amount = Stripe.Balance.Available

/** What is in the account's balance, by currency. */
function balanceOf(world: World, account: string): Stripe.Balance {
  const sums = { available: new Map<string, Amount>(), pending: new Map<string, Amount>() }
  const add = (sum: Map<string, Amount>, currency: string, netMinor: number, source: 'card' | 'bank_account') => {
    const amount = sum.get(currency) ?? { amount: 0, currency, source_types: {} }
    const types = { ...amount.source_types, [source]: (amount.source_types?.[source] ?? 0) + netMinor }
    sum.set(currency, { amount: amount.amount + netMinor, currency, source_types: types })
  }
  for (const { transactionId, held } of world.balanceBook.unpaid(account)) {
    const entry = world.documents.get<Stripe.BalanceTransaction>('balance_transaction', account, transactionId)
    if (!entry) continue
    const available = entry.status === 'available' && !held
    for (const kind of ['available', 'pending'] as const) {
      const counts = (kind === 'available') === available
      add(
        sums[kind],
        entry.currency,
        counts ? entry.net : 0,
        entry.type.startsWith('payment') ? 'bank_account' : 'card',
      )
    }
  }
  const none = [{ amount: 0, currency: 'usd', source_types: { card: 0 } }]
  const listed = (sum: Map<string, Amount>) => (sum.size > 0 ? [...sum.values()] : none)
  return { object: 'balance', available: listed(sums.available), livemode: false, pending: listed(sums.pending) }
}

/** GET /v1/balance: what no payout has taken yet. */
export const balanceEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/balance',
    act(call) {
      parse(z.strictObject({}), call.params)
      return balanceOf(call.world, call.account)
    },
  },
]
