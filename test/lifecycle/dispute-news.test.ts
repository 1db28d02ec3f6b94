import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogger } from '../../src/log.ts'
import { disputeStanding } from '../../src/provider/dispute-standing.ts'
import { unbookedEvents } from '../../src/reconciliation/under-way.ts'
import { chargeFacts } from '../../src/worker/inbox/charges.ts'
import { disputeFacts } from '../../src/worker/inbox/dispute-facts.ts'
import { handleDispute } from '../../src/worker/inbox/disputes.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import { teller } from '../ledger/teller.ts'

const HOUR_MS = 60 * 60 * 1000

let ledger: Ledger
let tell: ReturnType<typeof teller>
beforeAll(async () => {
  ledger = await openLedger()
  tell = teller(ledger)
})
afterAll(() => ledger?.end())

interface Changes {
  status?: Stripe.Dispute.Status
  /** Amounts that the account's balance moved by, each with its currency. */
  moved?: [amount: number, currency?: string][]
  dueBy?: number | null
  paymentId?: string
}

function dispute({ status = 'needs_response', moved = [], dueBy = 99, paymentId = 'pi' }: Changes): Stripe.Dispute {
  const balance_transactions = moved.map(([amount, currency = 'usd']) => ({ amount, currency }))
  const payment_intent = { id: paymentId, metadata: {} }
  const base = { id: `dp_${paymentId}`, amount: 5_000, currency: 'usd', payment_intent }
  return { ...base, status, balance_transactions, evidence_details: { due_by: dueBy } } as unknown as Stripe.Dispute
}

const PAYMENT = { paymentId: 'pi', providerAccount: 'platform', paymentVersion: 1, unappliedMinor: 0n }
const told = (changes: Changes) => disputeFacts(dispute(changes), PAYMENT)

describe('R18: what a dispute at the provider says', () => {
  test.each([0, null])('with a due_by of %s is that it cannot be contested', (dueBy) => {
    expect(told({ dueBy, status: 'lost' })[0]).toMatchObject({ kind: 'disputeOpened', deadlineMs: null })
  })

  test('when it is won in part is what came back, and that it is over', () => {
    const facts = told({ status: 'won', moved: [[-5_000], [3_000]] })
    expect(facts.map((fact) => [fact.kind, 'amountMinor' in fact ? fact.amountMinor : null])).toEqual([
      ['disputeOpened', 5_000n],
      ['paymentReversed', 5_000n],
      ['reversalWon', 3_000n],
      ['disputeClosed', null],
    ])
  })

  test('at an account that settles in another currency is told in the payment’s', () => {
    const { withdrawnMinor, reinstatedMinor } = disputeStanding(
      dispute({
        status: 'won',
        moved: [
          [-6_850, 'cad'],
          [6_900, 'cad'],
        ],
      }),
    )
    expect({ withdrawnMinor, reinstatedMinor }).toEqual({ withdrawnMinor: 5_000n, reinstatedMinor: 5_000n })
  })
})

test.each([
  ['usd', 320n],
  ['cad', null],
])('the fee of a payment in USD is known where the account settles in %s: %s', (currency, feeMinor) => {
  const charge = { currency: 'usd', balance_transaction: { fee: 320, currency } } as unknown as Stripe.Charge
  expect(chargeFacts(charge).feeMinor).toBe(feeMinor)
})

describe('R18: news of a dispute', () => {
  /** Handles an event so old about this dispute: the facts that the matter is told, and what becomes of the event. */
  async function handled(object: Stripe.Dispute, { type = 'charge.dispute.closed', ageMs = 0 } = {}) {
    const id = `evt_${randomUUID()}`
    await ledger.worker.insertInto('inbox').values({ id, source: 'stripe', type, object_id: object.id }).execute()
    const facts: string[] = []
    const signalWithStart = async (_: string, { signal }: { signal: { name: string } }) => void facts.push(signal.name)
    const stripe = { disputes: { retrieve: async () => object } } as unknown as Stripe
    const dependencies = {
      db: ledger.worker,
      stripe,
      temporal: { workflow: { signalWithStart } },
      log: createLogger('test'),
    }
    const event = {
      id,
      source: 'stripe',
      type,
      objectId: object.id,
      account: null,
      firmId: null,
      matterId: null,
      effectId: null,
      tries: 1,
    }
    await handleDispute(dependencies as never, { ...event, source: 'stripe', receivedAt: new Date(Date.now() - ageMs) })
    const inbox = ledger.worker.selectFrom('inbox').select(['booked_at', 'outcome']).where('id', '=', id)
    const { booked_at, outcome } = await inbox.executeTakeFirstOrThrow()
    return { facts, isDone: booked_at !== null, outcome }
  }

  test('that is won waits a day for its money, and no longer', async () => {
    const paymentId = await tell.pay(await ledger.holding(0n), 5_000n)
    const won = dispute({ paymentId, status: 'won', moved: [[-5_000]] })
    await tell.dispute(paymentId, won.id, 'disputeOpened')
    expect((await handled(won)).facts).toEqual(['paymentReversed'])
    await tell.dispute(paymentId, won.id, 'paymentReversed')
    const waiting = { facts: [], isDone: false, outcome: 'waits for what is still to come' }
    expect(await handled(won)).toEqual(waiting)
    const differences = await unbookedEvents(ledger.worker, ledger.firm.firmId)
    expect(
      differences.map(({ found }) => found),
      'as it should be',
    ).not.toContain(waiting.outcome)
    expect((await handled(won, { ageMs: 25 * HOUR_MS })).facts).toEqual(['disputeClosed'])
    const paid = dispute({ paymentId, status: 'won', moved: [[-5_000], [5_000]] })
    expect((await handled(paid)).facts).toEqual(['reversalWon', 'disputeClosed'])
  })

  test('that has got another deadline tells it', async () => {
    const paymentId = await tell.pay(await ledger.holding(0n), 5_000n)
    const inquiry = dispute({ paymentId, status: 'warning_needs_response', dueBy: 1_900_000_000 })
    const updated = { type: 'charge.dispute.updated' }
    expect((await handled(inquiry, updated)).facts).toEqual(['disputeOpened', 'disputeDue'])
    await tell.dispute(paymentId, inquiry.id, 'disputeOpened')
    expect((await handled(inquiry, updated)).facts).toEqual(['disputeDue'])
    expect((await handled(inquiry, { type: 'charge.dispute.created' })).facts).toEqual([])
  })
})
