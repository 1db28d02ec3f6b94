import type { PaymentInBooks, RefundPart, Refusal } from '../../src/domain/events.ts'
import { max, min } from '../../src/domain/money.ts'
import type { Decision, Entry, PaymentRow, Posting, RefundRow } from '../../src/domain/plan.ts'

export interface BookedPayment extends Pick<PaymentRow, 'id' | 'method' | 'amountMinor'> {
  version: number
  unappliedMinor: bigint
  refundedMinor: bigint
  reversedMinor: bigint
  /** Behind money that came by transfer: another matter is its home. */
  isElsewhere: boolean
}

export type BookedPart = RefundPart & { isOtherMeans: boolean; status: 'PLANNED' | 'TAKEN' | 'FAILED' }

const OF_ANOTHER_MATTER = { ofAnotherMatter: true }
export const ACCOUNT = 'acct'

/** A part as facts tell it. */
export function partOf(part: BookedPart): RefundPart {
  const { isOtherMeans: _, status: __, ...told } = part
  return told
}

/** What the ledger's commit does with a plan, in miniature: it alone knows payments, and so allocates refunds. */
export class Books {
  readonly postings: Posting[] = []
  readonly payments = new Map<string, BookedPayment>()
  readonly parts = new Map<string, BookedPart>()
  readonly #disputes = new Map<string, { paymentId: string; isOpen: boolean }>()

  /** Why the commit of `decision` would be refused. */
  refusal({ plan }: Decision): Refusal | undefined {
    if (plan.assignment) {
      const { paymentId, amountMinor } = plan.assignment
      if (this.payments.get(paymentId)?.unappliedMinor !== amountMinor) return { code: 'NotInUnappliedFunds' }
    }
    if (plan.transfer && plan.transfer.toMatterId !== 'sister') return { code: 'OtherClientsMatter' }
    if (!plan.refund) return undefined
    const refundableMinor = this.#shares(plan.refund).reduce((total, [, amountMinor]) => total + amountMinor, 0n)
    if (refundableMinor >= plan.refund.amountMinor) return undefined
    if (plan.refund.unappliedPaymentId) return { code: 'NotInUnappliedFunds' }
    return { code: 'AmountAboveRefundable', refundableMinor }
  }

  commit({ state, plan }: Decision): void {
    this.postings.push(...plan.postings)
    for (const { id, method, amountMinor } of plan.payments) this.#book(id, method, amountMinor, state.version)
    for (const { paymentId, changeMinor } of plan.unapplied) this.#change(paymentId, { unappliedMinor: changeMinor })
    if (plan.assignment) this.#assign(plan.assignment.paymentId, state.version)
    if (plan.refund) this.#refund(plan.refund)
    for (const { id, status } of plan.refundParts) this.#outcome(id, status)
    if (plan.refundFound) this.#found(plan.refundFound.providerRefundId, plan.refundFound)
    for (const { id, paymentId, status, withdrawnMinor, reinstatedMinor } of plan.disputes) {
      const isOpen = status ? status === 'OPEN' : (this.#disputes.get(id)?.isOpen ?? true)
      this.#disputes.set(id, { paymentId, isOpen })
      this.#change(paymentId, { reversedMinor: withdrawnMinor - reinstatedMinor })
    }
    if (plan.transfer) this.#transfer(plan.transfer.id, plan.transfer.amountMinor, 'OUT')
  }

  /** Another matter's commit has booked a transfer to this one. */
  transferIn(id: string, amountMinor: bigint): void {
    this.#transfer(id, amountMinor, 'IN')
    this.#book(`behind-${id}`, 'CARD', amountMinor, 0)
    this.#change(`behind-${id}`, { isElsewhere: true })
  }

  /** A payment arrived that no matter could take. */
  homeless(id: string, amountMinor: bigint): void {
    this.#book(id, 'CARD', amountMinor, 0)
    this.#change(id, { unappliedMinor: amountMinor })
    this.#post('UNAPPLIED_PAYMENT', `payment:${id}`, ['PAYMENTS_HOLDING', 'UNAPPLIED_FUNDS'], amountMinor)
  }

  /** Of a payment in unapplied funds, a part goes back to the client: by a refund of another matter, which ended long ago. */
  refundElsewhere(paymentId: string, amountMinor: bigint, refundId: string): void {
    const part = { refundId, partId: `${refundId}.1`, paymentId, amountMinor, providerAccount: ACCOUNT }
    this.parts.set(part.partId, { ...part, source: 'UNAPPLIED_FUNDS', isOtherMeans: false, status: 'TAKEN' })
    this.#change(paymentId, { unappliedMinor: -amountMinor, refundedMinor: amountMinor })
    this.#post('REFUND_TAKEN', `refund:${part.partId}:taken`, ['UNAPPLIED_FUNDS', 'PAYMENTS_HOLDING'], amountMinor)
  }

  /** That refund fails: the money is in unapplied funds again, whoever is the payment's home by now. */
  failElsewhere(refundId: string): void {
    const partId = `${refundId}.1`
    this.#outcome(partId, 'FAILED')
    const { paymentId, amountMinor } = this.parts.get(partId) as BookedPart
    this.#change(paymentId, { unappliedMinor: amountMinor })
    this.#post('REFUND_FAILED', `refund:${partId}:failed`, ['PAYMENTS_HOLDING', 'UNAPPLIED_FUNDS'], amountMinor)
  }

  /** A payment as the teller of facts reads it. */
  payment(paymentId: string): PaymentInBooks {
    const { version, unappliedMinor } = this.#payment(paymentId)
    return { paymentId, providerAccount: ACCOUNT, paymentVersion: version, unappliedMinor }
  }

  /** What an account holds, debits less credits. */
  balanceOf(account: Entry['account']): bigint {
    return this.postings
      .flatMap(({ entries }) => entries)
      .filter((entry) => entry.account === account && !('ofAnotherMatter' in entry))
      .reduce((total, { side, amountMinor }) => total + (side === 'DEBIT' ? amountMinor : -amountMinor), 0n)
  }

  /** What is owed on each invoice that is not paid in full. */
  openInvoices(): Map<string, bigint> {
    const owed = new Map<string, bigint>()
    for (const { side, amountMinor, invoiceId } of this.postings.flatMap(({ entries }) => entries)) {
      if (invoiceId === undefined) continue
      owed.set(invoiceId, (owed.get(invoiceId) ?? 0n) + (side === 'DEBIT' ? amountMinor : -amountMinor))
    }
    return new Map([...owed].filter(([, owedMinor]) => owedMinor !== 0n))
  }

  isDisputed = (paymentId: string): boolean =>
    [...this.#disputes.values()].some((dispute) => dispute.isOpen && dispute.paymentId === paymentId)

  /** Newest first: what of each payment a refund takes. */
  #shares({ amountMinor, unappliedPaymentId }: RefundRow): [BookedPayment, bigint][] {
    let restMinor = amountMinor
    return [...this.payments.values()].toReversed().flatMap((payment) => {
      const { id, refundedMinor, reversedMinor, unappliedMinor } = payment
      if (this.isDisputed(id) || (unappliedPaymentId && id !== unappliedPaymentId)) return []
      // Less than nothing where a refund came back after all of the payment was reversed.
      const leftMinor = max(0n, payment.amountMinor - refundedMinor - reversedMinor - unappliedMinor)
      const shareMinor = min(restMinor, unappliedPaymentId ? unappliedMinor : leftMinor)
      restMinor -= shareMinor
      return shareMinor > 0n ? [[payment, shareMinor] as [BookedPayment, bigint]] : []
    })
  }

  #refund(refund: RefundRow): void {
    const source = refund.unappliedPaymentId ? 'UNAPPLIED_FUNDS' : 'RETAINER'
    let onlineMinor = 0n
    for (const [at, [payment, amountMinor]] of this.#shares(refund).entries()) {
      const isOtherMeans = payment.method === 'OFFLINE'
      const partId = `${refund.id}.${at + 1}`
      const part = { refundId: refund.id, partId, paymentId: payment.id, amountMinor, providerAccount: ACCOUNT, source }
      this.parts.set(partId, { ...part, source, isOtherMeans, status: isOtherMeans ? 'TAKEN' : 'PLANNED' })
      if (!isOtherMeans) onlineMinor += amountMinor
      const outMinor = refund.unappliedPaymentId ? -amountMinor : 0n
      this.#change(payment.id, { refundedMinor: amountMinor, unappliedMinor: outMinor })
    }
    const otherMinor = refund.amountMinor - onlineMinor
    this.#post('REFUND_COMMANDED', `refund:${refund.id}`, [source, 'REFUNDS_IN_FLIGHT'], onlineMinor)
    this.#post('REFUND_BY_OTHER_MEANS', `refund:${refund.id}:other-means`, [source, 'OPERATING'], otherMinor)
  }

  #outcome(partId: string, status: 'TAKEN' | 'FAILED'): void {
    const part = this.parts.get(partId)
    if (!part) throw new Error(`no part ${partId}`)
    this.parts.set(partId, { ...part, status })
    if (status === 'FAILED') this.#change(part.paymentId, { refundedMinor: -part.amountMinor })
  }

  #found(refundId: string, { paymentId, amountMinor }: { paymentId: string; amountMinor: bigint }): void {
    const part = { refundId, partId: `${refundId}.1`, paymentId, amountMinor, providerAccount: ACCOUNT }
    this.parts.set(part.partId, { ...part, source: 'RETAINER', isOtherMeans: false, status: 'TAKEN' })
    this.#change(paymentId, { refundedMinor: amountMinor })
  }

  #assign(paymentId: string, version: number): void {
    this.payments.set(paymentId, { ...this.#payment(paymentId), version, unappliedMinor: 0n })
  }

  #transfer(id: string, amountMinor: bigint, direction: 'IN' | 'OUT'): void {
    const [out, into] = [direction === 'IN' ? OF_ANOTHER_MATTER : {}, direction === 'OUT' ? OF_ANOTHER_MATTER : {}]
    const entries: Entry[] = [
      { account: 'RETAINER', side: 'DEBIT', amountMinor, ...out },
      { account: 'RETAINER', side: 'CREDIT', amountMinor, ...into },
    ]
    this.postings.push({ key: `transfer:${id}`, kind: 'TRANSFER', entries })
  }

  #post(kind: Posting['kind'], key: string, [from, to]: [Entry['account'], Entry['account']], amountMinor: bigint) {
    if (amountMinor === 0n) return
    const entries: Entry[] = [
      { account: from, side: 'DEBIT', amountMinor },
      { account: to, side: 'CREDIT', amountMinor },
    ]
    this.postings.push({ key, kind, entries })
  }

  #book(id: string, method: BookedPayment['method'], amountMinor: bigint, version: number): void {
    const none = { unappliedMinor: 0n, refundedMinor: 0n, reversedMinor: 0n, isElsewhere: false }
    this.payments.set(id, { id, method, amountMinor, version, ...none })
  }

  #change(paymentId: string, by: Partial<BookedPayment>): void {
    const was = this.#payment(paymentId)
    const now = { ...was, isElsewhere: by.isElsewhere ?? was.isElsewhere }
    for (const name of ['unappliedMinor', 'refundedMinor', 'reversedMinor'] as const) {
      now[name] += by[name] ?? 0n
      if (now[name] < 0n) throw new Error(`${name} of ${paymentId} fell below zero`)
    }
    this.payments.set(paymentId, now)
  }

  #payment(paymentId: string): BookedPayment {
    const payment = this.payments.get(paymentId)
    if (!payment) throw new Error(`no payment ${paymentId}`)
    return payment
  }
}
