import { amountsOf } from '../amounts.ts'
import type { Command, Refusal } from '../events.ts'
import { chargeLimits } from '../money.ts'
import type { Turn } from '../turn.ts'
import { notPositive } from './not-positive.ts'

/**
 * Reserves unused money to be sent back (R17). Which payments it goes back to only the books know: the commit finds them, books
 * the refund, and refuses more than can be returned. Sets off no top-up (R7).
 */
export function refundRetainer(turn: Turn, command: Extract<Command, { kind: 'refundRetainer' }>): Refusal | undefined {
  const { state } = turn
  const { availableMinor } = amountsOf(state)
  const amountMinor = command.amountMinor ?? availableMinor
  const problem = command.amountMinor === null ? undefined : notPositive(command.amountMinor)
  if (problem) return problem
  if (availableMinor === 0n) return { code: 'NothingToRefund' }
  if (amountMinor > availableMinor) {
    return { code: 'InsufficientBalance', availableMinor, missingMinor: amountMinor - availableMinor }
  }
  state.balanceMinor -= amountMinor
  reserve(turn, command.refundId, amountMinor, null)
  turn.explain('R17', 'REFUND_COMMANDED', { amountMinor, availableMinor })
  return undefined
}

/**
 * Sends back what of a payment lies in the firm's unapplied funds (R15, R17), whether or not its home is closed: a refund that
 * another matter made of it may have failed after that one closed. The commit refuses more than what lies there.
 */
export function refundUnappliedFunds(
  turn: Turn,
  { refundId, paymentId, amountMinor }: Extract<Command, { kind: 'refundUnappliedFunds' }>,
): Refusal | undefined {
  const problem = notPositive(amountMinor)
  if (problem) return problem
  reserve(turn, refundId, amountMinor, paymentId)
  turn.explain('R17', 'UNAPPLIED_REFUND_COMMANDED', { paymentId, amountMinor })
  return undefined
}

function reserve(turn: Turn, id: string, amountMinor: bigint, unappliedPaymentId: string | null): void {
  const { stepMinor } = chargeLimits(turn.state.currency)
  turn.plan.refund = { id, amountMinor, stepMinor, unappliedPaymentId }
  turn.state.refunds = [...turn.state.refunds, { id, amountMinor, partIds: null, doneEarlyIds: [] }]
  turn.planEffect({ kind: 'REFUND', refundId: id })
  turn.madeId = id
}
