import type { StatementLine } from '../books/statement.ts'
import type { PostingKind } from '../domain/plan.ts'

/** All movements of one kind and direction of a statement. */
export interface StatementTotal {
  kind: PostingKind
  /** Positive into the retainer, negative out of it. */
  amountMinor: bigint
  count: number
}

/** What came and what went, by kind, in the order of their first movement. */
export function totalsOf(lines: readonly StatementLine[]): StatementTotal[] {
  const groups = Map.groupBy(lines, ({ kind, amountMinor }) => `${kind} ${amountMinor < 0n}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const amountMinor = group.reduce((sum, line) => sum + line.amountMinor, 0n)
    return [{ kind: first.kind, amountMinor, count: group.length }]
  })
}
