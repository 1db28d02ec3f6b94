import { randomUUID } from 'node:crypto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { queries, retainerWorkflowId } from '../../../workflows/contract.ts'
import { type CommandGateway, CommandUnanswered } from '../../api/command-gateway.ts'
import type { Database } from '../../db/pool.ts'
import type { Answer, Command } from '../../domain/events.ts'
import { type CurrencyCode, LARGEST_RECORDED_MINOR, parseDecimal, toDecimalString } from '../../domain/money.ts'
import { NO_OPTIONS } from '../../domain/options.ts'
import type { FarSide } from './far-side.ts'
import { quiet } from './quiet.ts'
import { until } from './until.ts'

export interface MatterParts {
  firmId: string
  matterId: string
  currency: CurrencyCode
  commands: CommandGateway
  /** Sees every firm's rows. */
  database: { owner: Database }
  engine: TestWorkflowEnvironment
  outbox: FarSide
  sandbox: FarSide
  /** Takes the runs that later ones do not lead back to. */
  otherRuns: { workflowId: string; runId?: string }[]
}

export interface StoryOptions {
  initial?: string | null
  /** [minimum balance, top-up trigger amount]; null is off. */
  topUp?: [string, string] | null
  payInvoices?: 'AUTOMATIC' | 'MANUAL'
  enabled?: boolean
}

/** One matter, driven like its firm and its client would; amounts are decimal strings in the firm's currency. */
export class Matter {
  protected readonly parts: MatterParts
  #options: StoryOptions = {}

  constructor(parts: MatterParts) {
    this.parts = parts
  }

  get id(): string {
    return this.parts.matterId
  }

  get firmId(): string {
    return this.parts.firmId
  }

  get workflowId(): string {
    return retainerWorkflowId(this.id)
  }

  protected get handle() {
    return this.parts.engine.client.workflow.getHandle(this.workflowId)
  }

  row() {
    return this.parts.database.owner
      .selectFrom('retainer')
      .selectAll()
      .where('matter_id', '=', this.id)
      .executeTakeFirstOrThrow()
  }

  /** Balance, amount due and phase, as the lists show them. */
  async figures(): Promise<{ balance: string; due: string; phase: string }> {
    const { balance_minor, amount_due_minor, phase } = await this.row()
    return { balance: this.decimal(balance_minor), due: this.decimal(amount_due_minor), phase }
  }

  /** Codes of what needs a person's attention now. */
  async attention(): Promise<string[]> {
    const rows = await this.parts.database.owner
      .selectFrom('attention')
      .select('code')
      .where('matter_id', '=', this.id)
      .where('cleared_at', 'is', null)
      .orderBy('since')
      .execute()
    return rows.map(({ code }) => code)
  }

  /** Sends a command, again if it is not answered, as a client does, and brings its answer; what it planned may still be under way. */
  ask(command: Command, key: string = randomUUID()): Promise<Answer> {
    const { commands, firmId, matterId } = this.parts
    return until('the command is answered', () =>
      commands.send({ firmId, matterId, key, input: command, command }).catch((error: unknown) => {
        if (error instanceof CommandUnanswered) return null
        throw error
      }),
    )
  }

  /** Sends a command and, unless it was refused, waits until what it planned has been carried out. */
  async send(command: Command, key?: string): Promise<Answer> {
    const answer = await this.ask(command, key)
    if (answer.ok) await quiet(this.parts.database)
    return answer
  }

  /** The command that saves these options on top of those saved before. */
  saving(change: StoryOptions): Command {
    this.#options = { ...this.#options, ...change }
    const { initial = null, topUp = null, payInvoices = 'AUTOMATIC', enabled = true } = this.#options
    return {
      kind: 'saveOptions',
      currency: this.parts.currency,
      options: {
        ...NO_OPTIONS,
        enabled,
        initialAmountMinor: initial === null ? null : this.minor(initial),
        payNewInvoices: payInvoices,
        replenishment: {
          enabled: topUp !== null,
          minimumBalanceMinor: this.minor(topUp?.[0] ?? '0'),
          topUpTriggerMinor: this.minor(topUp?.[1] ?? '0'),
        },
      },
    }
  }

  /** As `saving`; what is refused was not saved. */
  async save(change: StoryOptions): Promise<Answer> {
    const before = this.#options
    const answer = await this.send(this.saving(change))
    if (!answer.ok) this.#options = before
    return answer
  }

  createOnline = (): Promise<Answer> => this.send({ kind: 'createOnline' })
  turnOff = (): Promise<Answer> => this.send({ kind: 'turnReplenishmentOff' })
  withdraw = (): Promise<Answer> => this.send({ kind: 'withdrawRequest' })
  close = (): Promise<Answer> => this.send({ kind: 'closeMatter' })

  invoice(amount: string, invoiceId: string = randomUUID(), number = `INV-${invoiceId.slice(0, 8)}`): Promise<Answer> {
    const { currency } = this.parts
    return this.send({ kind: 'recordInvoice', invoiceId, number, currency, amountMinor: this.minor(amount) })
  }

  /** A person pays an invoice from the retainer; null is as much as can be. */
  applyTo(invoiceId: string, amount: string | null): Promise<Answer> {
    const amountMinor = this.#minorOrAll(amount)
    return this.send({ kind: 'applyRetainer', invoiceId, applicationId: randomUUID(), amountMinor })
  }

  cheque(amount: string): Promise<Answer> {
    const paymentId = randomUUID()
    const { currency } = this.parts
    return this.send({ kind: 'recordOfflinePayment', paymentId, currency, amountMinor: this.minor(amount) })
  }

  /** Sends unused money back, all of it without an amount; waits until the provider was asked, and the books hold its answer. */
  async refund(amount: string | null, refundId: string = randomUUID()): Promise<Answer> {
    const answer = await this.ask({ kind: 'refundRetainer', refundId, amountMinor: this.#minorOrAll(amount) })
    if (answer.ok) await this.decided(`refund:${refundId}:sent`)
    return answer
  }

  transfer(to: Matter, amount: string): Promise<Answer> {
    const transferId = randomUUID()
    return this.send({ kind: 'transferRetainer', transferId, toMatterId: to.id, amountMinor: this.minor(amount) })
  }

  /** Waits until this matter has counted every transfer to it. */
  async countsArrivals(): Promise<void> {
    await until('every arrival is counted', async () => {
      const { state } = await this.row()
      return (state as { arrivals: unknown[] } | null)?.arrivals.length === 0
    })
    await quiet(this.parts.database)
  }

  /** The client, on our payment page, asks to pay; null is all that is due. The attempt's id. */
  async opensPayment(amount: string | null = null): Promise<{ attemptId: string; answer: Answer }> {
    const attemptId = randomUUID()
    const requestId = (await this.row()).open_request_id ?? 'none'
    const amountMinor = this.#minorOrAll(amount)
    return { attemptId, answer: await this.ask({ kind: 'openPayment', attemptId, requestId, amountMinor }) }
  }

  attempt(attemptId: string) {
    return this.parts.database.owner
      .selectFrom('attempt')
      .selectAll()
      .where('id', '=', attemptId)
      .executeTakeFirstOrThrow()
  }

  /** Waits until the client can be sent to the provider's page of this attempt: the session's id. */
  async pageOpen(attemptId: string): Promise<string> {
    return until('the payment page is open', async () => {
      const { status, session_id } = await this.attempt(attemptId)
      return status === 'OPEN' && session_id
    })
  }

  /** Pays at the provider's page of an attempt, by card unless by the bank account named; the payment's id. Its news is still to come. */
  async paysAttempt(attemptId: string, by?: { accountNumber: string } | { cardNumber: string }): Promise<string> {
    const { sandbox } = this.parts
    const session = await this.pageOpen(attemptId)
    const status = await sandbox.pay(session, by)
    if (status !== 303) throw new Error(`The page answered ${status}.`)
    return sandbox.paymentOf(session)
  }

  /** Waits until the books hold the decision on this key, and what followed from it has been carried out. */
  async decided(key: string): Promise<void> {
    const { database, firmId } = this.parts
    await until(`${key} is decided`, () =>
      database.owner
        .selectFrom('command')
        .select('key')
        .where('firm_id', '=', firmId)
        .where('key', '=', key)
        .executeTakeFirst(),
    )
    await quiet(database)
  }

  /** Waits until the engine has nothing of this matter under way: no activity, and no task. */
  async rests(): Promise<void> {
    await until('the matter rests', async () => {
      const [{ raw }, { events }] = await Promise.all([this.handle.describe(), this.handle.fetchHistory()])
      const done = events?.findLastIndex((event) => event.workflowTaskCompletedEventAttributes) ?? -1
      const wanted = events?.findLastIndex((event) => event.workflowTaskScheduledEventAttributes) ?? -1
      return !raw.pendingActivities?.length && done > wanted
    })
  }

  liveState() {
    return this.handle.query(queries.liveState)
  }

  async newestRun(): Promise<{ workflowId: string; runId: string }> {
    return { workflowId: this.workflowId, runId: (await this.handle.describe()).runId }
  }

  /**
   * The engine loses the matter: nothing of it is left there but its history. Losing one at work stops the clock of the
   * engine that skips time, which waits for that work for ever: nothing may be skipped after it.
   */
  async loseEngine({ atWork = false } = {}): Promise<void> {
    if (!atWork) await until('the matter is at rest', async () => (await this.liveState()).effectsInFlight === 0)
    this.parts.otherRuns.push(await this.newestRun())
    await this.handle.terminate('The engine was lost.')
  }

  /** Minor units of a decimal string in the firm's currency. */
  minor(amount: string): bigint {
    const parsed = parseDecimal(amount, this.parts.currency, LARGEST_RECORDED_MINOR)
    if (parsed.problem) throw new Error(`${amount} is no amount: ${parsed.problem}`)
    return parsed.amountMinor
  }

  #minorOrAll(amount: string | null): bigint | null {
    return amount === null ? null : this.minor(amount)
  }

  protected decimal(amountMinor: bigint): string {
    return toDecimalString(amountMinor, this.parts.currency)
  }
}
