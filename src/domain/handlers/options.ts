import { amountsIgnoringPending, amountsOf } from '../amounts.ts'
import type { Command, Refusal } from '../events.ts'
import { type BillingOptions, optionsProblem } from '../options.ts'
import { cancelMailsOf, closeRequest, stopReminders } from '../requests.ts'
import type { Turn } from '../turn.ts'
import { takeCurrency } from './currency.ts'

/** Saves the matter's billing options (R2). Sends nothing to anyone; what is open follows the new amounts (R8). */
export function saveOptions(turn: Turn, command: Extract<Command, { kind: 'saveOptions' }>): Refusal | undefined {
  const { state } = turn
  const before = state.options
  const options = withEmptyInitial(command.options)
  const mismatch = takeCurrency(turn, command.currency)
  if (mismatch) return mismatch
  const problem = optionsProblem(options, command.currency)
  if (problem) return problem
  const initialChanges = options.initialAmountMinor !== before.initialAmountMinor
  if (initialChanges && state.initialLock) {
    const { sinceMs, paymentId } = state.initialLock
    return { code: 'InitialAmountLocked', sinceMs, paymentId }
  }

  turn.plan.requiresPracticeRetainer = options.enabled
  if (before.initialAmountMinor === null && options.initialAmountMinor !== null) countFromNow(turn)
  // The other options apply first: whether the open request lives on depends on the initial amount now saved (R10).
  state.options = { ...options, replenishment: before.replenishment }
  if (!options.enabled) disable(turn, before)
  else if (before.replenishment.enabled && !options.replenishment.enabled) turnOff(turn)
  else if (!before.replenishment.enabled && options.replenishment.enabled) turnOn(turn)
  state.options = { ...options }
  turn.explain('R2', 'OPTIONS_SAVED', {
    enabled: options.enabled,
    replenishment: options.replenishment.enabled,
    dueMinor: amountsOf(state).dueMinor,
  })
  return undefined
}

/** Stops top-ups for good (R10). Saying it twice is no error. */
export function turnReplenishmentOff(turn: Turn): Refusal | undefined {
  const { state } = turn
  if (!state.options.enabled) return { code: 'RetainerNotEnabled' }
  if (state.options.replenishment.enabled) turnOff(turn)
  else turn.explain('R10', 'ALREADY_OFF')
  state.options = { ...state.options, replenishment: { ...state.options.replenishment, enabled: false } }
  return undefined
}

/** R10: what still remains of the initial amount keeps the request alive; else it is frozen and never sent again. */
function turnOff(turn: Turn): void {
  const { state } = turn
  const { initialRemainingMinor } = amountsOf(state)
  const baseMinor = amountsIgnoringPending(state).dueMinor
  if (!state.openRequest) {
    turn.explain('R10', 'TURNED_OFF', { openRequest: null })
  } else if (initialRemainingMinor > 0n) {
    turn.explain('R10', 'TURNED_OFF_INITIAL_LIVES_ON', {
      requestNumber: state.openRequest.number,
      initialRemainingMinor,
    })
  } else {
    state.frozen = { baseMinor, settledSinceMinor: 0n }
    turn.explain('R10', 'TURNED_OFF_REQUEST_FROZEN', {
      requestNumber: state.openRequest.number,
      frozenMinor: baseMinor,
      remindersCancelled: state.reminders.length,
    })
    stopReminders(turn)
    cancelMailsOf(turn, state.openRequest.id)
  }
}

/** R10: on again ends frozen and restates the request; reminders that were cancelled stay cancelled. */
function turnOn(turn: Turn): void {
  turn.restartsReminders = turn.state.frozen === null
  turn.state.frozen = null
  turn.explain('R10', 'TURNED_ON')
}

function disable(turn: Turn, before: BillingOptions): void {
  if (!before.enabled) return
  turn.explain('R2', 'DISABLED')
  closeRequest(turn, 'WITHDRAWN', 'R2')
  turn.state.frozen = null
}

/** R4: setting the initial amount from empty starts its count at zero. */
function countFromNow(turn: Turn): void {
  turn.state.countedMinor = 0n
  turn.state.countedSinceVersion = turn.state.version
  turn.state.pending = turn.state.pending.map((payment) => ({ ...payment, countsTowardInitial: false }))
}

const withEmptyInitial = (options: BillingOptions): BillingOptions =>
  options.initialAmountMinor === 0n ? { ...options, initialAmountMinor: null } : options
