import type { Command, Fact } from '../../src/domain/events.ts'
import { ModelFigures } from './model-figures.ts'
import { refusalsOf } from './model-refusals.ts'

/** What the model says about one event. */
interface Expected {
  /** Empty when the event is taken; else the names under which it may be refused. */
  refusals: string[]
  /** Templates of the mails planned, in any order. */
  mails: string[]
}

const SERIES_DAYS = [7, 14, 28]
const DAY_MS = 24 * 60 * 60 * 1000

/** The rules once more: what happens to the log, and who is mailed. */
export class Model extends ModelFigures {
  #mails: string[] = []

  /** Takes `event` and foretells what the domain makes of it. */
  take(event: Command | Fact, atMs: number): Expected {
    const refusals = refusalsOf(this, event)
    this.#mails = []
    const toldBefore = this.books.told
    if (refusals.length === 0) {
      const dueBefore = this.due()
      const openBefore = this.open
      const frozenBefore = this.frozen
      this.#happen(event, atMs)
      this.wasReceived ||= this.received > 0
      if (this.open && this.due(false) === 0) this.#endRequest()
      const restated = this.open && this.open === openBefore && this.due() > dueBefore
      const onAgain = frozenBefore !== null && this.frozen === null
      const neverSentAgain = this.frozen !== null && this.live() === 0
      if (restated && !onAgain && !neverSentAgain) this.#startReminders(atMs)
      if (this.balance >= 0 && this.books.receivable === 0) this.books.forget('BELOW_ZERO', 'matter')
      const done = this.balance <= 0 && this.pending === 0 && this.books.isDone
      if (this.lifecycle === 'CLOSING' && done) {
        this.lifecycle = 'CLOSED'
        this.books.close()
      }
    }
    for (let told = toldBefore; told < this.books.told; told += 1) this.#mails.push('NEEDS_ATTENTION')
    return { refusals, mails: this.#mails }
  }

  /** R19: a transfer counts from the moment the other matter's commit booked it, whenever this one hears of it. */
  arrive(transferId: string, amount: number): void {
    this.log.push({ what: 'settled', paymentId: transferId, amount })
    this.books.balance += amount
    this.wasReceived ||= this.received > 0
    if (this.open && this.due(false) === 0) this.#endRequest()
  }

  #happen(event: Command | Fact, atMs: number): void {
    switch (event.kind) {
      case 'saveOptions':
        return this.#save(event.options)
      case 'createOnline':
        return this.#send(atMs)
      case 'turnReplenishmentOff':
        return this.#turnOff()
      case 'withdrawRequest':
        return this.#endRequest()
      case 'closeMatter':
        this.lifecycle = 'CLOSING'
        return this.#endRequest()
      case 'recordOfflinePayment':
        return this.#deposit(event.paymentId, Number(event.amountMinor))
      case 'recordInvoice': {
        const amount = Number(event.amountMinor)
        const coverable = this.balance >= amount
        const paid = this.enabled && this.automatic ? Math.min(this.available, amount) : 0
        this.#owe(event.invoiceId, amount - paid)
        this.books.balance -= paid
        if (paid > 0 || !coverable) this.#topUp(atMs)
        return
      }
      case 'applyRetainer': {
        const rest = this.invoices.get(event.invoiceId) ?? 0
        const amount = event.amountMinor === null ? Math.min(rest, this.available) : Number(event.amountMinor)
        this.#owe(event.invoiceId, rest - amount)
        this.books.balance -= amount
        return this.#topUp(atMs)
      }
      case 'reverseApplication':
        this.books.balance += Number(event.amountMinor)
        return this.#owe(event.invoiceId, (this.invoices.get(event.invoiceId) ?? 0) + Number(event.amountMinor))
      case 'paymentPending':
        return this.#debitBegins(event.paymentId, Number(event.amountMinor))
      case 'paymentFailed':
        if (this.#debitEnds(event.paymentId)) this.#topUp(atMs)
        return
      case 'paymentSettled': {
        this.#debitEnds(event.paymentId)
        const expected = this.enabled && this.open && event.requestId === `matter-r${this.open.number}`
        if (this.lifecycle === 'CLOSED') {
          this.books.putIn(event.paymentId, Number(event.amountMinor))
          return this.books.tell('UNAPPLIED_FUNDS', event.paymentId)
        }
        if (!expected) this.books.tell('PAYMENT_AFTER_REQUEST_ENDED', event.paymentId)
        return this.#deposit(event.paymentId, Number(event.amountMinor))
      }
      case 'assignUnappliedFunds':
        this.books.unapplied.delete(event.paymentId)
        return this.#deposit(event.paymentId, Number(event.amountMinor))
      case 'refundRetainer':
        return this.books.reserve(event, event.amountMinor === null ? this.available : Number(event.amountMinor))
      case 'refundUnappliedFunds':
        return this.books.reserve(event, Number(event.amountMinor), event.paymentId)
      case 'refundSent':
        if (this.books.sent(event)) this.#mails.push('REFUND_NOTICE')
        return
      case 'refundWaits':
        return this.books.waits(event)
      case 'refundTaken':
        return this.books.taken(event)
      case 'refundFailed':
        return this.books.failed(event, event.wasTaken)
      case 'refundFound':
        return this.books.found(event)
      case 'disputeOpened':
        return this.books.dispute(event)
      case 'disputeDue':
        return this.books.due(event)
      case 'paymentReversed': {
        const taken = this.books.reverse(event)
        this.#reverse(event.paymentId, taken)
        if (taken > 0) this.#topUp(atMs)
        return
      }
      case 'reversalWon':
        return this.#reverse(event.paymentId, -this.books.win(event))
      case 'disputeClosed':
        return this.books.decide(event)
      case 'transferRetainer':
        this.books.balance -= Number(event.amountMinor)
        return this.#topUp(atMs)
      case 'dismissAttention':
        return this.books.dismiss(event)
      case 'reminderDue':
        if (this.reminders.some((reminder) => reminder.nth === event.nth) && this.live() > 0)
          this.#mails.push('REMINDER')
        this.reminders = this.reminders.filter((reminder) => reminder.nth !== event.nth)
        return
      case 'openPayment':
      case 'transferArrived':
      case 'sessionOpened':
      case 'sessionEnded':
      case 'effectFailed':
      case 'mailBounced':
        return
    }
  }

  #save(options: Extract<Command, { kind: 'saveOptions' }>['options']): void {
    const initial = Number(options.initialAmountMinor ?? 0n)
    if (this.initial === 0 && initial > 0) this.log.push({ what: 'initialSetFromEmpty' })
    this.initial = initial
    const wasOn = this.replenishing
    const isOn = options.replenishment.enabled
    if (this.enabled && !options.enabled) this.#endRequest()
    else if (wasOn && !isOn) this.#turnOff()
    if (!wasOn && isOn) this.frozen = null
    this.enabled = options.enabled
    this.automatic = options.payNewInvoices === 'AUTOMATIC'
    this.replenishing = isOn
    this.minimum = Number(options.replenishment.minimumBalanceMinor)
    this.trigger = Number(options.replenishment.topUpTriggerMinor)
  }

  /** R10. */
  #turnOff(): void {
    if (!this.replenishing) return
    if (this.open && this.initialRemaining() === 0) {
      this.frozen = { base: this.due(false), from: this.log.length }
      this.reminders = []
    }
    this.replenishing = false
  }

  /** R7. */
  #topUp(atMs: number): void {
    const triggered = this.balance + this.pending <= this.trigger && this.balance + this.pending < this.minimum
    if (!this.asks || !this.replenishing || !triggered || this.open) return
    this.#send(atMs)
    this.#mails.push('TOP_UP_COPY')
  }

  /** R5. */
  #send(atMs: number): void {
    if (!this.open) {
      this.opened += 1
      this.open = { number: this.opened, receivedFrom: this.log.length }
    }
    this.#mails.push('REQUEST')
    this.#startReminders(atMs)
  }

  /** R9. */
  #startReminders(atMs: number): void {
    this.reminders = SERIES_DAYS.map((days, at) => ({ nth: at + 1, atMs: atMs + days * DAY_MS }))
  }

  #endRequest(): void {
    this.open = null
    this.frozen = null
    this.reminders = []
  }

  #deposit(paymentId: string, amount: number): void {
    if (this.lifecycle === 'CLOSED') return this.books.payOff(paymentId, amount)
    this.log.push({ what: 'settled', paymentId, amount })
    this.books.balance += amount
    this.#mails.push('RECEIPT', 'PAYMENT_RECEIVED')
  }

  /** Once closed nothing is asked for, and nothing counts or stops counting. */
  #reverse(paymentId: string, amount: number): void {
    if (this.lifecycle !== 'CLOSED') this.log.push({ what: 'reversed', paymentId, amount })
  }

  #debitBegins(paymentId: string, amount: number): void {
    const known = this.log.some((entry) => entry.what === 'pending' && entry.paymentId === paymentId)
    if (!known) this.log.push({ what: 'pending', paymentId, amount })
  }

  /** Strikes the debit from the log, leaving its place, so that the places of the others stand. */
  #debitEnds(paymentId: string): boolean {
    const at = this.log.findIndex((entry) => entry.what === 'pending' && entry.paymentId === paymentId)
    if (at < 0) return false
    this.log[at] = { what: 'pending', paymentId: '', amount: 0 }
    return true
  }

  #owe(invoiceId: string, rest: number): void {
    if (rest > 0) this.invoices.set(invoiceId, rest)
    else this.invoices.delete(invoiceId)
  }
}
