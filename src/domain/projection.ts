import { amountsOf, canCreateOnline } from './amounts.ts'
import type { RetainerState } from './state.ts'

/** Where a matter's retainer stands, in one word. */
export type RetainerPhase =
  /** The matter has not enabled its retainer. */
  | 'DISABLED'
  /** Enabled, and nothing is due. */
  | 'NOTHING_DUE'
  /** Something is due and nobody has asked for it yet. */
  | 'DUE'
  /** A request is open and the client has been asked. */
  | 'REQUESTED'
  /** A request is open, and money on its way covers it. */
  | 'PAYMENT_ON_ITS_WAY'
  /** Replenishment is off: the open request can still be paid and is never sent again (R10). */
  | 'FROZEN'
  | 'CLOSING'
  | 'CLOSED'

export const RETAINER_PHASES: RetainerPhase[] = [
  'DISABLED',
  'NOTHING_DUE',
  'DUE',
  'REQUESTED',
  'PAYMENT_ON_ITS_WAY',
  'FROZEN',
  'CLOSING',
  'CLOSED',
]

/** What lists and screens read: a row of figures derived from the state, written by every commit. */
export interface Projection {
  phase: RetainerPhase
  enabled: boolean
  replenishing: boolean
  pendingMinor: bigint
  /** Refunds reserved and not done at the provider (R17). */
  refundsInFlightMinor: bigint
  /** What is disputed and not decided (R18). */
  disputedMinor: bigint
  /** What is owed for reversed payments once closed (R20). */
  receivableMinor: bigint
  amountDueMinor: bigint
  initialAmountMinor: bigint | null
  receivedTowardInitialMinor: bigint
  initialLockedAtMs: number | null
  initialLockedBy: string | null
  canCreateOnline: boolean
  openRequestId: string | null
  attentionCount: number
}

export function projectionOf(state: RetainerState): Projection {
  const amounts = amountsOf(state)
  return {
    phase: phaseOf(state),
    enabled: state.options.enabled,
    replenishing: state.options.enabled && state.options.replenishment.enabled,
    pendingMinor: amounts.pendingMinor,
    refundsInFlightMinor: sum(state.refunds),
    disputedMinor: sum(state.disputes),
    receivableMinor: state.receivableMinor,
    amountDueMinor: amounts.dueMinor,
    initialAmountMinor: state.options.initialAmountMinor,
    receivedTowardInitialMinor: amounts.receivedTowardInitialMinor,
    initialLockedAtMs: state.initialLock?.sinceMs ?? null,
    initialLockedBy: state.initialLock?.paymentId ?? null,
    canCreateOnline: canCreateOnline(state),
    openRequestId: state.openRequest?.id ?? null,
    attentionCount: state.attention.length,
  }
}

const sum = (parts: { amountMinor: bigint }[]): bigint => parts.reduce((total, part) => total + part.amountMinor, 0n)

export function phaseOf(state: RetainerState): RetainerPhase {
  if (state.lifecycle !== 'OPEN') return state.lifecycle
  if (!state.options.enabled) return 'DISABLED'
  const { liveMinor, dueMinor } = amountsOf(state)
  if (!state.openRequest) return liveMinor > 0n ? 'DUE' : 'NOTHING_DUE'
  if (dueMinor === 0n) return 'PAYMENT_ON_ITS_WAY'
  return liveMinor > 0n ? 'REQUESTED' : 'FROZEN'
}
