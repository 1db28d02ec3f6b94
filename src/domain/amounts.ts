import { max, min } from './money.ts'
import type { RequestKind, RetainerState } from './state.ts'

/** The figures of R4, all in minor units. */
export interface Amounts {
  pendingMinor: bigint
  receivedTowardInitialMinor: bigint
  initialRemainingMinor: bigint
  shortfallMinor: bigint
  /** What may be asked for. */
  liveMinor: bigint
  /** What may be paid: `live`, or the frozen request if that is more. */
  dueMinor: bigint
  /** What an invoice can draw on (R16). */
  availableMinor: bigint
}

/** Computes R4 afresh from `state`. */
export function amountsOf(state: RetainerState): Amounts {
  return compute(state, state.pending)
}

/** R4 as if no money were on its way: what closes a request (R8) and what is frozen (R10). */
export function amountsIgnoringPending(state: RetainerState): Amounts {
  return compute(state, [])
}

function compute(state: RetainerState, pending: RetainerState['pending']): Amounts {
  const { options, balanceMinor, frozen } = state
  const pendingMinor = sum(pending)
  // Transfers that the books hold and this matter has not counted yet: received all the same (R19).
  const arrivedMinor = sum(state.arrivals)
  const asks = options.enabled && state.lifecycle === 'OPEN'

  const initialMinor = options.initialAmountMinor ?? 0n
  const receivedTowardInitialMinor = min(initialMinor, max(0n, state.countedMinor + arrivedMinor))
  const onItsWayMinor = min(
    initialMinor - receivedTowardInitialMinor,
    sum(pending.filter((payment) => payment.countsTowardInitial)),
  )
  const initialRemainingMinor = asks ? initialMinor - receivedTowardInitialMinor - onItsWayMinor : 0n

  const { enabled: replenishing, minimumBalanceMinor } = options.replenishment
  const shortfallMinor = asks && replenishing ? max(0n, minimumBalanceMinor - balanceMinor - pendingMinor) : 0n

  const liveMinor = max(initialRemainingMinor, shortfallMinor)
  const frozenMinor =
    asks && frozen ? max(0n, frozen.baseMinor - frozen.settledSinceMinor - arrivedMinor - pendingMinor) : 0n

  return {
    pendingMinor,
    receivedTowardInitialMinor,
    initialRemainingMinor,
    shortfallMinor,
    liveMinor,
    dueMinor: max(liveMinor, frozenMinor),
    availableMinor: max(0n, balanceMinor),
  }
}

/** R8: a request is INITIAL while any of the initial amount remains, money on its way left out. */
export function requestKind(state: RetainerState): RequestKind {
  return amountsIgnoringPending(state).initialRemainingMinor > 0n ? 'INITIAL' : 'TOP_UP'
}

/** Create online is offered while something is live (R3). */
export function canCreateOnline(state: RetainerState): boolean {
  return amountsOf(state).liveMinor > 0n
}

const sum = (parts: { amountMinor: bigint }[]): bigint => parts.reduce((total, part) => total + part.amountMinor, 0n)
