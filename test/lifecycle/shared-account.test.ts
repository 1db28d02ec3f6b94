import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogger } from '../../src/log.ts'
import { unbookedEvents } from '../../src/reconciliation/under-way.ts'
import { handleStripeEvent } from '../../src/worker/inbox/stripe-events.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import { teller } from '../ledger/teller.ts'
import { createFirm, type TestFirm } from '../support/firm.ts'

let ledger: Ledger
let tell: ReturnType<typeof teller>
let other: TestFirm
beforeAll(async () => {
  ledger = await openLedger()
  tell = teller(ledger)
  other = await createFirm(ledger.database.owner)
})
afterAll(() => ledger?.end())

/** An event on the account that the firms share, handled once: told to an engine that loses it, where it is told at all. */
async function stuck(type: string, object: object): Promise<string> {
  const id = `evt_${randomUUID()}`
  const row = { id, source: 'stripe', type, object_id: 'x' } as const
  await ledger.database.owner.insertInto('inbox').values(row).execute()
  const at = { retrieve: async () => object }
  const stripe = { checkout: { sessions: at }, disputes: at, refunds: at, charges: at, payouts: at }
  const temporal = { workflow: { signalWithStart: async () => undefined, start: async () => undefined } }
  const log = createLogger('test', { level: 'silent' })
  const handled = { ...row, account: null, objectId: 'x', firmId: null, matterId: null, effectId: null }
  const event = { ...handled, receivedAt: new Date(), tries: 1 }
  await handleStripeEvent({ db: ledger.worker, stripe, temporal, log } as never, event)
  return id
}

const namedTo = async ({ firmId }: TestFirm, event: string) => {
  const found = await unbookedEvents(ledger.worker, firmId)
  return found.filter(({ subject }) => subject === event).map(({ matterId }) => matterId)
}

const firmId = () => ledger.firm.firmId
const paid = (currency: string, firmId: string) => ({
  object: 'checkout.session',
  status: 'complete',
  payment_status: 'paid',
  amount_total: 900,
  currency,
  metadata: { firmId, attemptId: randomUUID() },
  payment_intent: 'pi',
})

describe('R15: on an account that firms share, an event that is not booked is a difference of its own firm alone', () => {
  test('a payment of the firm that has found no place', async () => {
    const event = await stuck('checkout.session.completed', paid('eur', firmId()))
    expect([await namedTo(ledger.firm, event), await namedTo(other, event)]).toEqual([[null], []])
  })

  test('a payment that unapplied funds have not taken yet', async () => {
    const event = await stuck('checkout.session.completed', paid('usd', firmId()))
    expect([await namedTo(ledger.firm, event), await namedTo(other, event)]).toEqual([[null], []])
  })

  test('a refund whose payment is not booked yet', async () => {
    const payment_intent = { id: 'pi', metadata: { firmId: firmId() } }
    const event = await stuck('refund.created', { id: 're', payment_intent, status: 'succeeded' })
    expect([await namedTo(ledger.firm, event), await namedTo(other, event)]).toEqual([[null], []])
  })

  test('a dispute that its matter does not take, with the matter', async () => {
    const { matterId } = await ledger.holding(0n)
    const payment_intent = { id: await tell.pay({ matterId }, 1_000n), metadata: {} }
    const dispute = {
      id: 'dp',
      amount: 1_000,
      status: 'needs_response',
      evidence_details: {},
      balance_transactions: [],
    }
    const event = await stuck('charge.dispute.created', { ...dispute, payment_intent })
    expect([await namedTo(ledger.firm, event), await namedTo(other, event)]).toEqual([[matterId], []])
  })

  test('what nobody can tell is shown to all of them', async () => {
    const event = await stuck('checkout.session.completed', paid('usd', randomUUID()))
    expect([await namedTo(ledger.firm, event), await namedTo(other, event)]).toEqual([[null], [null]])
  })
})
