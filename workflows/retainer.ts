import {
  allHandlersFinished,
  CancellationScope,
  condition,
  log,
  makeContinueAsNewFunc,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import { decide } from '../src/domain/decide.ts'
import type { Answer, Refusal } from '../src/domain/events.ts'
import type { Decision } from '../src/domain/plan.ts'
import { phaseOf, projectionOf } from '../src/domain/projection.ts'
import { type Effect, newRetainer, type RetainerState } from '../src/domain/state.ts'
import { Turn } from '../src/domain/turn.ts'
import { fromWire, toWire } from '../src/domain/wire.ts'
import { Alarm } from './alarm.ts'
import { moveToCurrentVersion, type RetainerInput, readBooks, searchAttributes } from './contract.ts'
import { Courier } from './courier.ts'
import { currentDetails } from './details.ts'
import { overtakenBy } from './fact-keys.ts'
import { commit, isCommitRejected, loadMatter, owedOnInvoice } from './ledger.ts'
import { listen } from './listen.ts'
import { Mailbox, type Message } from './mailbox.ts'

/** How many effects of a kind may be under way with one provider. */
const AT_ONCE = 8
/**
 * Of so many messages taken in a row, one lets the workflow task end. While commit follows commit in one task, what comes
 * meanwhile waits in the server's buffer, which holds 100 events and then ends the task behind the worker's back.
 */
const IN_A_ROW = 5

/**
 * The general retainer of one matter, for the matter's whole life: takes one message at a time, decides by the rules, commits
 * to the books, and has the courier carry out what follows. Ends when the matter is closed; cancelling it does nothing,
 * since money may be on its way.
 */
export async function retainer(input: RetainerInput): Promise<void> {
  const matter = new Matter(input)
  await CancellationScope.nonCancellable(() => matter.live())
}

class Matter {
  readonly #input: RetainerInput
  readonly #mailbox = new Mailbox()
  readonly #courier = new Courier(this.#mailbox, () => this.#become(this.#loaded()))
  readonly #reminder = new Alarm(() => this.#remind())
  #state: RetainerState | undefined
  #inARow = 0
  #movesNow = false
  #toldToRead = false
  #code = workflowInfo().currentDeploymentVersion?.buildId

  constructor(input: RetainerInput) {
    this.#input = input
    listen(this.#mailbox, () => this.#state)
    // Whether there is a newer version, the engine says with every task: the signal need only bring one about.
    setHandler(moveToCurrentVersion, (asked) => void (this.#movesNow ||= asked?.now === true), {
      description: 'Operators: go over to the current version of the code, if this is another (docs/deploying.md).',
    })
    setHandler(readBooks, () => void (this.#toldToRead = true), {
      description: 'Read the books again, should they hold decisions that this workflow does not know.',
    })
  }

  async live(): Promise<void> {
    this.#become(this.#input.state ? fromWire<RetainerState>(this.#input.state) : await this.#load())
    while (!this.#isOver()) {
      await condition(() => this.#mustRead() || !this.#mailbox.isEmpty || this.#wantsNewRun() || this.#isOver())
      if (this.#mustRead()) await this.#readBooks()
      const message = this.#mailbox.take()
      this.#inARow = this.#mailbox.isEmpty ? 0 : this.#inARow + 1
      if (message) await this.#take(message)
      else if (this.#wantsNewRun()) await this.#continueAsNew()
    }
  }

  /** Decides one message and makes it so. The only thing awaited is the books: nothing slow holds up the matter. */
  async #take(message: Message): Promise<void> {
    try {
      message.answered(await this.#settle(message))
    } catch (error) {
      // Anything else is a fault in this code: the task fails and is tried again, until a fixed worker takes the message.
      if (!isCommitRejected(error)) throw error
      log.error('The ledger rejected a commit; the matter goes on without it.', { key: message.key })
      message.failed(error)
    }
  }

  async #settle(message: Message): Promise<Answer> {
    let refusal: Refusal | undefined
    for (;;) {
      const event = message.event.kind === 'applyRetainer' ? await this.#withWhatIsOwed(message.event) : message.event
      const before = this.#loaded()
      const atMs = Date.now()
      const decision: Decision = refusal
        ? Turn.refuse(before, atMs, message.event.kind, refusal)
        : decide(before, { ...event, atMs })
      const letTaskEnd = this.#inARow % IN_A_ROW === IN_A_ROW - 1
      const result = await commit(letTaskEnd, {
        firmId: before.firmId,
        matterId: before.matterId,
        key: message.key,
        inputHash: message.inputHash,
        kind: message.event.kind,
        atMs,
        expectedVersion: before.version,
        currency: decision.state.currency,
        ...message.origin,
        overtakenBy: overtakenBy(message.event),
        answer: toWire(decision.answer),
        plan: toWire(decision.plan),
        state: toWire(decision.state),
        projection: toWire(projectionOf(decision.state)),
      })
      switch (result.outcome) {
        case 'committed': {
          // The balance is what the books say, never what was added up here.
          const { balanceMinor, reminders } = result
          this.#become({ ...decision.state, balanceMinor: BigInt(balanceMinor), reminders })
          return decision.answer
        }
        case 'repeated':
          if (result.state) this.#become(fromWire<RetainerState>(result.state))
          return fromWire<Answer>(result.answer)
        case 'stale':
          this.#become(fromWire<RetainerState>(result.state))
          break
        case 'refused':
          if (result.refusal.code === 'IdempotencyKeyReused') return { ok: false, refusal: result.refusal }
          refusal = fromWire<Refusal>(result.refusal)
      }
    }
  }

  /** Invoices are no part of the state, which would grow with each that is never paid: the one to be paid is looked up. */
  async #withWhatIsOwed<Command extends { invoiceId: string }>(command: Command) {
    const { firmId, matterId } = this.#input
    return { ...command, owedMinor: await owedOnInvoice(firmId, matterId, command.invoiceId) }
  }

  async #load(): Promise<RetainerState> {
    const { firmId, matterId } = this.#input
    const { state, currency } = await loadMatter(firmId, matterId)
    return state ? fromWire<RetainerState>(state) : newRetainer(firmId, matterId, currency)
  }

  /**
   * When told to, and before anything is decided by other code than has led here: a replay decides everything again, and where a
   * rule has changed comes to another state than was committed. The time-skipping test server keeps no code's name.
   */
  #mustRead(): boolean {
    const code = workflowInfo().currentDeploymentVersion?.buildId
    return this.#toldToRead || (this.#code !== undefined && code !== undefined && code !== this.#code)
  }

  async #readBooks(): Promise<void> {
    this.#toldToRead = false
    this.#code = workflowInfo().currentDeploymentVersion?.buildId
    this.#become(await this.#load())
  }

  /** Takes on a state: work for the courier, the next reminder, and what operators see follow from it. */
  #become(decided: RetainerState): void {
    const state = { ...decided, effects: this.#courier.unfinished(decided.effects) }
    this.#state = state
    this.#courier.carry(foremost(state.effects), state)
    const [next] = state.reminders
    this.#reminder.set(next?.atMs ?? null, `Reminder ${next?.nth} of request ${state.openRequest?.number}`)
    setCurrentDetails(currentDetails(state))
    if (state.version > 0) this.#showAttributes(state)
  }

  #remind(): void {
    const { reminders, openRequest } = this.#loaded()
    const [due] = reminders
    if (due) {
      const { nth, atMs: dueAtMs } = due
      this.#mailbox.tell({ kind: 'reminderDue', nth, dueAtMs }, `reminder:${openRequest?.id}:${dueAtMs}`)
    }
  }

  /** An upsert is an event and a billed action: only what changed since it was last shown, in whichever run. */
  #showAttributes(state: RetainerState): void {
    const shown = workflowInfo().typedSearchAttributes
    const keywords = [
      { key: searchAttributes.firm, value: state.firmId },
      { key: searchAttributes.matter, value: state.matterId },
      { key: searchAttributes.phase, value: phaseOf(state) },
    ]
    const flags = [
      { key: searchAttributes.replenishment, value: state.options.enabled && state.options.replenishment.enabled },
      { key: searchAttributes.attention, value: state.attention.length > 0 },
    ]
    const changed = [
      ...keywords.filter(({ key, value }) => shown.get(key) !== value),
      ...flags.filter(({ key, value }) => shown.get(key) !== value),
    ]
    if (changed.length > 0) upsertSearchAttributes(changed)
  }

  /**
   * When the history grows long, and to go over to another version of the code: a run stays with the version that began it.
   * What is under way is finished there first, unless an operator says otherwise.
   */
  #wantsNewRun(): boolean {
    const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo()
    if (continueAsNewSuggested) return true
    return targetWorkerDeploymentVersionChanged && (this.#movesNow || this.#state?.effects.length === 0)
  }

  /**
   * A new run with the same state, on the current version of the code. Waits for handlers still answering, but turns back when
   * a new message arrives: waiting for the handlers alone would deadlock under steady updates.
   */
  async #continueAsNew(): Promise<void> {
    await condition(() => !this.#mailbox.isEmpty || allHandlersFinished())
    if (!this.#mailbox.isEmpty) return
    const { firmId, matterId } = this.#input
    const newRun = makeContinueAsNewFunc<typeof retainer>(
      workflowInfo().targetWorkerDeploymentVersionChanged ? { initialVersioningBehavior: 'AUTO_UPGRADE' } : {},
    )
    await newRun({ firmId, matterId, state: toWire(this.#loaded()) })
  }

  #isOver(): boolean {
    return (
      !this.#mustRead() &&
      this.#state?.lifecycle === 'CLOSED' &&
      this.#state.effects.length === 0 &&
      this.#mailbox.isEmpty &&
      allHandlersFinished()
    )
  }

  #loaded(): RetainerState {
    if (!this.#state) throw new Error('The matter is not loaded yet.')
    return this.#state
  }
}

/**
 * The effects whose turn it is, in order: the oldest of each kind, so that mails that are stuck hold up no payment. All at
 * once, they could end during one workflow task in more events than the server buffers (100; an activity brings two). It then
 * ends that task behind the worker's back, and core hands the updates of the next one to the same run a second time if a
 * commit is under way there: a nondeterminism error.
 */
function foremost(effects: Effect[]): Effect[] {
  const taken = [['MAIL'], ...kindsOfPayments(effects)].flatMap((kinds) => oldestOf(effects, kinds))
  return effects.filter((effect) => taken.includes(effect))
}

const PAGES = ['OPEN_SESSION', 'EXPIRE_SESSION']

/**
 * Refunds have places of their own: they can wait for weeks, and a page that could not open might bring the very money that they
 * wait for. Until there are more than so many of both it is all the same, and no run is marked.
 */
function kindsOfPayments(effects: Effect[]): string[][] {
  const together = [...PAGES, 'REFUND']
  const isCrowded = effects.filter(({ kind }) => together.includes(kind)).length > AT_ONCE
  return isCrowded && patched('refunds-apart') ? [PAGES, ['REFUND']] : [together]
}

const oldestOf = (effects: Effect[], kinds: string[]): Effect[] =>
  effects.filter(({ kind }) => kinds.includes(kind)).slice(0, AT_ONCE)
