import { amountsIgnoringPending, amountsOf, requestKind } from './amounts.ts'
import type { RequestRow, RequestStatus } from './plan.ts'
import { closeAttempts } from './sessions.ts'
import type { Effect, OpenRequest } from './state.ts'
import type { Turn } from './turn.ts'

/** The matter's next request, for `sendRequest` to open (R5, R7). The caller has made sure that none is open. */
export function newRequest(turn: Turn): OpenRequest {
  const number = turn.state.requestCount + 1
  turn.state.requestCount = number
  return {
    id: `${turn.state.matterId}-r${number}`,
    number,
    kind: requestKind(turn.state),
    receivedMinor: 0n,
    openedVersion: turn.state.version,
    statedDueMinor: 0n,
    openedAtMs: turn.atMs,
    lastSentAtMs: turn.atMs,
  }
}

/** Mails `request` to the client for what is due now and starts its reminders afresh (R5, R9). */
export function sendRequest(turn: Turn, request: OpenRequest): void {
  cancelMails(turn, (effect) => asksFor(effect, request.id))
  turn.state.openRequest = {
    ...request,
    kind: requestKind(turn.state),
    statedDueMinor: amountsOf(turn.state).dueMinor,
    lastSentAtMs: turn.atMs,
  }
  turn.planEffect({ kind: 'MAIL', template: 'REQUEST', subjectId: request.id })
  startReminders(turn)
}

/** R8: the open request's amount and kind follow the money; it closes when nothing is due, money on its way left out. */
export function followTheMoney(turn: Turn): void {
  const request = turn.state.openRequest
  if (!request) return
  if (amountsIgnoringPending(turn.state).dueMinor === 0n) {
    closeRequest(turn, request.receivedMinor > 0n ? 'SATISFIED' : 'WITHDRAWN', 'R8')
    return
  }
  const { dueMinor } = amountsOf(turn.state)
  const next: OpenRequest = { ...request, kind: requestKind(turn.state), statedDueMinor: dueMinor }
  turn.state.openRequest = next
  if (dueMinor !== request.statedDueMinor) {
    const upward = dueMinor > request.statedDueMinor
    turn.explain('R8', upward ? 'RESTATED_UPWARD' : 'RESTATED_DOWNWARD', {
      requestNumber: request.number,
      fromDueMinor: request.statedDueMinor,
      toDueMinor: dueMinor,
    })
    if (upward && turn.restartsReminders && !isFrozen(turn)) startReminders(turn)
  }
  recordRequest(turn, rowOf(next, 'OPEN', dueMinor, null))
}

/** Ends the open request: its link says that nothing is due, what was still to be sent for it is not sent. */
export function closeRequest(turn: Turn, status: Exclude<RequestStatus, 'OPEN'>, rule: string): void {
  const request = turn.state.openRequest
  if (!request) return
  turn.state.openRequest = null
  turn.state.frozen = null
  stopReminders(turn)
  cancelMailsOf(turn, request.id)
  closeAttempts(turn)
  recordRequest(turn, rowOf(request, status, 0n, turn.atMs))
  turn.explain(rule, `REQUEST_${status}`, { requestNumber: request.number, receivedMinor: request.receivedMinor })
}

/** Takes back mails about the open request that the courier has not sent yet (R10: off overtakes a queued mail). */
export function cancelMailsOf(turn: Turn, requestId: string): void {
  cancelMails(turn, (effect) => asksFor(effect, requestId) || isCopyOf(effect, requestId))
}

function cancelMails(turn: Turn, isCancelled: (effect: Effect) => boolean): void {
  const cancelled = turn.state.effects.filter(isCancelled)
  turn.plan.cancelledEffectIds.push(...cancelled.map((effect) => effect.id))
  turn.state.effects = turn.state.effects.filter((effect) => !cancelled.includes(effect))
}

/** Nothing more is sent for a frozen request, nor for a request that ended (R10). */
export function stopReminders(turn: Turn): void {
  turn.state.reminders = []
  turn.plan.remindFromMs = null
}

/** R9: the series is counted from now; the commit turns the firm's days and local hour into instants. */
function startReminders(turn: Turn): void {
  turn.state.reminders = []
  turn.plan.remindFromMs = turn.atMs
}

/** R10: frozen, and nothing of the initial amount to ask for. */
const isFrozen = (turn: Turn): boolean => turn.state.frozen !== null && amountsOf(turn.state).liveMinor === 0n

const asksFor = (effect: Effect, requestId: string): boolean =>
  effect.kind === 'MAIL' &&
  effect.subjectId === requestId &&
  (effect.template === 'REQUEST' || effect.template === 'REMINDER')

const isCopyOf = (effect: Effect, requestId: string): boolean =>
  effect.kind === 'MAIL' && effect.subjectId === requestId && effect.template === 'TOP_UP_COPY'

function recordRequest(turn: Turn, row: RequestRow): void {
  // One row a request: what is said of it last holds.
  turn.plan.requests = [...turn.plan.requests.filter(({ id }) => id !== row.id), row]
}

function rowOf(request: OpenRequest, status: RequestStatus, dueMinor: bigint, closedAtMs: number | null): RequestRow {
  const { id, number, kind, receivedMinor, openedAtMs, lastSentAtMs } = request
  const amountMinor = receivedMinor + dueMinor
  return { id, number, kind, status, amountMinor, receivedMinor, openedAtMs, lastSentAtMs, closedAtMs }
}
