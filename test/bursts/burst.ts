import { randomUUID } from 'node:crypto'
import { CommandUnanswered } from '../../src/api/command-gateway.ts'
import type { Answer, Command } from '../../src/domain/events.ts'
import { type MatterDriver, minor } from '../support/matter-driver.ts'

const SIGNALS = 150
const UPDATES = 50

/** What a burst told a matter and asked of it. */
export interface Burst {
  /** Payments of $1.00 that were told. */
  paymentIds: string[]
  /** Cheques of $2.00 and invoices of $3.00 that were asked to be recorded, by their keys, with every answer. */
  cheques: Asked[]
  invoices: Asked[]
}

export interface Asked {
  key: string
  command: Command
  answers: Answer[]
}

/** 150 signals and 50 updates at the same moment, each sent so many times, as providers and lost connections repeat. */
export async function burst(matter: MatterDriver, times: number): Promise<Burst> {
  const requestId = (await matter.row()).open_request_id
  const paymentIds = Array.from({ length: SIGNALS / times }, () => `pi_${randomUUID()}`)
  const cheques = Array.from({ length: Math.ceil(UPDATES / times / 2) }, (): Command => {
    return { kind: 'recordOfflinePayment', paymentId: randomUUID(), currency: 'USD', amountMinor: minor('2.00') }
  })
  const invoices = Array.from({ length: Math.floor(UPDATES / times / 2) }, (_, n): Command => {
    const number = `${n}-${matter.id.slice(0, 8)}`
    return { kind: 'recordInvoice', invoiceId: randomUUID(), number, currency: 'USD', amountMinor: minor('3.00') }
  })
  const repeated = <T>(of: T): T[] => Array<T>(times).fill(of)
  const told = paymentIds.flatMap(repeated).map((paymentId) =>
    matter.tell('paymentSettled', {
      paymentId,
      amountMinor: minor('1.00').toString(),
      providerAccount: 'platform',
      requestId,
      attemptId: null,
      method: 'CARD',
      feeMinor: null,
    }),
  )
  const asking = (commands: Command[]): Promise<Asked[]> =>
    Promise.all(
      commands.map(async (command) => {
        const key = randomUUID()
        return { key, command, answers: await Promise.all(repeated(key).map(() => ask(matter, command, key))) }
      }),
    )
  const [answeredCheques, answeredInvoices] = await Promise.all([asking(cheques), asking(invoices), ...told])
  return { paymentIds, cheques: answeredCheques, invoices: answeredInvoices }
}

/** As a client of the API does: once more, by the same key, when no answer came in time. */
export async function ask(matter: MatterDriver, command: Command, key: string): Promise<Answer> {
  try {
    return await matter.ask(command, key)
  } catch (error) {
    if (error instanceof CommandUnanswered) return ask(matter, command, key)
    throw error
  }
}
