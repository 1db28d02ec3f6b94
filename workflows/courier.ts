import { ActivityFailure, proxyActivities } from '@temporalio/workflow'
import type { CourierActivities, EffectOutcome, SentRefund } from '../activities/courier-wire.ts'
import type { Effect, RetainerState } from '../src/domain/state.ts'
import { fromWire, toWire } from '../src/domain/wire.ts'
import { TASK_QUEUES } from './contract.ts'
import type { Mailbox } from './mailbox.ts'
import { effectSummary } from './summaries.ts'

// Retried until the activity itself says that trying has no more use: it knows when it first tried.
const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' } as const
const mail = proxyActivities<CourierActivities>({
  taskQueue: TASK_QUEUES.mail,
  startToCloseTimeout: '30 seconds',
  retry,
})
const payments = proxyActivities<CourierActivities>({
  taskQueue: TASK_QUEUES.payments,
  startToCloseTimeout: '30 seconds',
  retry,
})
// A refund can have many parts.
const refunds = proxyActivities<CourierActivities>({
  taskQueue: TASK_QUEUES.payments,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '10 seconds',
  retry,
})

/**
 * Reminders of all firms fall due at one moment, and the provider takes few mails a second. Whatever a person or a client waits for
 * has the default, 3.
 */
const CAN_WAIT = { priorityKey: 4 }

/**
 * Carries planned effects to the providers beside the loop, so that a slow one never holds up the matter, and files what
 * came of them. A new run carries what is still open again, by the same key.
 */
export class Courier {
  readonly #mailbox: Mailbox
  readonly #done: () => void
  readonly #begun = new Set<string>()
  readonly #finished = new Set<string>()

  constructor(mailbox: Mailbox, done: () => void) {
    this.#mailbox = mailbox
    this.#done = done
  }

  /** Begins what has not begun yet in this run, of the matter as it stands. */
  carry(effects: Effect[], state: RetainerState): void {
    for (const effect of effects) {
      if (this.#begun.has(effect.id)) continue
      this.#begun.add(effect.id)
      void this.#deliver(effect, effectSummary(effect, state))
    }
  }

  /** The effects among `effects` that still need carrying: a state decided meanwhile may name some that do not. */
  unfinished(effects: Effect[]): Effect[] {
    return effects.filter((effect) => !this.#finished.has(effect.id))
  }

  async #deliver(effect: Effect, summary: string): Promise<void> {
    try {
      let outcome = await carry(effect, summary)
      if (outcome.outcome === 'waits' && effect.kind === 'REFUND') {
        const { refundId } = effect
        this.#mailbox.tell({ kind: 'refundWaits', refundId }, `refund:${refundId}:waits`)
        outcome = await sendRefund(effect, summary, { firmKnows: true })
      }
      this.#report(effect, outcome)
    } catch (error) {
      // An activity that will never do it (the books do not know the effect): shown to the firm, and the matter goes on.
      if (!(error instanceof ActivityFailure)) throw error
      this.#report(effect, { outcome: 'failed', reason: 'REFUSED' })
    }
  }

  #report(effect: Effect, result: EffectOutcome): void {
    const { id } = effect
    if (result.outcome === 'waits') return
    if (result.outcome === 'failed') {
      return this.#mailbox.tell({ kind: 'effectFailed', effectId: id, reason: result.reason }, `effect:${id}:failed`)
    }
    if (effect.kind === 'OPEN_SESSION') {
      const { attemptId } = effect
      if (result.sessionId) {
        const { sessionId } = result
        const fact = { kind: 'sessionOpened', effectId: id, attemptId, sessionId } as const
        return this.#mailbox.tell(fact, `session:${attemptId}:opened`)
      }
      this.#mailbox.tell({ kind: 'sessionEnded', attemptId }, `session:${attemptId}:never`)
    }
    if (effect.kind === 'REFUND' && result.refund) {
      const { refundId } = effect
      const fact = { kind: 'refundSent', effectId: id, refundId, ...fromWire<SentRefund>(result.refund) } as const
      return this.#mailbox.tell(fact, `refund:${refundId}:sent`)
    }
    // What went as planned decides nothing and needs no commit: the activity has noted it.
    this.#finished.add(id)
    this.#done()
  }
}

function carry(effect: Effect, summary: string): Promise<EffectOutcome> {
  switch (effect.kind) {
    case 'MAIL': {
      const priority = effect.template === 'REMINDER' ? CAN_WAIT : {}
      return mail.sendMail.executeWithOptions({ summary, priority }, [toWire(effect)])
    }
    case 'OPEN_SESSION':
      return payments.openSession.executeWithOptions({ summary }, [toWire(effect)])
    case 'EXPIRE_SESSION':
      return payments.expireSession.executeWithOptions({ summary }, [toWire(effect)])
    case 'REFUND':
      return sendRefund(effect, summary, { firmKnows: false })
  }
}

function sendRefund(
  effect: Extract<Effect, { kind: 'REFUND' }>,
  summary: string,
  known: { firmKnows: boolean },
): Promise<EffectOutcome> {
  return refunds.sendRefund.executeWithOptions({ summary }, [toWire(effect), known])
}
