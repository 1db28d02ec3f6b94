import { randomUUID } from 'node:crypto'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EffectOutcome } from '../../activities/courier-wire.ts'
import { refundRequest } from '../../activities/refund-request.ts'
import { refundActivities } from '../../activities/refunds.ts'
import { toWire } from '../../src/domain/wire.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import { refunding, teller } from '../ledger/teller.ts'
import { openSandbox, pay, sessionParams } from '../sandbox/harness.ts'

const ACCOUNT = 'acct_firm'
const ON = { stripeAccount: ACCOUNT }
const AMOUNT_MINOR = 500n

let ledger: Ledger
let far: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  ledger = await openLedger()
  far = await openSandbox()
})
afterAll(async () => {
  await far?.sandbox.close()
  await ledger?.end()
})
beforeEach(() => far.controls.behaves({ withoutBalance: [] }))

/** A refund in the books of a payment that the provider has taken. */
async function planned() {
  const tell = teller(ledger)
  const session = await far.stripe.checkout.sessions.create(sessionParams(Number(AMOUNT_MINOR) * 2), ON)
  await pay(session)
  const { payment_intent } = await far.stripe.checkout.sessions.retrieve(session.id, {}, ON)
  if (typeof payment_intent !== 'string') throw new Error('The session was not paid.')
  const paymentId = payment_intent
  const { matterId } = await ledger.holding(0n)
  const facts = {
    amountMinor: AMOUNT_MINOR * 2n,
    requestId: null,
    attemptId: null,
    method: 'CARD',
    feeMinor: null,
  } as const
  await tell.take(matterId, { kind: 'paymentSettled', paymentId, providerAccount: ACCOUNT, ...facts })
  const refundId = randomUUID()
  const { effects } = await tell.take(matterId, refunding(AMOUNT_MINOR, refundId))
  const effect = effects.find(({ kind }) => kind === 'REFUND')
  if (effect?.kind !== 'REFUND') throw new Error('No refund is planned.')
  // By the clock of the activities, not by the ledger tests' own.
  await ledger.database.owner
    .updateTable('effect')
    .set({ planned_at: new Date() })
    .where('id', '=', effect.id)
    .execute()
  return { matterId, paymentId, refundId, effect: toWire(effect) }
}

type Planned = Awaited<ReturnType<typeof planned>>

/** One try of a worker. Half of the payment is refunded, so that the provider itself would let it be made twice. */
async function tries({ effect }: Planned, stripe: Stripe = far.stripe): Promise<string> {
  const info = { currentAttemptScheduledTimestampMs: Date.now() }
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') })
  const { sendRefund } = refundActivities({ db: ledger.worker, stripe })
  try {
    const { outcome }: EffectOutcome = await environment.run(sendRefund, effect, { firmKnows: true })
    return outcome
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const SHORT = expect.stringContaining('balance_insufficient')
const balanceComes = () => far.controls.behaves({ withoutBalance: [] })
const balanceGoes = () => far.controls.behaves({ withoutBalance: [ACCOUNT] })

const made = async ({ paymentId }: Planned) => {
  const { data } = await far.stripe.refunds.list({ payment_intent: paymentId }, ON)
  return data.map(({ id }) => id)
}

async function partOf({ refundId }: Planned) {
  return await ledger.database.owner
    .selectFrom('refund_part')
    .select(['id', 'provider_id', 'provider_status', 'used_keys'])
    .where('refund_id', '=', refundId)
    .executeTakeFirstOrThrow()
}

/** Books restored from before the first try. */
async function forgets({ effect, refundId }: Planned): Promise<void> {
  const { owner } = ledger.database
  await owner
    .updateTable('effect')
    .set({ status: 'PLANNED', first_tried_at: null, prepared: null, finished_at: null })
    .where('id', '=', effect.id)
    .execute()
  await owner
    .updateTable('refund_part')
    .set({ provider_id: null, provider_status: null, used_keys: 0 })
    .where('refund_id', '=', refundId)
    .execute()
}

describe('R17: a refund that was refused for want of balance', () => {
  test('is asked for anew at every try, and made at the first one after the balance came', async () => {
    const refund = await planned()
    await balanceGoes()
    for (let count = 0; count < 4; count += 1) expect(await tries(refund)).toEqual(SHORT)
    await balanceComes()
    expect(await tries(refund)).toBe('done')
    expect(await made(refund)).toEqual([(await partOf(refund)).provider_id])
  })

  test('and made under the next key, its answer lost, is made once', async () => {
    const refund = await planned()
    await balanceGoes()
    await tries(refund)
    await balanceComes()
    // The first of the two calls of this try is answered from memory.
    const lost = { path: '/v1/refunds', effect: { kind: 'fail', status: 503, afterActing: true } }
    await tries(
      refund,
      losingAnswers(async () => await far.faults({ calls: [lost] })),
    )
    const [id, ...more] = await made(refund)
    expect(more).toEqual([])
    expect(await partOf(refund)).toMatchObject({ provider_status: null })
    expect(await tries(refund)).toBe('done')
    expect(await made(refund)).toEqual([id])
    expect(await partOf(refund)).toMatchObject({ provider_id: id })
  })

  test('is found again by restored books that have forgotten its keys', async () => {
    const refund = await planned()
    await balanceGoes()
    for (let count = 0; count < 3; count += 1) await tries(refund)
    await balanceComes()
    await tries(refund)
    const before = await partOf(refund)
    await forgets(refund)
    expect(await tries(refund)).toBe('done')
    expect(await partOf(refund)).toEqual(before)
    expect(await made(refund)).toEqual([before.provider_id])
  })

  test('is not made again by a worker that was away since an earlier key', async () => {
    const refund = await planned()
    await balanceGoes()
    await tries(refund)
    await balanceComes()
    await tries(refund)
    const { id } = await partOf(refund)
    const { matterId, refundId, paymentId } = refund
    const subject = { firm_id: ledger.firm.firmId, matter_id: matterId, refund_id: refundId, id, payment_id: paymentId }
    const { params, options } = refundRequest({
      ...subject,
      amount_minor: AMOUNT_MINOR,
      provider_account: ACCOUNT,
      used_keys: 0,
    })
    await expect(far.stripe.refunds.create(params, options)).rejects.toMatchObject({ code: 'balance_insufficient' })
    expect(await made(refund)).toHaveLength(1)
  })
})

describe('R17: a refund keeps its key, and is not booked back,', () => {
  const failure = (statusCode: number, how: { type: string; code?: string; remembered: boolean }) => ({
    statusCode,
    type: how.type,
    message: 'no',
    ...(how.code && { code: how.code }),
    headers: how.remembered ? { 'idempotent-replayed': 'true' } : {},
  })
  type Raw = ConstructorParameters<typeof Stripe.errors.StripeError>[0]

  test.each([
    [
      'when the refusal for want of balance is not remembered under it',
      new Stripe.errors.StripeInvalidRequestError(
        failure(400, { type: 'invalid_request_error', code: 'balance_insufficient', remembered: false }) as Raw,
      ),
    ],
    [
      'when a remembered answer leaves open whether it was made',
      new Stripe.errors.StripeAPIError(failure(500, { type: 'api_error', remembered: true }) as Raw),
    ],
    [
      'when the provider knows the key with other parameters',
      new Stripe.errors.StripeIdempotencyError(failure(400, { type: 'idempotency_error', remembered: false }) as Raw),
    ],
  ])('%s', async (_, error) => {
    const refund = await planned()
    const keys = new Set<string>()
    const stripe = {
      refunds: {
        create: async (_params: object, { idempotencyKey }: { idempotencyKey: string }) => {
          keys.add(idempotencyKey)
          throw error
        },
      },
    } as unknown as Stripe
    for (let count = 0; count < 3; count += 1) expect(await tries(refund, stripe)).toContain('did not do it')
    expect([...keys]).toHaveLength(1)
    expect(await partOf(refund)).toMatchObject({ provider_status: null, used_keys: 0 })
  })
})

/** The official client, whose second call of a try meets what `fault` switches on. */
function losingAnswers(fault: () => Promise<void>): Stripe {
  let calls = 0
  const refunds = {
    create: async (...args: Parameters<Stripe['refunds']['create']>) => {
      calls += 1
      if (calls === 2) await fault()
      return await far.stripe.refunds.create(...args)
    },
  }
  return { refunds } as unknown as Stripe
}
