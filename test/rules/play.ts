import { amountsOf } from '../../src/domain/amounts.ts'
import type { Command, Fact } from '../../src/domain/events.ts'
import type { RetainerState } from '../../src/domain/state.ts'
import { ACCOUNT } from './books.ts'
import type { Move } from './lives.ts'
import { BooksPlayer } from './play-books.ts'
import type { Story } from './story.ts'

const shareOf = (due: bigint, share: 'due' | 'nearly'): bigint => {
  if (due <= 1n) return 100n
  return share === 'due' ? due : due - 1n
}

const invoicedOf = (state: RetainerState, { invoiced }: Move): bigint => {
  if (invoiced !== 'to the minimum') return invoiced
  const spare = state.balanceMinor - state.options.replenishment.minimumBalanceMinor
  return spare > 0n ? spare : 1000n
}

/** Turns moves into events that fit what the matter has at that moment. */
export class Player {
  readonly #story: Story
  readonly #books: BooksPlayer
  #applications: { applicationId: string; invoiceId: string; amountMinor: bigint }[] = []

  constructor(story: Story) {
    this.#story = story
    this.#books = new BooksPlayer(story)
  }

  /** The event of `move`, or null when there is nothing that it could happen to. */
  event(move: Move): Command | Fact | null {
    const story = this.#story
    const { state } = story
    const pick = <T>(items: readonly T[]): T | undefined => items[move.pick % Math.max(1, items.length)]
    const due = amountsOf(state).dueMinor
    const amountMinor = typeof move.paid === 'bigint' ? move.paid : shareOf(due, move.paid)
    const optional = move.pick > 6 ? null : amountMinor
    const attempt = pick(state.attempts)
    const debit = pick(state.pending)
    const effect = pick(state.effects)
    const attemptId = attempt?.id ?? null
    const requestId = state.openRequest?.id ?? 'matter-r1'
    const paid = {
      paymentId: story.nextId('payment-'),
      amountMinor,
      providerAccount: ACCOUNT,
      attemptId,
      method: move.pick > 7 ? ('BANK_DEBIT' as const) : ('CARD' as const),
      feeMinor: null,
    }
    const { currency } = state
    switch (move.what) {
      case 'save': {
        // Often the initial amount is left as it is, or a locked matter would refuse nearly every save.
        const kept = move.pick < 7 ? { initialAmountMinor: state.options.initialAmountMinor } : {}
        return { kind: 'saveOptions', currency, options: { ...move.options, ...kept } }
      }
      case 'createOnline':
        return { kind: 'createOnline' }
      case 'turnOff':
        return { kind: 'turnReplenishmentOff' }
      case 'withdraw':
        return { kind: 'withdrawRequest' }
      case 'openPayment':
        return {
          kind: 'openPayment',
          attemptId: story.nextId('attempt-'),
          requestId,
          amountMinor: move.pick === 0 ? 100_000_000n : optional,
        }
      case 'pay':
        return { kind: 'paymentSettled', ...paid, requestId }
      case 'payOldLink':
        return { kind: 'paymentSettled', ...paid, requestId: move.pick > 5 ? null : 'matter-r1' }
      case 'cheque':
        return { kind: 'recordOfflinePayment', paymentId: paid.paymentId, currency, amountMinor }
      case 'debit':
        // Now and then one that is known already is told again.
        if (move.pick === 0 && debit) return { kind: 'paymentPending', ...debit, attemptId }
        return { kind: 'paymentPending', paymentId: paid.paymentId, amountMinor, attemptId }
      case 'debitSettles':
        if (!debit) return null
        return { kind: 'paymentSettled', ...paid, ...debit, method: 'BANK_DEBIT', requestId }
      case 'debitFails':
        return { kind: 'paymentFailed', paymentId: debit?.paymentId ?? 'declined', attemptId }
      case 'invoice': {
        const invoiceId = story.nextId('invoice-')
        return { kind: 'recordInvoice', invoiceId, number: invoiceId, currency, amountMinor: invoicedOf(state, move) }
      }
      case 'apply': {
        const invoiceId = pick([...story.books.openInvoices().keys()]) ?? 'unknown'
        return { kind: 'applyRetainer', invoiceId, applicationId: story.nextId('application-'), amountMinor: optional }
      }
      case 'reverse': {
        const application = pick(this.#applications)
        return application ? { kind: 'reverseApplication', ...application } : null
      }
      case 'reminder': {
        const [next] = state.reminders
        if (!next) return null
        story.atMs = Math.max(story.atMs, next.atMs)
        return { kind: 'reminderDue', nth: next.nth, dueAtMs: next.atMs }
      }
      case 'unknownReminder':
        return { kind: 'reminderDue', nth: 9, dueAtMs: 9 }
      case 'sessionOpens': {
        const opening = state.effects.find((open) => open.kind === 'OPEN_SESSION')
        if (opening?.kind !== 'OPEN_SESSION') return null
        const { id, attemptId: opened } = opening
        return { kind: 'sessionOpened', effectId: id, attemptId: opened, sessionId: `session-${opened}` }
      }
      case 'sessionEnds':
        return attemptId ? { kind: 'sessionEnded', attemptId } : null
      case 'effectFails':
        if (!effect) return null
        return { kind: 'effectFailed', effectId: effect.id, reason: move.pick > 4 ? 'REFUSED' : 'FATE_UNKNOWN' }
      case 'bounce':
        return { kind: 'mailBounced', mailId: `mail-${move.pick}`, recipient: move.pick > 4 ? 'CLIENT' : 'FIRM' }
      case 'dismiss': {
        const attention = pick(state.attention)
        const { code, subjectId } = attention ?? { code: 'MAIL_BOUNCED', subjectId: 'unknown' }
        return { kind: 'dismissAttention', code, subjectId }
      }
      case 'close':
        return move.pick === 0 || (state.balanceMinor < 0n && move.pick < 6) ? { kind: 'closeMatter' } : null
      case 'carry':
        story.carry()
        return null
      default:
        return this.#books.event(move.what, move, amountMinor)
    }
  }

  /** As `BooksPlayer`. */
  comesBack = (): { paymentId: string; amountMinor: bigint } | undefined => this.#books.comesBack()

  /** Learns from the books which applications there are, as `reverseApplication` does. */
  remember(): void {
    for (const { kind, key, entries } of this.#story.last.plan.postings) {
      const [, second] = entries
      if (kind === 'INVOICE_PAID' && second) {
        const applicationId = key.replace('application:', '')
        this.#applications.push({ applicationId, invoiceId: second.invoiceId ?? '', amountMinor: second.amountMinor })
      } else if (kind === 'APPLICATION_REVERSED') {
        this.#applications = this.#applications.filter(
          ({ applicationId }) => key !== `application-reversal:${applicationId}`,
        )
      }
    }
  }
}
