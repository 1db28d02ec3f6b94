import { z } from 'zod'
import { createdRange, list, paging, parse, text } from '../params.ts'
import { type Endpoint, seconds } from '../world.ts'
import { listAnswer, retrieve } from './list.ts'

const PATH = '/v1/events'
const KEPT_SECONDS = 30 * 24 * 60 * 60

const ListParams = z.strictObject({
  ...paging,
  created: createdRange,
  type: text().optional(),
  types: list(text(), 1, 20).optional(),
})

/** GET /v1/events and /v1/events/:id. Events can be listed for 30 days. */
export const eventEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: PATH,
    act(call) {
      const { type, types, created, ...page } = parse(ListParams, call.params)
      const wanted = types ?? (type && [type])
      const oldest = seconds(call.world) - KEPT_SECONDS
      return listAnswer(call, 'event', PATH, page, {
        ...(wanted && { oneOf: { path: '$.type', values: wanted } }),
        created: { ...created, gte: Math.max(created?.gte ?? oldest, oldest) },
      })
    },
  },
  { method: 'GET', path: `${PATH}/:id`, act: (call) => retrieve(call, 'event') },
]
