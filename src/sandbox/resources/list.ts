import type { Filter } from '../../far-side/documents.ts'
import { noSuch } from '../errors.ts'
import type { Call } from '../world.ts'

interface Paging {
  limit: number
  starting_after?: string | undefined
  ending_before?: string | undefined
}

/** Answers a list call: a page of `kind`, newest first, as Stripe's list object. `path` is the endpoint's. */
export function listAnswer(call: Call, kind: string, path: string, paging: Paging, filter: Filter): object {
  const page = { limit: paging.limit, startingAfter: paging.starting_after, endingBefore: paging.ending_before }
  const found = call.world.documents.list<object>(kind, call.account, page, filter)
  const param = paging.ending_before === undefined ? 'starting_after' : 'ending_before'
  if (!found) throw noSuch(kind, paging[param] ?? '', param)
  return { object: 'list', url: path, has_more: found.hasMore, data: found.data }
}

/** The object a retrieve call asks for; `name` as Stripe spells it in the refusal of an unknown id. */
export function retrieve<T extends object>(call: Call, kind: string, name = kind): T {
  const found = call.world.documents.get<T>(kind, call.account, call.id)
  if (!found) throw noSuch(name, call.id, name === kind ? 'id' : kind)
  return found
}
