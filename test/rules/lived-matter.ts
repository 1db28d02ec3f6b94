import { amountsOf, canCreateOnline } from '../../src/domain/amounts.ts'
import { decide } from '../../src/domain/decide.ts'
import type { Answer, Command, Event, Fact } from '../../src/domain/events.ts'
import { type CurrencyCode, toDecimalString } from '../../src/domain/money.ts'
import type { AttemptRow, AttentionRow, Decision, Entry, Posting, RequestRow } from '../../src/domain/plan.ts'
import { type DecisionRecord, newRetainer, type RetainerState } from '../../src/domain/state.ts'
import { Turn } from '../../src/domain/turn.ts'
import { Books } from './books.ts'
import { checkInvariants, deepFreeze } from './invariants.ts'

export const DAY_MS = 24 * 60 * 60 * 1000
const REMINDER_DAYS = [7, 14, 28]

/**
 * A matter from its first day: holds the state, decides commands and facts, and does what the ledger's commit and the courier
 * would do with the plan. Every step is held to the invariants. Amounts go in and come out as decimals.
 */
export class LivedMatter {
  state: RetainerState
  atMs = Date.UTC(2026, 2, 2, 15)
  last!: Decision
  /** What `last` was decided on. */
  lastEvent!: Event
  readonly books = new Books()
  readonly decisions: DecisionRecord[] = []
  readonly requests = new Map<string, RequestRow>()
  readonly attempts = new Map<string, AttemptRow>()
  readonly attention: AttentionRow[] = []
  /** The open request, or the last one there was: its link is what the client has. */
  protected lastRequestId: string | null = null
  #made = 0

  constructor(currency: CurrencyCode = 'USD') {
    this.state = newRetainer('firm', 'matter', currency)
  }

  /** Decides one event and takes over what the commit returns. */
  take(event: Command | Fact): Answer {
    const before = deepFreeze(this.state)
    this.lastEvent = { ...event, ...this.#lookedUp(event), atMs: this.atMs }
    this.last = decide(before, this.lastEvent)
    const refusal = this.books.refusal(this.last)
    if (refusal) this.last = Turn.refuse(before, this.atMs, event.kind, refusal)
    const { state, plan, answer } = this.last
    checkInvariants(before, event, this.last)
    this.books.commit(this.last)
    this.decisions.push(...plan.decisions)
    for (const row of plan.requests) this.requests.set(row.id, row)
    for (const row of plan.attempts) this.attempts.set(row.id, row)
    for (const id of plan.paidAttemptIds) {
      const row = this.attempts.get(id)
      if (row) this.attempts.set(id, { ...row, status: 'PAID' })
    }
    this.attention.push(...plan.attentionRaised)
    this.lastRequestId = state.openRequest?.id ?? this.lastRequestId
    const from = plan.remindFromMs
    const reminders =
      from === null ? state.reminders : REMINDER_DAYS.map((days, at) => ({ nth: at + 1, atMs: from + days * DAY_MS }))
    this.state = { ...state, reminders }
    return answer
  }

  /** What the workflow reads in the books before it decides. */
  #lookedUp(event: Command | Fact): { owedMinor?: bigint } {
    const owedMinor = event.kind === 'applyRetainer' && this.books.openInvoices().get(event.invoiceId)
    return owedMinor ? { owedMinor } : {}
  }

  get postings(): Posting[] {
    return this.books.postings
  }

  nextId(prefix: string): string {
    this.#made += 1
    return `${prefix}${this.#made}`
  }

  // What one sees.

  get due(): string {
    return this.#show(amountsOf(this.state).dueMinor)
  }
  get live(): string {
    return this.#show(amountsOf(this.state).liveMinor)
  }
  get received(): string {
    return this.#show(amountsOf(this.state).receivedTowardInitialMinor)
  }
  get pending(): string {
    return this.#show(amountsOf(this.state).pendingMinor)
  }
  get balance(): string {
    return this.#show(this.state.balanceMinor)
  }
  get canCreateOnline(): boolean {
    return canCreateOnline(this.state)
  }
  /** The open request as its row in the books says, or null. */
  get request(): { number: number; kind: string; amount: string; received: string } | null {
    return this.state.openRequest && this.#row(this.state.openRequest.id)
  }
  /** How every request so far stands, oldest first: `SATISFIED 1000.00`. */
  get history(): string[] {
    return [...this.requests.values()].map((row) => `${row.status} ${this.#show(row.amountMinor)}`)
  }
  /** Codes of the decisions of the last event. */
  get codes(): string[] {
    return this.last.plan.decisions.map((decision) => decision.code)
  }
  get reminderDays(): number[] {
    return this.state.reminders.map((reminder) => (reminder.atMs - this.atMs) / DAY_MS)
  }
  /** Sessions that the courier is to expire. */
  get expiring(): string[] {
    return this.state.effects.flatMap((effect) => (effect.kind === 'EXPIRE_SESSION' ? [effect.sessionId] : []))
  }
  openInvoices(): Record<string, string> {
    return Object.fromEntries([...this.books.openInvoices()].map(([id, owedMinor]) => [id, this.#show(owedMinor)]))
  }

  get owed(): string {
    return this.#show(this.state.receivableMinor)
  }
  /** What an account of the books holds, as a liability counts it: credits less debits. */
  account(account: Entry['account']): string {
    return this.#show(-this.books.balanceOf(account))
  }
  /** Codes of what needs attention now. */
  get needsAttention(): string[] {
    return this.state.attention.map(({ code }) => code)
  }

  #row(id: string) {
    const row = this.requests.get(id)
    if (!row) throw new Error(`request ${id} is open but was never written`)
    const { number, kind, amountMinor, receivedMinor } = row
    return { number, kind, amount: this.#show(amountMinor), received: this.#show(receivedMinor) }
  }

  #show = (amountMinor: bigint): string => toDecimalString(amountMinor, this.state.currency)
}
