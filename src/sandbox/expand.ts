import { invalidRequest } from './errors.ts'
import type { World } from './world.ts'

/** Which kind of object the id in a field names. A new resource adds its fields here. */
const EXPANDABLE: Record<string, string> = {
  payment_intent: 'payment_intent',
  latest_charge: 'charge',
  charge: 'charge',
  balance_transaction: 'balance_transaction',
  failure_balance_transaction: 'balance_transaction',
}

/** What the source of a balance transaction is, by how its id begins. */
const SOURCES: Record<string, string> = {
  ch: 'charge',
  py: 'charge',
  re: 'refund',
  pyr: 'refund',
  dp: 'dispute',
  po: 'payout',
}

function kindOf(field: string, value: unknown): string | undefined {
  if (field !== 'source') return EXPANDABLE[field]
  return typeof value === 'string' ? SOURCES[value.split('_', 1)[0] ?? ''] : 'source'
}

/** Fields an object has only where there is something to name. */
const optional = (object: unknown, field: string) => object === 'refund' && field === 'failure_balance_transaction'

const DEEPEST = 4

function expandPath(world: World, account: string, node: Record<string, unknown>, path: string[]): void {
  const [field, ...rest] = path
  if (field === undefined) return
  if (field === 'data' && node.object === 'list') {
    for (const item of node.data as Record<string, unknown>[]) expandPath(world, account, item, rest)
    return
  }
  const value = node[field]
  const kind = kindOf(field, value)
  if (kind === undefined || !(field in node || optional(node.object, field)))
    throw invalidRequest(`This property cannot be expanded (${field}).`, { param: 'expand' }, false)
  if (value === null || value === undefined) return
  const child = typeof value === 'string' ? world.documents.get<object>(kind, account, value) : value
  node[field] = child ?? value
  if (child) expandPath(world, account, child as Record<string, unknown>, rest)
}

/** Gives the answer with the named ids replaced by what they name. Paths like 'payment_intent.latest_charge'. */
export function expand(world: World, account: string, answer: object, paths: string[]): object {
  const copy = structuredClone(answer) as Record<string, unknown>
  for (const path of paths) {
    const fields = path.split('.')
    if (fields.length > DEEPEST)
      throw invalidRequest(`You cannot expand more than ${DEEPEST} levels of a property.`, { param: 'expand' }, false)
    expandPath(world, account, copy, fields)
  }
  return copy
}
