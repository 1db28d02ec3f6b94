import type Stripe from 'stripe'
import { z } from 'zod'
import { invalidRequest, noSuch } from '../errors.ts'
import { createdRange, paging, parse, text } from '../params.ts'
import type { Call, Endpoint } from '../world.ts'
import { listAnswer, retrieve } from './list.ts'

const PATH = '/v1/balance_transactions'

const ListParams = z.strictObject({
  ...paging,
  created: createdRange,
  currency: text().optional(),
  payout: text().optional(),
  source: text().optional(),
  type: text().optional(),
})

// What a payout holds can be listed once its reconciliation is complete; of one made by hand nobody knows.
function contentOf({ world, account }: Call, id: string): string[] {
  const param = 'payout'
  const payout = world.documents.get<Stripe.Payout>('payout', account, id)
  if (!payout) throw noSuch('payout', id, 'payout')
  if (payout.reconciliation_status === 'completed') return world.balanceBook.inPayout(id)
  if (!payout.automatic) throw invalidRequest(`The payout ${id} is not automatic: its content is not known.`, { param })
  const message = `The balance transactions of the payout ${id} cannot be listed yet: its reconciliation is in progress.`
  throw invalidRequest(message, { code: 'payout_reconciliation_not_ready', param })
}

/** GET /v1/balance_transactions and /v1/balance_transactions/:id. */
export const balanceTransactionEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: PATH,
    act(call) {
      const { currency, payout, source, type, created, ...page } = parse(ListParams, call.params)
      return listAnswer(call, 'balance_transaction', PATH, page, {
        equal: { '$.currency': currency, '$.source': source, '$.type': type },
        ...(payout && { oneOf: { path: '$.id', values: contentOf(call, payout) } }),
        created: created ?? {},
      })
    },
  },
  { method: 'GET', path: `${PATH}/:id`, act: (call) => retrieve(call, 'balance_transaction') },
]
