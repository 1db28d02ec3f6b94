import { amountsOf } from '../amounts.ts'
import type { Command, Refusal } from '../events.ts'
import type { Turn } from '../turn.ts'
import { countIn } from './deposits.ts'
import { notPositive } from './not-positive.ts'
import { topUpIfTriggered } from './requesting.ts'

/**
 * Gives money to another matter of the same client (R19). The commit books both matters in one entry, or refuses what it finds
 * of the other. A disabled or closing matter may give what it has (R2, R20).
 */
export function transferRetainer(
  turn: Turn,
  { transferId, toMatterId, amountMinor }: Extract<Command, { kind: 'transferRetainer' }>,
): Refusal | undefined {
  const { state } = turn
  if (toMatterId === state.matterId) return { code: 'SameMatter' }
  const problem = notPositive(amountMinor)
  if (problem) return problem
  const { availableMinor } = amountsOf(state)
  if (amountMinor > availableMinor) {
    return { code: 'InsufficientBalance', availableMinor, missingMinor: amountMinor - availableMinor }
  }
  state.balanceMinor -= amountMinor
  turn.plan.transfer = { id: transferId, toMatterId, amountMinor }
  turn.madeId = transferId
  turn.explain('R19', 'TRANSFERRED', { transferId, toMatterId, amountMinor, balanceMinor: state.balanceMinor })
  topUpIfTriggered(turn)
  return undefined
}

/**
 * Counts transfers that other matters' commits have booked here, the balance included (R4, R6, R19). Whichever message comes
 * first does it, so that no decision is taken without them.
 */
export function takeArrivals(turn: Turn): void {
  const { arrivals } = turn.state
  turn.state.arrivals = []
  for (const { transferId, fromMatterId, amountMinor } of arrivals) {
    countIn(turn, transferId, amountMinor)
    turn.explain('R19', 'TRANSFER_ARRIVED', { transferId, fromMatterId, amountMinor })
  }
}
