import { randomUUID } from 'node:crypto'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EffectOutcome } from '../../activities/courier-wire.ts'
import { refundRequest } from '../../activities/refund-request.ts'
import { refundActivities } from '../../activities/refunds.ts'
import { toWire } from '../../src/domain/wire.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import { refunding, teller } from '../ledger/teller.ts'

const HOUR_MS = 60 * 60 * 1000

let ledger: Ledger
let tell: ReturnType<typeof teller>
beforeAll(async () => {
  ledger = await openLedger()
  tell = teller(ledger)
})
afterAll(() => ledger?.end())

type Failure = ConstructorParameters<typeof Stripe.errors.StripeError>[0]
const failing = (how: { code?: string | undefined; statusCode: number }) =>
  ({ type: 'invalid_request_error', message: 'refused', ...how }) as Failure
const GONE = new Stripe.errors.StripePermissionError(failing({ code: 'account_invalid', statusCode: 403 }))
const refusal = (code?: string) => new Stripe.errors.StripeInvalidRequestError(failing({ code, statusCode: 400 }))

/** A refund of all that these payments brought, one after the other; each is a payment at an account of its own. */
async function planned(...accounts: string[]) {
  const { matterId } = await ledger.holding(0n)
  const payments = []
  for (const providerAccount of accounts) {
    const paymentId = `pi_${randomUUID()}`
    const facts = { amountMinor: 500n, requestId: null, attemptId: null, method: 'CARD', feeMinor: null } as const
    await tell.take(matterId, { kind: 'paymentSettled', paymentId, providerAccount, ...facts })
    payments.push(paymentId)
  }
  const refundId = randomUUID()
  const { effects } = await tell.take(matterId, refunding(null, refundId))
  const effect = effects.find(({ kind }) => kind === 'REFUND')
  if (effect?.kind !== 'REFUND') throw new Error('No refund is planned.')
  // By the clock of the activities, not by the ledger tests' own.
  await ledger.database.owner
    .updateTable('effect')
    .set({ planned_at: new Date() })
    .where('id', '=', effect.id)
    .execute()
  return { matterId, payments, refundId, effect: toWire(effect) }
}

type Planned = Awaited<ReturnType<typeof planned>>

/** A provider that answers for each account as told; the accounts it was asked at, in order. */
function provider(answers: Record<string, Error | 'taken'>) {
  const asked: string[] = []
  const at = (account: string) => {
    const answer = answers[account]
    if (answer instanceof Error) throw answer
  }
  const stripe = {
    refunds: {
      create: async (_: object, { stripeAccount = 'platform' }) => {
        asked.push(stripeAccount)
        at(stripeAccount)
        return { id: `re_${randomUUID()}`, status: 'succeeded', balance_transaction: 'txn' }
      },
      async *list(_: object, { stripeAccount = 'platform' }) {
        at(stripeAccount)
        yield* []
      },
    },
  }
  return { stripe: stripe as unknown as Stripe, asked }
}

async function send(
  { effect }: Planned,
  stripe: Stripe,
  { hours = 0, firmKnows = false } = {},
): Promise<EffectOutcome> {
  const info = { currentAttemptScheduledTimestampMs: Date.now() + hours * HOUR_MS }
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') })
  const { sendRefund } = refundActivities({ db: ledger.worker, stripe })
  return await environment.run(sendRefund, effect, { firmKnows })
}

const statuses = async ({ refundId }: Planned) =>
  (await tell.partsOf(refundId)).rows.map((row) => [row.provider_account, row.provider_status])

describe('R17: a refund that the provider does not make now', () => {
  test('at one account holds up no part at another', async () => {
    const refund = await planned('acct_living', 'acct_gone')
    const { stripe, asked } = provider({ acct_gone: GONE })
    await expect(send(refund, stripe)).rejects.toThrow('did not do it')
    expect(asked).toEqual(['acct_gone', 'acct_living'])
    await expect(send(refund, stripe)).rejects.toThrow('did not do it')
    expect(asked, 'what is done is not asked for again').toEqual(['acct_gone', 'acct_living', 'acct_gone'])
  })

  test('is told to the firm after an hour, once, and goes on', async () => {
    const refund = await planned('acct_short')
    const { stripe } = provider({ acct_short: refusal('balance_insufficient') })
    await expect(send(refund, stripe)).rejects.toThrow('did not do it')
    await expect(send(refund, stripe, { hours: 0.5 })).rejects.toThrow('did not do it')
    expect(await send(refund, stripe, { hours: 1.1 })).toEqual({ outcome: 'waits' })
    await expect(send(refund, stripe, { hours: 1.2, firmKnows: true })).rejects.toThrow('did not do it')
    expect(await send(refund, provider({}).stripe, { hours: 30, firmKnows: true })).toMatchObject({ outcome: 'done' })
    expect(await statuses(refund)).toEqual([['acct_short', 'TAKEN']])
  })

  test('at an account that stays disconnected for a day puts its part back; its payment may be tried again', async () => {
    const refund = await planned('acct_living', 'acct_lost')
    const { stripe } = provider({ acct_lost: GONE })
    await expect(send(refund, stripe)).rejects.toThrow('did not do it')
    expect(await send(refund, stripe, { hours: 25 })).toMatchObject({ outcome: 'done' })
    expect(await statuses(refund)).toEqual([
      ['acct_lost', 'REFUSED'],
      ['acct_living', 'TAKEN'],
    ])
    expect((await tell.payment(refund.payments[1] ?? '')).refundable_online).toBe(true)
  })

  test('and whose answer was lost is not given back while its account is gone: it may have been made', async () => {
    const refund = await planned('acct_unanswered')
    const lost = new Stripe.errors.StripeConnectionError(failing({ statusCode: 0 }))
    await expect(send(refund, provider({ acct_unanswered: lost }).stripe)).rejects.toThrow('did not do it')
    const gone = provider({ acct_unanswered: GONE }).stripe
    await expect(send(refund, gone, { hours: 25, firmKnows: true })).rejects.toThrow('did not do it')
    await expect(send(refund, gone, { hours: 500, firmKnows: true })).rejects.toThrow('did not do it')
    expect(await statuses(refund)).toEqual([['acct_unanswered', null]])
    // Connected again, it says what it has made: nothing, so that it is asked anew.
    expect(await send(refund, provider({}).stripe, { hours: 501, firmKnows: true })).toMatchObject({ outcome: 'done' })
    expect(await statuses(refund)).toEqual([['acct_unanswered', 'TAKEN']])
  })

  test('is given back where its account is gone when it had answered before that it did not make it', async () => {
    const refund = await planned('acct_answered')
    const short = provider({ acct_answered: refusal('balance_insufficient') }).stripe
    await expect(send(refund, short)).rejects.toThrow('did not do it')
    const gone = provider({ acct_answered: GONE }).stripe
    expect(await send(refund, gone, { hours: 25, firmKnows: true })).toMatchObject({ outcome: 'done' })
    expect(await statuses(refund)).toEqual([['acct_answered', 'REFUSED']])
  })

  test('for want of a right to the platform’s own account is waited for: that is our key', async () => {
    const refund = await planned('platform')
    const { stripe } = provider({ platform: GONE })
    await expect(send(refund, stripe)).rejects.toThrow('did not do it')
    await expect(send(refund, stripe, { hours: 50, firmKnows: true })).rejects.toThrow('did not do it')
  })
})

describe('R17: a payment whose refund the provider refuses', () => {
  test.each(['charge_not_refundable', 'charge_already_refunded'])('as %s is not tried online again', async (code) => {
    const refund = await planned('acct_a')
    expect(await send(refund, provider({ acct_a: refusal(code) }).stripe)).toMatchObject({ outcome: 'done' })
    expect((await tell.payment(refund.payments[0] ?? '')).refundable_online).toBe(false)
  })

  test.each(['charge_disputed', 'refund_disputed_payment', undefined])('as %s can be tried again', async (code) => {
    const refund = await planned('acct_a')
    expect(await send(refund, provider({ acct_a: refusal(code) }).stripe)).toMatchObject({ outcome: 'done' })
    expect(await statuses(refund)).toEqual([['acct_a', 'REFUSED']])
    expect((await tell.payment(refund.payments[0] ?? '')).refundable_online).toBe(true)
  })
})

test('R17: two firms that name their refunds alike do not share a key at the provider', () => {
  const part = {
    id: 'r.1',
    refund_id: 'r',
    matter_id: null,
    payment_id: 'pi',
    amount_minor: 1n,
    provider_account: 'platform',
    used_keys: 0,
  }
  const keyOf = (firm_id: string) => refundRequest({ firm_id, ...part }).options.idempotencyKey
  expect(keyOf('one')).not.toBe(keyOf('other'))
})
