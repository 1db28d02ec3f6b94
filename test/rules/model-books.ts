import type { Command, Fact, RefundPart } from '../../src/domain/events.ts'

interface Part {
  refundId: string
  amount: number
  state: 'OPEN' | 'TAKEN' | 'FAILED'
}

/**
 * The model's memory of money that is not simply in the retainer: it forgets nothing, where the domain keeps only what is open.
 */
export class ModelBooks {
  isClosed = false
  balance = 0
  receivable = 0
  readonly unapplied = new Map<string, number>()
  readonly disputes = new Map<string, number>()
  readonly #deadlines = new Map<string, number | null>()
  readonly #parts = new Map<string, Part>()
  /** Refunds that the provider was not asked for yet, as far as the matter knows. */
  readonly #unsent = new Map<string, number>()
  readonly #attention = new Set<string>()
  /** How often the firm was told. */
  told = 0

  get isDone(): boolean {
    return this.#unsent.size === 0 && this.disputes.size === 0 && this.#inFlight(() => true) === 0
  }
  get inFlight(): number {
    const sent = this.#inFlight(({ refundId }) => !this.#unsent.has(refundId))
    const unsent = [...this.#unsent].map(([id, amount]) => {
      const done = [...this.#parts.values()].filter((part) => part.refundId === id && part.state !== 'OPEN')
      return amount - done.reduce((sum, part) => sum + part.amount, 0)
    })
    return unsent.reduce((sum, amount) => sum + amount, sent)
  }
  get disputed(): number {
    return [...this.disputes.values()].reduce((sum, amount) => sum + amount, 0)
  }
  get inUnappliedFunds(): number {
    return [...this.unapplied.values()].reduce((sum, amount) => sum + amount, 0)
  }

  tell(code: string, subject: string): void {
    if (this.#attention.has(`${code}:${subject}`)) return
    this.#attention.add(`${code}:${subject}`)
    this.told += 1
  }
  forget(code: string, subject: string): void {
    this.#attention.delete(`${code}:${subject}`)
  }

  /** A refund of another matter failed: money of a payment whose home this matter is lies in unapplied funds. */
  lies(paymentId: string, amount: number): void {
    this.unapplied.set(paymentId, (this.unapplied.get(paymentId) ?? 0) + amount)
  }

  /** R18, R20: takes money of a payment out, from where it is; answers how much of it was here. */
  takeOut(paymentId: string, amount: number): number {
    const there = Math.min(this.unapplied.get(paymentId) ?? 0, amount)
    this.unapplied.set(paymentId, (this.unapplied.get(paymentId) ?? 0) - there)
    if (this.isClosed) this.receivable += amount - there
    else this.balance -= amount - there
    return amount - there
  }

  /** R20: puts money in, and answers how much no matter could take. */
  putIn(paymentId: string, amount: number, source: RefundPart['source'] = 'RETAINER'): number {
    if (!this.isClosed && source === 'RETAINER') {
      this.balance += amount
      return 0
    }
    const paysOff = source === 'RETAINER' ? Math.min(this.receivable, amount) : 0
    this.receivable -= paysOff
    this.unapplied.set(paymentId, (this.unapplied.get(paymentId) ?? 0) + amount - paysOff)
    return amount - paysOff
  }

  reserve({ refundId }: { refundId: string }, amount: number, unappliedPaymentId?: string): void {
    this.#unsent.set(refundId, amount)
    if (unappliedPaymentId === undefined) this.balance -= amount
    else this.unapplied.set(unappliedPaymentId, (this.unapplied.get(unappliedPaymentId) ?? 0) - amount)
  }

  sent(fact: Extract<Fact, { kind: 'refundSent' }>): boolean {
    this.#unsent.delete(fact.refundId)
    this.forget('REFUND_WAITS', fact.refundId)
    for (const part of fact.parts) {
      if (part.status === 'REFUSED') this.failed(part, false)
      else if (part.status === 'TAKEN') this.taken(part)
      else this.#note(part, this.#parts.get(part.partId)?.state ?? 'OPEN')
    }
    if (fact.otherMeansMinor > 0n) this.tell('REFUND_BY_OTHER_MEANS', fact.refundId)
    return fact.otherMeansMinor > 0n || fact.parts.some(({ status }) => status !== 'REFUSED')
  }

  taken(part: RefundPart): void {
    if (this.#parts.get(part.partId)?.state !== 'FAILED') this.#note(part, 'TAKEN')
  }

  failed(part: RefundPart, wasTaken: boolean): void {
    const known = this.#parts.get(part.partId)?.state
    if (known === 'FAILED' || (known === 'TAKEN' && !wasTaken)) return
    this.#note(part, 'FAILED')
    const left = this.putIn(part.paymentId, Number(part.amountMinor), part.source)
    this.tell('REFUND_FAILED', part.partId)
    if (left > 0) this.tell('UNAPPLIED_FUNDS', part.paymentId)
  }

  waits({ refundId }: { refundId: string }): void {
    if (this.#unsent.has(refundId)) this.tell('REFUND_WAITS', refundId)
  }

  /** R20: a person's money pays what is owed. */
  payOff(paymentId: string, amount: number): void {
    this.receivable -= amount
    this.unapplied.delete(paymentId)
  }

  found({ providerRefundId, paymentId, amountMinor }: Extract<Fact, { kind: 'refundFound' }>): void {
    const amount = Number(amountMinor)
    this.#parts.set(`${providerRefundId}.1`, { refundId: providerRefundId, amount, state: 'TAKEN' })
    this.takeOut(paymentId, amount)
    this.tell('REFUNDED_AT_PROVIDER', providerRefundId)
    this.tellBelowZero()
  }

  dispute(fact: Extract<Fact, { kind: 'disputeOpened' }>): void {
    this.disputes.set(fact.disputeId, Number(fact.amountMinor))
    this.#deadlines.set(fact.disputeId, fact.deadlineMs)
    if (fact.deadlineMs !== null) this.tell('PAYMENT_DISPUTED', fact.disputeId)
  }

  /** R18: every deadline is told, once. */
  due({ disputeId, deadlineMs }: Extract<Fact, { kind: 'disputeDue' }>): void {
    if (!this.disputes.has(disputeId) || this.#deadlines.get(disputeId) === deadlineMs) return
    this.#deadlines.set(disputeId, deadlineMs)
    this.forget('PAYMENT_DISPUTED', disputeId)
    this.tell('PAYMENT_DISPUTED', disputeId)
  }

  /** Answers what it takes from this matter. */
  reverse({ disputeId, paymentId, amountMinor }: Extract<Fact, { kind: 'paymentReversed' }>): number {
    const owed = this.receivable
    const taken = this.takeOut(paymentId, Number(amountMinor))
    this.tell('PAYMENT_REVERSED', disputeId)
    if (this.receivable > owed) this.tell('REVERSED_AFTER_CLOSING', disputeId)
    this.tellBelowZero()
    return taken
  }

  /** Answers what it gives to this matter. */
  win({ disputeId, paymentId, amountMinor }: Extract<Fact, { kind: 'reversalWon' }>): number {
    this.forget('PAYMENT_REVERSED', disputeId)
    this.forget('REVERSED_AFTER_CLOSING', disputeId)
    const left = this.putIn(paymentId, Number(amountMinor))
    if (left > 0) this.tell('UNAPPLIED_FUNDS', paymentId)
    return Number(amountMinor) - left
  }

  decide({ disputeId }: Extract<Fact, { kind: 'disputeClosed' }>): void {
    this.disputes.delete(disputeId)
    this.forget('PAYMENT_DISPUTED', disputeId)
  }

  dismiss({ code, subjectId }: Extract<Command, { kind: 'dismissAttention' }>): void {
    this.forget(code, subjectId)
  }

  /** R20: what is below zero is owed from then on. */
  close(): void {
    this.isClosed = true
    this.receivable -= this.balance
    this.balance = 0
  }

  tellBelowZero(): void {
    if (this.balance < 0) this.tell('BELOW_ZERO', 'matter')
  }

  #note({ partId, refundId, amountMinor }: RefundPart, state: Part['state']): void {
    this.#parts.set(partId, { refundId, amount: Number(amountMinor), state })
  }

  #inFlight(isOne: (part: Part) => boolean): number {
    const open = [...this.#parts.values()].filter((part) => part.state === 'OPEN' && isOne(part))
    return open.reduce((sum, part) => sum + part.amount, 0)
  }
}
