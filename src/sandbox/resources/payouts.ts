import { z } from 'zod'
import { createdRange, paging, parse, text } from '../params.ts'
import type { Endpoint } from '../world.ts'
import { listAnswer, retrieve } from './list.ts'

const PATH = '/v1/payouts'

const ListParams = z.strictObject({
  ...paging,
  arrival_date: createdRange,
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
      // A payout arrives on the day it is made here, so that both bounds are about the same time.
      const { status, destination, arrival_date, created, ...page } = parse(ListParams, call.params)
      const equal = { '$.status': status, '$.destination': destination }
      return listAnswer(call, 'payout', PATH, page, { equal, created: { ...arrival_date, ...created } })
    },
  },
  { method: 'GET', path: `${PATH}/:id`, act: (call) => retrieve(call, 'payout') },
]
