import type { Command, RefundPart, RefusalCode } from '../../src/domain/events.ts'
import { type CurrencyCode, toDecimalString } from '../../src/domain/money.ts'
import type { Effect } from '../../src/domain/state.ts'
import { partOf } from './books.ts'
import { type Changes, changed, usd } from './changes.ts'
import { DAY_MS, LivedMatter } from './lived-matter.ts'
import { toldMail } from './told-mail.ts'

type Outcome = 'ok' | RefusalCode

/** What people, the client, the provider and other matters do to a matter, in words. */
export class Story extends LivedMatter {
  // What people do.

  save(changes: Changes, currency: CurrencyCode = this.state.currency): Outcome {
    return this.#ask({ kind: 'saveOptions', currency, options: changed(this.state.options, changes) })
  }

  createOnline = (): Outcome => this.#ask({ kind: 'createOnline' })
  off = (): Outcome => this.#ask({ kind: 'turnReplenishmentOff' })
  withdraw = (): Outcome => this.#ask({ kind: 'withdrawRequest' })
  close = (): Outcome => this.#ask({ kind: 'closeMatter' })
  dismiss = (code: string, subjectId: string): Outcome => this.#ask({ kind: 'dismissAttention', code, subjectId })

  cheque(amount: string, paymentId = this.nextId('cheque-'), currency = this.state.currency): Outcome {
    return this.#ask({ kind: 'recordOfflinePayment', paymentId, currency, amountMinor: usd(amount) })
  }

  invoice(amount: string, invoiceId = this.nextId('invoice-'), currency = this.state.currency): Outcome {
    return this.#ask({ kind: 'recordInvoice', invoiceId, number: invoiceId, currency, amountMinor: usd(amount) })
  }

  apply(invoiceId: string, amount: string | null = null, applicationId = this.nextId('application-')): Outcome {
    const amountMinor = amount === null ? null : usd(amount)
    return this.#ask({ kind: 'applyRetainer', invoiceId, applicationId, amountMinor })
  }

  reverse(applicationId: string, invoiceId: string, amount: string): Outcome {
    return this.#ask({ kind: 'reverseApplication', applicationId, invoiceId, amountMinor: usd(amount) })
  }

  refund(amount: string | null = null, refundId = this.nextId('refund-')): Outcome {
    return this.#ask({ kind: 'refundRetainer', refundId, amountMinor: amount === null ? null : usd(amount) })
  }

  refundUnapplied(paymentId: string, amount: string, refundId = this.nextId('refund-')): Outcome {
    return this.#ask({ kind: 'refundUnappliedFunds', refundId, paymentId, amountMinor: usd(amount) })
  }

  transfer(amount: string, toMatterId = 'sister', transferId = this.nextId('transfer-')): Outcome {
    return this.#ask({ kind: 'transferRetainer', transferId, toMatterId, amountMinor: usd(amount) })
  }

  assign(paymentId: string, amount: string): Outcome {
    const { currency } = this.state
    return this.#ask({ kind: 'assignUnappliedFunds', paymentId, currency, amountMinor: usd(amount) })
  }

  // What other matters and the world at large do.

  /** The sister matter's commit books a transfer to this one; its workflow is yet to hear of it. */
  transferIn(amount: string, transferId = this.nextId('transfer-')): string {
    const amountMinor = usd(amount)
    this.books.transferIn(transferId, amountMinor)
    const { version, balanceMinor, arrivals } = this.state
    const arrival = { transferId, fromMatterId: 'sister', amountMinor }
    this.state = {
      ...this.state,
      version: version + 1,
      balanceMinor: balanceMinor + amountMinor,
      arrivals: [...arrivals, arrival],
    }
    return transferId
  }

  arrives(transferId = this.transferIn('100')): void {
    this.take({ kind: 'transferArrived', transferId })
  }

  // What the client and the provider do.

  /** The client presses Pay on the page of the request last known. */
  openPayment(amount: string | null = null, attemptId = this.nextId('attempt-')): Outcome {
    const amountMinor = amount === null ? null : usd(amount)
    return this.#ask({ kind: 'openPayment', attemptId, requestId: this.lastRequestId ?? 'none', amountMinor })
  }

  /** The provider made the page that an opened payment asked for. */
  sessionOpens(attemptId: string): void {
    const effect = this.state.effects.find((open) => open.kind === 'OPEN_SESSION' && open.attemptId === attemptId)
    this.take({ kind: 'sessionOpened', effectId: effect?.id ?? 'none', attemptId, sessionId: `session-${attemptId}` })
  }

  /** A payment through the link of the open request, or of the last one, settles. */
  pays(
    amount: string,
    paymentId = this.nextId('payment-'),
    requestId = this.lastRequestId,
    attemptId: string | null = null,
    method: 'CARD' | 'BANK_DEBIT' = 'CARD',
  ): void {
    const amountMinor = usd(amount)
    this.take({
      kind: 'paymentSettled',
      paymentId,
      amountMinor,
      providerAccount: 'acct',
      requestId,
      attemptId,
      method,
      feeMinor: null,
    })
  }

  debit(amount: string, paymentId: string): void {
    this.take({ kind: 'paymentPending', paymentId, amountMinor: usd(amount), attemptId: null })
  }

  debitSettles(paymentId: string): void {
    const pending = this.state.pending.find((payment) => payment.paymentId === paymentId)
    if (!pending) throw new Error(`no pending debit ${paymentId}`)
    this.pays(toDecimalString(pending.amountMinor, 'USD'), paymentId, this.lastRequestId, null, 'BANK_DEBIT')
  }

  debitFails(paymentId: string): void {
    this.take({ kind: 'paymentFailed', paymentId, attemptId: null })
  }

  /** The courier reports what the provider said to each part: `IN_FLIGHT` unless told otherwise. */
  refundSent(refundId: string, statuses: Record<string, 'TAKEN' | 'REFUSED'> = {}): void {
    const parts = [...this.books.parts.values()].filter((part) => part.refundId === refundId)
    const online = parts.filter(({ isOtherMeans }) => !isOtherMeans)
    const effect = this.state.effects.find((open) => open.kind === 'REFUND' && open.refundId === refundId)
    this.take({
      kind: 'refundSent',
      effectId: effect?.id ?? 'none',
      refundId,
      parts: online.map((part) => ({ ...partOf(part), status: statuses[part.partId] ?? 'IN_FLIGHT' })),
      otherMeansMinor: parts.reduce((total, part) => total + (part.isOtherMeans ? part.amountMinor : 0n), 0n),
    })
  }

  refundWaits(refundId: string): void {
    this.take({ kind: 'refundWaits', refundId })
  }

  refundTaken(partId: string): void {
    this.take({ kind: 'refundTaken', ...this.#part(partId) })
  }

  refundFails(partId: string, { wasTaken }: { wasTaken: boolean }): void {
    this.take({ kind: 'refundFailed', ...this.#part(partId), wasTaken })
  }

  refundFound(paymentId: string, amount: string, providerRefundId = this.nextId('re_')): void {
    this.take({
      kind: 'refundFound',
      providerRefundId,
      amountMinor: usd(amount),
      ...this.books.payment(paymentId),
    })
  }

  disputed(paymentId: string, amount: string, disputeId: string, deadlineMs: number | null = 99): void {
    const payment = this.books.payment(paymentId)
    this.take({ kind: 'disputeOpened', disputeId, amountMinor: usd(amount), deadlineMs, ...payment })
  }

  disputeDue(paymentId: string, disputeId: string, deadlineMs: number): void {
    this.take({ kind: 'disputeDue', disputeId, paymentId, deadlineMs })
  }

  reversed(paymentId: string, amount: string, disputeId: string): void {
    const payment = this.books.payment(paymentId)
    this.take({ kind: 'paymentReversed', disputeId, amountMinor: usd(amount), ...payment })
  }

  won(paymentId: string, amount: string, disputeId: string): void {
    const payment = this.books.payment(paymentId)
    this.take({ kind: 'reversalWon', disputeId, amountMinor: usd(amount), ...payment })
  }

  disputeCloses(paymentId: string, disputeId: string, outcome: 'WON' | 'LOST'): void {
    this.take({ kind: 'disputeClosed', disputeId, paymentId, outcome })
  }

  /** Lets days pass; reminders whose day comes fire at their instant. */
  waitDays(days: number): void {
    const untilMs = this.atMs + days * DAY_MS
    for (let next = this.state.reminders[0]; next && next.atMs <= untilMs; next = this.state.reminders[0]) {
      this.atMs = next.atMs
      this.take({ kind: 'reminderDue', nth: next.nth, dueAtMs: next.atMs })
    }
    this.atMs = untilMs
  }

  /** The courier comes by: mails are sent and sessions expired. */
  carry(): void {
    this.state = { ...this.state, effects: this.state.effects.filter(isCarriedByATest) }
  }

  /** Carries every queued mail and tells them, with the amount each would show: `REQUEST 1000.00`, `REMINDER 2 100.00`. */
  mails(): string[] {
    const carried = this.state.effects.filter((effect) => effect.kind === 'MAIL')
    this.state = { ...this.state, effects: this.state.effects.filter((effect) => effect.kind !== 'MAIL') }
    return carried.map((mail) => toldMail(mail, this.due, this.state.currency))
  }

  #ask(command: Command): Outcome {
    const answer = this.take(command)
    return answer.ok ? 'ok' : answer.refusal.code
  }

  #part(partId: string): RefundPart {
    const part = this.books.parts.get(partId)
    if (!part) throw new Error(`no part ${partId}`)
    return partOf(part)
  }
}

/** What comes of these the story tells itself. */
const isCarriedByATest = ({ kind }: Effect): boolean => kind === 'OPEN_SESSION' || kind === 'REFUND'

/** A matter whose retainer is enabled with `changes`. */
export function enabled(changes: Changes = {}): Story {
  const story = new Story()
  story.save({ enabled: true, ...changes })
  return story
}

/** A matter whose initial amount was requested and paid by card, then saved with `changes`; its mails are out of the way. */
export function paidUp(initial: string, changes: Changes = {}): Story {
  return paidUpBy('payment-1', initial, changes)
}

/** As `paidUp`, with a name for the payment. */
export function paidUpBy(paymentId: string, initial: string, changes: Changes = {}): Story {
  const story = enabled({ initial })
  story.createOnline()
  story.pays(initial, paymentId)
  story.save(changes)
  story.mails()
  return story
}
