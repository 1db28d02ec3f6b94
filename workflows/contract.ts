import { defineSearchAttributeKey } from '@temporalio/common'
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { Answer, Command, Fact } from '../src/domain/events.ts'
import type { RetainerPhase } from '../src/domain/projection.ts'
import type { RetainerState } from '../src/domain/state.ts'
import type { Wire } from '../src/domain/wire.ts'

/**
 * All that clients of the matter's workflow need: where it runs, its id, and its messages. Amounts are decimal strings of
 * minor units; nothing here names a person.
 */

/** `retainer`: workflows and ledger; the other two carry provider calls, each at its provider's pace. */
export const TASK_QUEUES = { retainer: 'retainer', payments: 'retainer-payments', mail: 'retainer-mail' } as const

/** The workflow of a matter, by name and id. One matter, one id, for the matter's whole life. */
export const RETAINER_WORKFLOW = 'retainer'
export const retainerWorkflowId = (matterId: string): string => `retainer-${matterId}`

export interface RetainerInput {
  firmId: string
  matterId: string
  /** Set by continue-as-new only; a first run loads the matter from the ledger. */
  state?: Wire<RetainerState>
}

/** A command as it travels: its idempotency key, and a digest of the asker's whole input that the key is bound to. */
export type CommandMessage<Kind extends Command['kind']> = Omit<Wire<Extract<Command, { kind: Kind }>>, 'kind'> & {
  key: string
  inputHash: string
}

/**
 * A fact as it travels; `inboxId` names the event that told it, so that booking marks it done. An event that tells several facts
 * names them all: it is done only when the books have every one, whichever run of the matter books it.
 */
export type FactMessage<Kind extends Fact['kind']> = Omit<Wire<Extract<Fact, { kind: Kind }>>, 'kind'> & {
  inboxId?: string
  /** The keys of all facts of the event. */
  inboxKeys?: string[]
}

export type AnswerMessage = Wire<Answer>

const update = <Kind extends Command['kind']>(kind: Kind) => defineUpdate<AnswerMessage, [CommandMessage<Kind>]>(kind)

export const updates = {
  saveOptions: update('saveOptions'),
  createOnline: update('createOnline'),
  turnReplenishmentOff: update('turnReplenishmentOff'),
  withdrawRequest: update('withdrawRequest'),
  openPayment: update('openPayment'),
  recordOfflinePayment: update('recordOfflinePayment'),
  recordInvoice: update('recordInvoice'),
  applyRetainer: update('applyRetainer'),
  reverseApplication: update('reverseApplication'),
  refundRetainer: update('refundRetainer'),
  transferRetainer: update('transferRetainer'),
  assignUnappliedFunds: update('assignUnappliedFunds'),
  refundUnappliedFunds: update('refundUnappliedFunds'),
  dismissAttention: update('dismissAttention'),
  closeMatter: update('closeMatter'),
}

/** Facts that come from outside the workflow; the courier's outcomes travel inside it. */
export type SignalKind = Exclude<
  Fact['kind'],
  'sessionOpened' | 'refundSent' | 'refundWaits' | 'effectFailed' | 'reminderDue'
>

const signal = <Kind extends SignalKind>(kind: Kind) => defineSignal<[FactMessage<Kind>]>(kind)

export const signals = {
  paymentSettled: signal('paymentSettled'),
  paymentPending: signal('paymentPending'),
  paymentFailed: signal('paymentFailed'),
  refundTaken: signal('refundTaken'),
  refundFailed: signal('refundFailed'),
  refundFound: signal('refundFound'),
  disputeOpened: signal('disputeOpened'),
  disputeDue: signal('disputeDue'),
  paymentReversed: signal('paymentReversed'),
  reversalWon: signal('reversalWon'),
  disputeClosed: signal('disputeClosed'),
  transferArrived: signal('transferArrived'),
  sessionEnded: signal('sessionEnded'),
  mailBounced: signal('mailBounced'),
}

/**
 * Has a matter that is pinned to another version of the code than the current one go over to the current one: when its work
 * under way is done, or `now`, where the new version is to take over work that the old one cannot do.
 */
export const moveToCurrentVersion = defineSignal<[{ now: boolean }?]>('moveToCurrentVersion')

/**
 * Has a matter read its books again. A workflow task that is lost after its commit may leave it behind them: the engine forgets
 * an update whose first task did not end, and whoever asks again gets the answer from the books.
 */
export const readBooks = defineSignal('readBooks')

/** What the workflow holds at this moment, beside the books. */
export interface LiveState {
  phase: RetainerPhase
  version: number
  balanceMinor: string
  pendingMinor: string
  amountDueMinor: string
  openRequestId: string | null
  nextReminderAtMs: number | null
  effectsInFlight: number
  attention: RetainerState['attention']
}

/** A decision as an operator reads it. */
export interface ExplainedDecision {
  at: string
  rule: string
  sentence: string
}

export const queries = {
  liveState: defineQuery<LiveState>('liveState'),
  recentDecisions: defineQuery<ExplainedDecision[]>('recentDecisions'),
}

/** List columns of the Web UI; registered at deployment. No names of people in them. */
export const searchAttributes = {
  firm: defineSearchAttributeKey('RetainerFirm', 'KEYWORD'),
  matter: defineSearchAttributeKey('RetainerMatter', 'KEYWORD'),
  phase: defineSearchAttributeKey('RetainerPhase', 'KEYWORD'),
  replenishment: defineSearchAttributeKey('RetainerReplenishment', 'BOOL'),
  attention: defineSearchAttributeKey('RetainerAttention', 'BOOL'),
}
