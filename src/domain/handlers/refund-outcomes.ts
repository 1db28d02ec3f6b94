import { credit, debit } from '../entries.ts'
import type { Fact, RefundPart } from '../events.ts'
import type { RefundPartRow } from '../plan.ts'
import type { AttentionCode, OpenRefund } from '../state.ts'
import type { Turn } from '../turn.ts'
import { putBack, takenBack, tellBelowZero, unappliedOf } from './places.ts'

/**
 * The courier has asked the provider for every part of a refund (R17). What an event told before, its outcome included, is
 * booked already. The client is told what comes, the firm what it must pay itself.
 */
export function refundSent(turn: Turn, fact: Extract<Fact, { kind: 'refundSent' }>): void {
  turn.dropEffect(fact.effectId)
  const { refundId, otherMeansMinor } = fact
  const refund = openRefund(turn, refundId)
  if (!refund) return turn.explain('R17', 'REFUND_KNOWN_ALREADY', { refundId })
  turn.clearAttention(({ code, subjectId }) => subjectId === refundId && UNTIL_SENT.has(code))
  const open = fact.parts.filter(({ partId }) => !refund.doneEarlyIds.includes(partId))
  keep(turn, {
    id: refundId,
    amountMinor: open.reduce((total, part) => total + part.amountMinor, 0n),
    partIds: open.map(({ partId }) => partId),
    doneEarlyIds: [],
  })
  for (const part of open) {
    if (part.status === 'TAKEN') bookTaken(turn, part)
    else if (part.status === 'REFUSED') bookFailed(turn, part, { wasTaken: false })
  }
  const accepted = fact.parts.filter(({ status }) => status !== 'REFUSED')
  turn.explain('R17', 'REFUND_SENT', {
    refundId,
    acceptedMinor: accepted.reduce((total, part) => total + part.amountMinor, 0n),
    otherMeansMinor,
  })
  if (accepted.length > 0 || otherMeansMinor > 0n) {
    turn.planEffect({ kind: 'MAIL', template: 'REFUND_NOTICE', subjectId: refundId })
  }
  if (otherMeansMinor > 0n) turn.raiseAttention('REFUND_BY_OTHER_MEANS', refundId, { mailFirm: true })
}

/** What is shown of a refund until the provider has answered for every part of it. */
const UNTIL_SENT = new Set<AttentionCode>(['REFUND_WAITS', 'REFUND_FATE_UNKNOWN'])

/** The provider does not make a refund now: the firm is told, and the courier goes on (R17). */
export function refundWaits(turn: Turn, { refundId }: Extract<Fact, { kind: 'refundWaits' }>): void {
  if (openRefund(turn, refundId)?.partIds !== null) return turn.explain('R17', 'REFUND_KNOWN_ALREADY', { refundId })
  turn.raiseAttention('REFUND_WAITS', refundId, { mailFirm: true })
  turn.explain('R17', 'REFUND_WAITS', { refundId })
}

/** The provider has moved the money of a part (R17). */
export function refundTaken(turn: Turn, fact: Extract<Fact, { kind: 'refundTaken' }>): void {
  if (!isOpen(turn, fact)) return turn.explain('R17', 'REFUND_KNOWN_ALREADY', { partId: fact.partId })
  bookTaken(turn, fact)
  turn.explain('R17', 'REFUND_TAKEN', { partId: fact.partId, amountMinor: fact.amountMinor })
}

/**
 * A part came back, or was never taken: the money is where it came from again, and the firm is told (R17). Of a part that is
 * done, a failure before it was taken says nothing new: the courier reported it as refused.
 */
export function refundFailed(turn: Turn, fact: Extract<Fact, { kind: 'refundFailed' }>): void {
  const { partId, wasTaken } = fact
  if (isOpen(turn, fact)) {
    if (wasTaken) bookTaken(turn, fact)
  } else if (!wasTaken) {
    return turn.explain('R17', 'REFUND_KNOWN_ALREADY', { partId })
  }
  bookFailed(turn, fact, { wasTaken })
}

/** The firm has refunded a payment at the provider, past this system: like a reversal it takes what is there, and more (R18). */
export function refundFound(turn: Turn, fact: Extract<Fact, { kind: 'refundFound' }>): void {
  const { providerRefundId, paymentId, amountMinor, providerAccount } = fact
  turn.post('REFUNDED_AT_PROVIDER', `refund:${providerRefundId}:found`, [
    ...takenBack(turn, fact, amountMinor),
    credit('PAYMENTS_HOLDING', amountMinor, { providerAccount }),
  ])
  turn.plan.refundFound = { providerRefundId, paymentId, amountMinor }
  turn.raiseAttention('REFUNDED_AT_PROVIDER', providerRefundId, { mailFirm: true })
  tellBelowZero(turn)
  const { balanceMinor } = turn.state
  turn.explain('R17', 'REFUNDED_AT_PROVIDER', { paymentId, amountMinor, balanceMinor })
}

function bookTaken(turn: Turn, part: RefundPart): void {
  const { partId, amountMinor, providerAccount } = part
  turn.post('REFUND_TAKEN', `refund:${partId}:taken`, [
    debit('REFUNDS_IN_FLIGHT', amountMinor),
    credit('PAYMENTS_HOLDING', amountMinor, { providerAccount }),
  ])
  finish(turn, part, 'TAKEN')
}

function bookFailed(turn: Turn, part: RefundPart, { wasTaken }: { wasTaken: boolean }): void {
  const { partId, paymentId, amountMinor, providerAccount, source } = part
  const places = putBack(turn, paymentId, amountMinor, source)
  turn.post('REFUND_FAILED', `refund:${partId}:failed`, [
    wasTaken ? debit('PAYMENTS_HOLDING', amountMinor, { providerAccount }) : debit('REFUNDS_IN_FLIGHT', amountMinor),
    ...places,
  ])
  finish(turn, part, 'FAILED')
  turn.raiseAttention('REFUND_FAILED', partId, { mailFirm: true })
  // Shown for as long as it lies there, which the failure by itself would not say.
  if (unappliedOf(places) > 0n) turn.raiseAttention('UNAPPLIED_FUNDS', paymentId, { mailFirm: true })
  turn.explain('R17', 'REFUND_FAILED', { partId, amountMinor, balanceMinor: turn.state.balanceMinor })
}

/** Takes a part out of what is on its way; the refund is done with its last part. */
function finish(turn: Turn, part: RefundPart, status: RefundPartRow['status']): void {
  const { partId, amountMinor } = part
  // One row a part: what is said of it last holds.
  turn.plan.refundParts = [...turn.plan.refundParts.filter(({ id }) => id !== partId), { id: partId, status }]
  const refund = openRefund(turn, part.refundId)
  if (!refund || !isOpen(turn, part)) return
  keep(turn, {
    ...refund,
    amountMinor: refund.amountMinor - amountMinor,
    ...(refund.partIds
      ? { partIds: refund.partIds.filter((id) => id !== partId) }
      : { doneEarlyIds: [...refund.doneEarlyIds, partId] }),
  })
}

function keep(turn: Turn, refund: OpenRefund): void {
  const isDone = refund.partIds?.length === 0
  turn.state.refunds = turn.state.refunds.flatMap((open) => {
    if (open.id !== refund.id) return [open]
    return isDone ? [] : [refund]
  })
}

const openRefund = (turn: Turn, refundId: string): OpenRefund | undefined =>
  turn.state.refunds.find(({ id }) => id === refundId)

/** Whether the outcome of a part is still to be booked. */
function isOpen(turn: Turn, { refundId, partId }: RefundPart): boolean {
  const refund = openRefund(turn, refundId)
  if (!refund) return false
  return refund.partIds ? refund.partIds.includes(partId) : !refund.doneEarlyIds.includes(partId)
}
