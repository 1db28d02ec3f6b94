import { z } from 'zod'
import { createdRange, paging, parse, text } from '../params.ts'
import type { Endpoint } from '../world.ts'
import { listAnswer, retrieve } from './list.ts'

const PATH = '/v1/payouts'

const ListParams = z.strictObject({
  ...paging,
  created: createdRange,
  destination: text().optional(),
  status: z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled']).optional(),
})

/** GET /v1/payouts and /v1/payouts/:id. */
export const payoutEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: PATH,
    act(call) {
      const { status, destination, created, ...page } = parse(ListParams, call.params)
      const equal = { '$.status': status, '$.destination': destination }
      return listAnswer(call, 'payout', PATH, page, { equal, created: created ?? {} })
    },
  },
  { method: 'GET', path: `${PATH}/:id`, act: (call) => retrieve(call, 'payout') },
]
