import { ApplicationFailure, log, setHandler } from '@temporalio/workflow'
import type { Command, Fact } from '../src/domain/events.ts'
import type { RetainerState } from '../src/domain/state.ts'
import { fromWire, toWire } from '../src/domain/wire.ts'
import { type CommandMessage, type FactMessage, queries, type SignalKind, signals, updates } from './contract.ts'
import { explained, liveState } from './details.ts'
import { factKey } from './fact-keys.ts'
import type { Mailbox, Origin } from './mailbox.ts'
import { commandShapes, factShapes, knownFields, shapeProblem } from './shapes.ts'

const UPDATE_DESCRIPTIONS: Record<keyof typeof updates, string> = {
  saveOptions: 'Save the matter’s billing options (R2). Sends nothing to anyone.',
  createOnline: 'Request what is due from the client, or send the open request again for what remains (R5).',
  turnReplenishmentOff: 'Stop top-ups for good; what is open stays payable and is never sent again (R10).',
  withdrawRequest: 'Withdraw the open request: its link says that nothing is due (R10).',
  openPayment: 'Open a payment session for the client at the payment page (R14).',
  recordOfflinePayment: 'Record a payment by cheque or bank transfer (R14).',
  recordInvoice: 'Record an invoice; on AUTOMATIC it is paid from the retainer (R16).',
  applyRetainer: 'Pay an invoice from the retainer (R16).',
  reverseApplication: 'Take back a payment of an invoice from the retainer (R16).',
  refundRetainer: 'Send unused money back to the client; without an amount all that is available (R17).',
  transferRetainer: 'Give money to another matter of the same client (R19).',
  assignUnappliedFunds: 'Take a payment out of the firm’s unapplied funds onto this matter (R15).',
  refundUnappliedFunds: 'Send back a payment that came in after this matter was closed (R15, R17).',
  dismissAttention: 'Mark something that needed attention as seen to.',
  closeMatter: 'Close the matter: nothing more is asked for; ends when the retainer is empty (R20).',
}

const SIGNAL_DESCRIPTIONS: Record<SignalKind, string> = {
  paymentSettled: 'The provider has the client’s money (R12).',
  paymentPending: 'A bank debit is on its way (R13).',
  paymentFailed: 'A bank debit failed before it settled (R13).',
  refundTaken: 'The provider has moved the money of a refund (R17).',
  refundFailed: 'The provider did not make a refund, or took it back (R17).',
  refundFound: 'A refund was made at the provider, past this system (R17).',
  disputeOpened: 'The client disputes a payment, or the bank returns it (R18).',
  disputeDue: 'By when a dispute can be answered (R18).',
  paymentReversed: 'The provider took disputed money back (R18).',
  reversalWon: 'A dispute was won, and the money is there again (R18).',
  disputeClosed: 'A dispute is decided (R18).',
  transferArrived: 'Another matter has transferred money to this one; the books hold it already (R19).',
  sessionEnded: 'A payment session can no longer be paid.',
  mailBounced: 'A mail came back from its address (R12).',
}

/** Registers every message of the contract. Must run before the first await, or early messages find no handler. */
export function listen(mailbox: Mailbox, state: () => RetainerState | undefined): void {
  for (const kind of Object.keys(updates) as (keyof typeof updates)[]) listenForCommand(kind, mailbox)
  for (const kind of Object.keys(signals) as SignalKind[]) listenForFact(kind, mailbox)
  setHandler(queries.liveState, () => liveState(loaded(state())), {
    description: 'What the workflow holds at this moment: phase, balance, due, next reminder, work under way.',
  })
  setHandler(queries.recentDecisions, () => explained(loaded(state())), {
    description: 'The last decisions, each with its rule and a sentence (R21).',
  })
}

function listenForCommand(kind: keyof typeof updates, mailbox: Mailbox): void {
  setHandler(
    updates[kind] as (typeof updates)['createOnline'],
    async (message: CommandMessage<'createOnline'>) => {
      const { key, inputHash, ...fields } = knownFields(message, commandShapes[kind]) as typeof message
      const command = fromWire<Command>({ kind, ...fields } as never)
      return toWire(await mailbox.ask(command, key, inputHash))
    },
    {
      description: UPDATE_DESCRIPTIONS[kind],
      validator: (message) => {
        const problem = shapeProblem(message, commandShapes[kind])
        if (problem) throw ApplicationFailure.nonRetryable(`${kind}: ${problem}.`, 'MalformedCommand')
      },
    },
  )
}

function listenForFact(kind: SignalKind, mailbox: Mailbox): void {
  setHandler(
    signals[kind] as (typeof signals)['sessionEnded'],
    // Whatever somebody sent: a signal cannot be refused, and throwing here would fail the matter's task for ever.
    (message: FactMessage<'sessionEnded'> | undefined) => {
      const problem = shapeProblem(message, factShapes[kind])
      if (problem || !message) return log.warn('A malformed signal was ignored.', { kind, problem })
      const fact = fromWire<Extract<Fact, { kind: SignalKind }>>({
        kind,
        ...knownFields(message, factShapes[kind]),
      } as never)
      mailbox.tell(fact, factKey(fact), originOf(message))
    },
    { description: SIGNAL_DESCRIPTIONS[kind] },
  )
}

/** Only what has the right form: a person at the Web UI may have sent it. */
function originOf({ inboxId, inboxKeys }: FactMessage<SignalKind>): Origin {
  const keys: unknown[] = Array.isArray(inboxKeys) ? inboxKeys : []
  return {
    inboxId: typeof inboxId === 'string' ? inboxId : null,
    inboxKeys: keys.filter((key) => typeof key === 'string'),
  }
}

function loaded(state: RetainerState | undefined): RetainerState {
  if (!state) throw ApplicationFailure.nonRetryable('The matter is still being loaded from the books.', 'Loading')
  return state
}
