import { credit, debit } from '../entries.ts'
import { closeRequest } from '../requests.ts'
import type { Turn } from '../turn.ts'

/** Closing withdraws the request and asks for nothing more (R20). */
export function closeMatter(turn: Turn): undefined {
  turn.state.lifecycle = 'CLOSING'
  turn.state.closingSinceMs = turn.atMs
  closeRequest(turn, 'WITHDRAWN', 'R20')
  turn.explain('R20', 'CLOSING', { balanceMinor: turn.state.balanceMinor })
}

/**
 * A closing matter is closed once balance, pending debits, refunds and disputes are done; what is below zero then moves to
 * what the client owes for reversed payments (R20).
 */
export function closeWhenDone(turn: Turn): void {
  const { state } = turn
  const { balanceMinor, pending, refunds, disputes } = state
  const isDone = balanceMinor <= 0n && pending.length + refunds.length + disputes.length === 0
  if (state.lifecycle !== 'CLOSING' || !isDone) return
  state.lifecycle = 'CLOSED'
  state.closedAtMs = turn.atMs
  if (balanceMinor === 0n) return turn.explain('R20', 'CLOSED')
  turn.post('CLOSED_BELOW_ZERO', `closing:${state.matterId}`, [
    debit('REVERSED_PAYMENTS_RECEIVABLE', -balanceMinor),
    credit('RETAINER', -balanceMinor),
  ])
  turn.explain('R20', 'CLOSED_BELOW_ZERO', { receivableMinor: state.receivableMinor })
}
