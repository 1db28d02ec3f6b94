import { ModelBooks } from './model-books.ts'

type Entry =
  | { what: 'settled'; paymentId: string; amount: number }
  /** A reversal, or less than zero for a win. */
  | { what: 'reversed'; paymentId: string; amount: number }
  | { what: 'pending'; paymentId: string; amount: number }
  | { what: 'initialSetFromEmpty' }

/**
 * The figures of R4 and R6 once more, written another way: a log of what happened, from which each is added up afresh. Numbers
 * instead of bigints, no state kept that the log can tell.
 */
export class ModelFigures {
  lifecycle = 'OPEN'
  enabled = false
  initial = 0
  automatic = true
  replenishing = false
  minimum = 0
  trigger = 0
  opened = 0
  open: { number: number; receivedFrom: number } | null = null
  frozen: { base: number; from: number } | null = null
  reminders: { nth: number; atMs: number }[] = []
  readonly invoices = new Map<string, number>()
  readonly books = new ModelBooks()
  protected wasReceived = false
  protected readonly log: Entry[] = []

  // R4, added up from the log.

  get pending(): number {
    return this.#pendingFrom(0)
  }
  get received(): number {
    const counted = this.#settledFrom(this.#initialFrom) - this.#reversedOf(this.#initialFrom)
    return Math.min(this.initial, Math.max(0, counted))
  }
  get balance(): number {
    return this.books.balance
  }
  /** R6 in one line: something was once received toward it, or is on its way. */
  get locked(): boolean {
    return this.initial > 0 && (this.wasReceived || this.#pendingFrom(this.#initialFrom) > 0)
  }
  get available(): number {
    return Math.max(0, this.balance)
  }
  get requestReceived(): number {
    return this.open ? this.#settledFrom(this.open.receivedFrom) - this.#reversedOf(this.open.receivedFrom) : 0
  }

  initialRemaining(counting = true): number {
    if (!this.asks) return 0
    const missing = this.initial - this.received
    return missing - Math.min(missing, counting ? this.#pendingFrom(this.#initialFrom) : 0)
  }
  live(counting = true): number {
    const missing = this.minimum - this.balance - (counting ? this.pending : 0)
    return Math.max(this.initialRemaining(counting), this.asks && this.replenishing ? missing : 0)
  }
  due(counting = true): number {
    if (!this.asks || !this.frozen) return this.live(counting)
    const frozen = this.frozen.base - this.#settledFrom(this.frozen.from) - (counting ? this.pending : 0)
    return Math.max(this.live(counting), frozen)
  }

  protected get asks(): boolean {
    return this.enabled && this.lifecycle === 'OPEN'
  }
  get #initialFrom(): number {
    return this.log.findLastIndex((entry) => entry.what === 'initialSetFromEmpty')
  }
  #settledFrom(index: number): number {
    return this.#sum('settled', index)
  }
  /** R18: whenever it was, a reversal lowers what it is a reversal of. */
  #reversedOf(index: number): number {
    const counted = this.log.flatMap((entry, at) => (at >= index && entry.what === 'settled' ? [entry.paymentId] : []))
    return this.log.reduce((total, entry) => {
      return entry.what === 'reversed' && counted.includes(entry.paymentId) ? total + entry.amount : total
    }, 0)
  }
  #pendingFrom(index: number): number {
    return this.#sum('pending', index)
  }
  #sum(what: 'settled' | 'pending', from: number): number {
    return this.log.reduce((total, entry, at) => (at >= from && entry.what === what ? total + entry.amount : total), 0)
  }
}
