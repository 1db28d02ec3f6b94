import type { Answer, Refusal } from '../src/domain/events.ts'
import type { CurrencyCode } from '../src/domain/money.ts'
import type { Plan } from '../src/domain/plan.ts'
import type { Projection } from '../src/domain/projection.ts'
import type { Reminder, RetainerState } from '../src/domain/state.ts'
import type { Wire } from '../src/domain/wire.ts'

/** One decision for the ledger, as SQL function `commit_matter` takes it. */
export interface CommitRequest {
  firmId: string
  matterId: string
  key: string
  inputHash: string
  kind: string
  atMs: number
  /** The version the decision was made on; the commit makes the next one. */
  expectedVersion: number
  currency: CurrencyCode
  /** The event that told the fact: it is done once the ledger has all of `inboxKeys`, the keys of the facts that it told. */
  inboxId: string | null
  inboxKeys: string[]
  /** Keys of facts after which this one says nothing new: once the books have one of them, it is done already. */
  overtakenBy: string[]
  answer: Wire<Answer>
  plan: Wire<Plan>
  state: Wire<RetainerState>
  projection: Wire<Projection>
}

/** What the ledger made of it. */
export type CommitResult =
  | { outcome: 'committed'; version: number; balanceMinor: string; reminders: Reminder[] }
  /** The key was decided before with the same input: its answer, and the matter as it stands; null when the caller has that. */
  | { outcome: 'repeated'; answer: Wire<Answer>; state: Wire<RetainerState> | null }
  /** The decision was made on an older state: decide again on this one. */
  | { outcome: 'stale'; state: Wire<RetainerState> }
  /** The firm's settings or books forbid it; nothing was written. */
  | { outcome: 'refused'; refusal: Wire<Refusal> }

/** The matter as the books have it; no state before its first commit. */
export interface LoadedMatter {
  currency: CurrencyCode
  state: Wire<RetainerState> | null
}
