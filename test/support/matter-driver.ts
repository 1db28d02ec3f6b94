import { randomUUID } from 'node:crypto'
import type { Answer } from '../../src/domain/events.ts'
import { parseDecimal } from '../../src/domain/money.ts'
import { tellMatter } from '../../src/worker/inbox/matters.ts'
import { type FactMessage, RETAINER_WORKFLOW, type SignalKind, signals, TASK_QUEUES } from '../../workflows/contract.ts'
import { MatterView } from './matter-view.ts'
import { quiet } from './quiet.ts'
import { until } from './until.ts'

export type { StoryOptions } from '../../src/simulation/world/matter.ts'

/** One matter, driven like its firm and its client would; amounts are decimal strings in USD. */
export class MatterDriver extends MatterView {
  async refundUnapplied(paymentId: string, amount: string, refundId: string = randomUUID()): Promise<Answer> {
    const answer = await this.ask({ kind: 'refundUnappliedFunds', refundId, paymentId, amountMinor: minor(amount) })
    if (answer.ok) await this.decided(`refund:${refundId}:sent`)
    return answer
  }

  assign(paymentId: string, amount: string): Promise<Answer> {
    return this.send({ kind: 'assignUnappliedFunds', paymentId, currency: 'USD', amountMinor: minor(amount) })
  }

  /** The client pays on the provider's page, by card unless by the bank account named; the id of the payment. Its news is still to come. */
  async paysOnline(amount: string | null, by?: { accountNumber: string } | { cardNumber: string }): Promise<string> {
    return this.paysAttempt((await this.opensPayment(amount)).attemptId, by)
  }

  /** The provider says that the client paid the open request; waits until it is booked and told. */
  async clientPays(amount: string, paymentId: string = `pi_${randomUUID()}`): Promise<string> {
    const requestId = (await this.row()).open_request_id
    await this.settles(paymentId, amount, requestId)
    return paymentId
  }

  /** The provider says that this payment settled; waits until it is booked and told. */
  async settles(paymentId: string, amount: string, requestId: string | null = null): Promise<void> {
    const booked = { paymentId, amountMinor: minor(amount).toString(), providerAccount: 'platform' }
    const settled = { ...booked, method: 'CARD', feeMinor: null } as const
    await this.tell('paymentSettled', { ...settled, requestId, attemptId: null })
    await this.decided(`payment:${paymentId}:settled`)
  }

  async debitPending(paymentId: string, amount: string): Promise<void> {
    await this.tell('paymentPending', { paymentId, amountMinor: minor(amount).toString(), attemptId: null })
    await this.decided(`payment:${paymentId}:pending`)
  }

  async debitFails(paymentId: string): Promise<void> {
    await this.tell('paymentFailed', { paymentId, attemptId: null })
    await this.decided(`payment:${paymentId}:failed`)
  }

  /** Signals a fact, as the provider's inbox does. */
  async tell<Kind extends SignalKind>(kind: Kind, fact: FactMessage<Kind>): Promise<void> {
    const signal = signals[kind] as (typeof signals)['sessionEnded']
    await this.handle.signal(signal, fact as unknown as FactMessage<'sessionEnded'>)
  }

  /** Waits until something has become worth a person's attention, and the firm has been told. */
  async needsAttention(code: string): Promise<void> {
    await until(`attention ${code} is raised`, async () => (await this.attention()).includes(code))
    await quiet(this.parts.database)
  }

  /** Starts the workflow without a message. */
  async start(): Promise<void> {
    const { engine, firmId } = this.parts
    await engine.client.workflow.start(RETAINER_WORKFLOW, {
      workflowId: this.workflowId,
      taskQueue: TASK_QUEUES.retainer,
      args: [{ firmId, matterId: this.id }],
    })
  }

  /** Tells a fact as the provider's inbox does, which starts the workflow where it does not run. */
  async startTelling<Kind extends SignalKind>(kind: Kind, fact: FactMessage<Kind>): Promise<void> {
    const { engine, firmId } = this.parts
    await tellMatter(engine.client, { firmId, matterId: this.id }, kind, fact)
  }
}

export const minor = (amount: string): bigint => {
  const parsed = parseDecimal(amount, 'USD')
  if (parsed.problem) throw new Error(`${amount} is no amount: ${parsed.problem}`)
  return parsed.amountMinor
}
