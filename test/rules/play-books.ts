import type { Command, Fact, SentPart } from '../../src/domain/events.ts'
import { min } from '../../src/domain/money.ts'
import { type BookedPart, partOf } from './books.ts'
import type { Move } from './lives.ts'
import type { Story } from './story.ts'

interface Dispute {
  id: string
  paymentId: string
  amountMinor: bigint
  stage: 'OPEN' | 'WITHDRAWN' | 'REINSTATED' | 'CLOSED'
}

/** Moves of money that goes back, is disputed, moves between matters or lies in unapplied funds. */
export const BOOK_MOVES = [
  ...(['refund', 'refund', 'refundUnapplied', 'refundSent', 'refundSent', 'refundWaits', 'refundTaken'] as const),
  ...([
    'refundFailed',
    'refundFound',
    'dispute',
    'dispute',
    'disputeDue',
    'takeBack',
    'takeBack',
    'reinstate',
    'decideDispute',
    'decideDispute',
  ] as const),
  ...(['transferOut', 'transferIn', 'transferArrived', 'assign', 'assign', 'comesBack', 'comesBack'] as const),
] as const

/** The provider, the client's bank and the sister matter in random play. */
export class BooksPlayer {
  readonly #story: Story
  /** What the provider made of the parts it was asked for. */
  readonly #made = new Map<string, 'IN_FLIGHT' | 'TAKEN' | 'REFUSED' | 'RETURNED'>()
  readonly #disputes: Dispute[] = []
  readonly #sent = new Set<string>()
  /** Refunds that another matter made of what this one is now the home of. */
  readonly #elsewhere: string[] = []

  constructor(story: Story) {
    this.#story = story
  }

  /** The event of `move`, or null when there is nothing that it could happen to. */
  event(what: (typeof BOOK_MOVES)[number], move: Move, amountMinor: bigint): Command | Fact | null {
    const story = this.#story
    const pick = <T>(items: readonly T[]): T | undefined => items[move.pick % Math.max(1, items.length)]
    const payments = [...story.books.payments.values()]
    const ours = payments.filter(({ method, isElsewhere }) => method !== 'OFFLINE' && !isElsewhere)
    switch (what) {
      case 'refund':
        return {
          kind: 'refundRetainer',
          refundId: story.nextId('refund-'),
          amountMinor: move.pick > 4 ? null : move.pick === 0 ? 0n : amountMinor,
        }
      case 'refundUnapplied': {
        const { id, unappliedMinor } = pick(payments.filter((payment) => payment.unappliedMinor > 0n)) ?? {}
        return {
          kind: 'refundUnappliedFunds',
          refundId: story.nextId('refund-'),
          paymentId: id ?? 'none',
          amountMinor: move.pick > 4 ? (unappliedMinor ?? 1n) : amountMinor,
        }
      }
      case 'refundSent': {
        const refund = pick(story.state.refunds.filter(({ id }) => !this.#sent.has(id)))
        return refund ? this.#send(refund.id, move) : null
      }
      case 'refundWaits':
        return { kind: 'refundWaits', refundId: pick(story.state.refunds)?.id ?? 'done already' }
      case 'refundTaken': {
        const part = pick(this.#parts((made) => made === undefined || made === 'IN_FLIGHT' || made === 'TAKEN'))
        if (!part) return null
        this.#made.set(part.partId, 'TAKEN')
        return { kind: 'refundTaken', ...partOf(part) }
      }
      case 'refundFailed': {
        const part = pick(this.#parts((made) => made !== 'REFUSED' && made !== 'RETURNED'))
        if (!part) return null
        const wasTaken = this.#made.get(part.partId) === 'TAKEN' || move.pick > 5
        this.#made.set(part.partId, 'RETURNED')
        return { kind: 'refundFailed', ...partOf(part), wasTaken }
      }
      case 'refundFound': {
        const payment = pick(ours)
        if (!payment || move.pick > 3) return null
        const leftMinor = payment.amountMinor - payment.refundedMinor - payment.reversedMinor
        if (leftMinor <= 0n) return null
        const providerRefundId = story.nextId('re_')
        this.#made.set(`${providerRefundId}.1`, 'TAKEN')
        const found = { providerRefundId, amountMinor: min(leftMinor, amountMinor) }
        return { kind: 'refundFound', ...found, ...story.books.payment(payment.id) }
      }
      case 'dispute': {
        const payment = pick(ours.filter(({ id }) => !story.books.isDisputed(id)))
        if (!payment || payment.amountMinor <= payment.reversedMinor) return null
        const disputedMinor = min(payment.amountMinor - payment.reversedMinor, amountMinor)
        const id = story.nextId('dispute-')
        this.#disputes.push({ id, paymentId: payment.id, amountMinor: disputedMinor, stage: 'OPEN' })
        const deadlineMs = move.pick > 6 ? null : story.atMs
        const booked = story.books.payment(payment.id)
        return { kind: 'disputeOpened', disputeId: id, amountMinor: disputedMinor, deadlineMs, ...booked }
      }
      case 'disputeDue': {
        const dispute = pick(this.#disputes)
        if (!dispute) return null
        // Now and then the deadline that it has.
        const known = story.state.disputes.find(({ id }) => id === dispute.id)?.deadlineMs
        const deadlineMs = move.pick > 7 && known ? known : story.atMs
        return { kind: 'disputeDue', disputeId: dispute.id, paymentId: dispute.paymentId, deadlineMs }
      }
      case 'takeBack':
        return this.#advance(pick(this.#in('OPEN')), 'WITHDRAWN', 'paymentReversed')
      case 'reinstate':
        return this.#advance(pick(this.#in('WITHDRAWN')), 'REINSTATED', 'reversalWon')
      case 'decideDispute': {
        const dispute = pick(this.#disputes.filter(({ stage }) => stage !== 'CLOSED'))
        if (!dispute) return null
        const outcome = dispute.stage === 'WITHDRAWN' ? 'LOST' : 'WON'
        dispute.stage = 'CLOSED'
        return { kind: 'disputeClosed', disputeId: dispute.id, paymentId: dispute.paymentId, outcome }
      }
      case 'transferOut': {
        const toMatterId = move.pick === 0 ? 'matter' : move.pick === 1 ? 'stranger' : 'sister'
        return { kind: 'transferRetainer', transferId: story.nextId('transfer-'), toMatterId, amountMinor }
      }
      case 'transferArrived': {
        const transferId = pick(story.state.arrivals)?.transferId ?? 'counted already'
        return { kind: 'transferArrived', transferId }
      }
      case 'assign': {
        const { currency, lifecycle } = story.state
        const there = pick(payments.filter(({ unappliedMinor }) => unappliedMinor > 0n))
        if (there && (lifecycle === 'CLOSED' || move.pick > 6)) {
          const { id, unappliedMinor } = there
          return { kind: 'assignUnappliedFunds', paymentId: id, currency, amountMinor: unappliedMinor }
        }
        const paymentId = story.nextId('homeless-')
        if (move.pick > 1 && lifecycle === 'OPEN') this.#homeless(paymentId, amountMinor, move)
        return { kind: 'assignUnappliedFunds', paymentId, currency, amountMinor }
      }
      case 'transferIn':
      case 'comesBack':
        return null
    }
  }

  /** A refund made elsewhere fails: what of which payment is in unapplied funds again, without a word to this matter. */
  comesBack(): { paymentId: string; amountMinor: bigint } | undefined {
    const refundId = this.#elsewhere.shift()
    if (refundId === undefined) return undefined
    this.#story.books.failElsewhere(refundId)
    return this.#story.books.parts.get(`${refundId}.1`)
  }

  /** A payment with `amountMinor` to assign; now and then another matter has sent some of it back before. */
  #homeless(paymentId: string, amountMinor: bigint, { pick }: Move): void {
    const { books } = this.#story
    const sentBackMinor = pick % 2 === 0 ? BigInt(pick) * 100n : 0n
    books.homeless(paymentId, amountMinor + sentBackMinor)
    if (sentBackMinor === 0n) return
    const refundId = this.#story.nextId('elsewhere-')
    books.refundElsewhere(paymentId, sentBackMinor, refundId)
    this.#made.set(`${refundId}.1`, 'RETURNED')
    this.#elsewhere.push(refundId)
  }

  #send(refundId: string, move: Move): Fact {
    this.#sent.add(refundId)
    const parts = [...this.#story.books.parts.values()].filter((part) => part.refundId === refundId)
    const sent = parts.filter(({ isOtherMeans }) => !isOtherMeans).map((part, at) => this.#ask(part, move.pick + at))
    const effect = this.#story.state.effects.find((open) => open.kind === 'REFUND' && open.refundId === refundId)
    const otherMeansMinor = parts.reduce((sum, part) => sum + (part.isOtherMeans ? part.amountMinor : 0n), 0n)
    return { kind: 'refundSent', effectId: effect?.id ?? 'none', refundId, parts: sent, otherMeansMinor }
  }

  /** The courier's call: the provider's answer may be older than what its events have told. */
  #ask(part: BookedPart, pick: number): SentPart {
    const made = this.#made.get(part.partId)
    const status = made === undefined ? (['IN_FLIGHT', 'TAKEN', 'REFUSED'] as const)[pick % 3] : undefined
    if (status) this.#made.set(part.partId, status)
    const told = status ?? (made === 'TAKEN' && pick % 2 === 0 ? 'TAKEN' : 'IN_FLIGHT')
    return { ...partOf(part), status: told }
  }

  #advance(dispute: Dispute | undefined, stage: Dispute['stage'], kind: 'paymentReversed' | 'reversalWon') {
    if (!dispute) return null
    dispute.stage = stage
    const { id: disputeId, paymentId, amountMinor } = dispute
    return { kind, disputeId, amountMinor, ...this.#story.books.payment(paymentId) }
  }

  #in = (stage: Dispute['stage']): Dispute[] => this.#disputes.filter((dispute) => dispute.stage === stage)

  #parts = (isOne: (made: string | undefined) => boolean): BookedPart[] =>
    [...this.#story.books.parts.values()].filter(
      ({ isOtherMeans, partId }) => !isOtherMeans && isOne(this.#made.get(partId)),
    )
}
