import { amountsOf } from '../amounts.ts'
import type { Command, Fact, Refusal } from '../events.ts'
import { closeRequest, newRequest, sendRequest } from '../requests.ts'
import type { Turn } from '../turn.ts'

/** A person asks for what is due: opens the request, or re-sends it for what remains (R3, R5). */
export function createOnline(turn: Turn): Refusal | undefined {
  const { state } = turn
  if (!state.options.enabled) return { code: 'RetainerNotEnabled' }
  const { liveMinor, pendingMinor, dueMinor } = amountsOf(state)
  if (liveMinor === 0n) {
    return state.frozen ? { code: 'ReplenishmentOff' } : { code: 'NothingDue', onItsWayMinor: pendingMinor }
  }
  const again = state.openRequest !== null
  const request = state.openRequest ?? newRequest(turn)
  sendRequest(turn, request)
  // A person has seen to the address before asking again.
  turn.clearAttention(({ code }) => code === 'MAIL_BOUNCED' || code === 'MAIL_REFUSED')
  turn.madeId = request.id
  turn.explain('R5', again ? 'REQUEST_SENT_AGAIN' : 'REQUEST_SENT', { requestNumber: request.number, dueMinor })
  return undefined
}

/** The firm takes the open request back: frozen becomes 0, its link says that nothing is due (R10). */
export function withdrawRequest(turn: Turn): Refusal | undefined {
  if (!turn.state.openRequest) return { code: 'NoOpenRequest' }
  turn.madeId = turn.state.openRequest.id
  closeRequest(turn, 'WITHDRAWN', 'R10')
  return undefined
}

/** R9: a reminder whose day has come asks for what is due at this moment, or is skipped. */
export function reminderDue(turn: Turn, fact: Extract<Fact, { kind: 'reminderDue' }>): void {
  const { state } = turn
  // The series may have been counted afresh while its timer fired: its reminders are others, days away.
  const reminder = state.reminders.find((planned) => planned.atMs === fact.dueAtMs)
  if (!reminder) return turn.explain('R9', 'REMINDER_NO_LONGER_PLANNED', { nth: fact.nth })
  // After an absence several are due at once: the client gets one, the latest.
  const overdue = state.reminders.filter((planned) => planned !== reminder && planned.atMs <= turn.atMs)
  const { nth } = overdue.at(-1) ?? reminder
  state.reminders = state.reminders.filter((planned) => planned !== reminder && !overdue.includes(planned))
  if (overdue.length > 0) turn.explain('R9', 'REMINDERS_MERGED', { nth, count: overdue.length + 1 })
  const { liveMinor, dueMinor, pendingMinor } = amountsOf(state)
  const request = state.openRequest
  if (!request || liveMinor === 0n) {
    return turn.explain('R9', 'REMINDER_SKIPPED', { nth, requestNumber: request?.number ?? null, pendingMinor })
  }
  turn.planEffect({ kind: 'MAIL', template: 'REMINDER', subjectId: request.id, nth })
  turn.explain('R9', 'REMINDER_SENT', { nth, requestNumber: request.number, dueMinor })
}

/**
 * R7: after money left, a pending debit failed, or an invoice could not be paid in full: at or below the trigger the client
 * is asked without anybody's act. An open request follows the money instead (R8).
 */
export function topUpIfTriggered(turn: Turn): void {
  const { state } = turn
  const { enabled, replenishment } = state.options
  if (!enabled || !replenishment.enabled || state.lifecycle !== 'OPEN') {
    return turn.explain('R7', 'NO_TOP_UP_NOT_REPLENISHING', { balanceMinor: state.balanceMinor })
  }
  const { shortfallMinor, dueMinor, pendingMinor } = amountsOf(state)
  const inputs = {
    balanceMinor: state.balanceMinor,
    pendingMinor,
    triggerMinor: replenishment.topUpTriggerMinor,
    minimumMinor: replenishment.minimumBalanceMinor,
  }
  if (state.balanceMinor + pendingMinor > replenishment.topUpTriggerMinor) {
    return turn.explain('R7', 'NO_TOP_UP_ABOVE_TRIGGER', inputs)
  }
  if (shortfallMinor === 0n) return turn.explain('R7', 'NO_TOP_UP_NO_SHORTFALL', inputs)
  if (state.openRequest) {
    return turn.explain('R7', 'OPEN_REQUEST_FOLLOWS', { ...inputs, requestNumber: state.openRequest.number })
  }
  const request = newRequest(turn)
  sendRequest(turn, request)
  turn.planEffect({ kind: 'MAIL', template: 'TOP_UP_COPY', subjectId: request.id })
  turn.explain('R7', 'TOP_UP_SENT', { ...inputs, requestNumber: request.number, dueMinor })
}

/** A person has seen to it; it is shown no more. */
export function dismissAttention(
  turn: Turn,
  { code, subjectId }: Extract<Command, { kind: 'dismissAttention' }>,
): Refusal | undefined {
  const known = turn.state.attention.length
  turn.clearAttention((attention) => attention.code === code && attention.subjectId === subjectId)
  return turn.state.attention.length === known ? { code: 'NoSuchAttention' } : undefined
}
