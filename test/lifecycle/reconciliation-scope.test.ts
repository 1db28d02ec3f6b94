import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import { MockActivityEnvironment } from '@temporalio/testing'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountActivities } from '../../activities/accounts.ts'
import { providerCheckActivities } from '../../activities/provider-checks.ts'
import { checkMatters } from '../../src/reconciliation/matters.ts'
import { disputes } from '../../src/reconciliation/provider/disputes.ts'
import { refunds } from '../../src/reconciliation/provider/refunds.ts'
import { unsentRefunds } from '../../src/reconciliation/provider/unsent-refunds.ts'
import { beginRecord, endRecord, unsentNotices } from '../../src/reconciliation/record.ts'
import { unbookedEvents } from '../../src/reconciliation/under-way.ts'
import { stripeBackfill } from '../../src/worker/inbox/backfill.ts'
import { handleRefund } from '../../src/worker/inbox/refunds.ts'
import { type Ledger, NOON, openLedger } from '../ledger/ledger.ts'
import { refunding, teller } from '../ledger/teller.ts'
import { createFirm, createMatter } from '../support/firm.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const GONE = new Stripe.errors.StripePermissionError({ message: 'revoked', code: 'account_invalid' })

let ledger: Ledger
let tell: ReturnType<typeof teller>
beforeAll(async () => {
  ledger = await openLedger()
  tell = teller(ledger)
})
afterAll(() => ledger?.end())

const owner = () => ledger.database.owner

/** A provider that knows nothing, refuses some accounts, and remembers where it was asked. */
function emptyProvider({ refuses = [] as string[] } = {}) {
  const asked: string[] = []
  async function* list(_: object, { stripeAccount = 'platform' }: { stripeAccount?: string }) {
    asked.push(stripeAccount)
    if (refuses.includes(stripeAccount)) throw GONE
    yield* []
  }
  const kinds = ['charges', 'refunds', 'disputes', 'payouts', 'events']
  return { asked, stripe: Object.fromEntries(kinds.map((kind) => [kind, { list }])) as unknown as Stripe }
}

const openAttention = (firmId: string) =>
  owner()
    .selectFrom('firm_attention')
    .select(['code', 'subject_id'])
    .where('firm_id', '=', firmId)
    .where('cleared_at', 'is', null)
    .execute()

describe('an account that the provider refuses us', () => {
  const temporalThatStarts = (started: string[]) => {
    const start = async (_: string, { args: [account] }: { args: string[] }) => void started.push(account ?? '')
    const withDeadline = (_: number, call: () => Promise<void>) => call()
    return { withDeadline, workflow: { start } } as unknown as Client
  }

  test('keeps no other from being asked, and is asked seldom; its firms are told once until it is back', async () => {
    const { firmId } = await createFirm(owner(), { stripeAccount: 'acct_a_gone' })
    await createFirm(owner(), { stripeAccount: 'acct_b_living' })
    const { stripe, asked } = emptyProvider({ refuses: ['acct_a_gone'] })
    const started: string[] = []
    const backfill = stripeBackfill({ db: ledger.worker, temporal: temporalThatStarts(started), stripe })
    await backfill()
    await backfill()
    const living = ['acct_b_living', 'platform']
    expect(asked.slice(0, 3).toSorted()).toEqual(['acct_a_gone', ...living])
    expect(asked.slice(3).toSorted()).toEqual(living)
    expect(started).toEqual(['acct_a_gone'])

    const { noteUnreachable } = accountActivities({ db: ledger.worker })
    expect(await noteUnreachable('acct_a_gone', NOON)).toHaveLength(1)
    const unreachable = [{ code: 'ACCOUNT_UNREACHABLE', subject_id: 'acct_a_gone' }]
    expect(await openAttention(firmId)).toEqual(unreachable)
    await owner()
      .updateTable('firm_attention')
      .set({ cleared_at: new Date(NOON + 1) })
      .where('firm_id', '=', firmId)
      .execute()
    await noteUnreachable('acct_a_gone', NOON + 2)
    expect(await openAttention(firmId), 'seen to').toEqual([])

    const { stripe: again } = emptyProvider()
    await stripeBackfill({ db: ledger.worker, temporal: temporalThatStarts(started), stripe: again })()
    await noteUnreachable('acct_a_gone', NOON + 3)
    expect(await openAttention(firmId), 'lost another time').toEqual(unreachable)
    await stripeBackfill({ db: ledger.worker, temporal: temporalThatStarts(started), stripe: again })()
    expect(await openAttention(firmId), 'and back').toEqual([])
  })

  test('is a difference, and the firm’s other accounts are compared all the same', async () => {
    const firm = await createFirm(owner(), { stripeAccount: 'acct_mine_gone' })
    const matterId = await createMatter(owner(), firm)
    const paid = { matter_id: matterId, version: 1n, method: 'CARD', amount_minor: 1n, settled_at: new Date() }
    for (const provider_account of ['acct_mine_gone', 'acct_left_gone', 'acct_mine_before']) {
      const id = `pi_${provider_account}`
      await owner()
        .insertInto('payment')
        .values({ firm_id: firm.firmId, id, provider_account, ...paid })
        .execute()
    }
    const { stripe, asked } = emptyProvider({ refuses: ['acct_mine_gone', 'acct_left_gone'] })
    stripe.paymentIntents = { retrieve: async () => ({ latest_charge: null }) } as never
    const { checkProvider, takeInMissingEvents } = providerCheckActivities({ db: ledger.worker, stripe })
    const input = { firmId: firm.firmId, reconciliationId: randomUUID() }
    expect(await new MockActivityEnvironment().run(takeInMissingEvents, input)).toBe(0)
    expect(asked).toEqual(['acct_left_gone', 'acct_mine_before', 'acct_mine_gone'])
    stripe.paymentIntents = {
      retrieve: async (id: string) => ({
        latest_charge: { payment_intent: id, status: 'succeeded', amount: 1, metadata: {} },
      }),
    } as never
    const found = await new MockActivityEnvironment().run(checkProvider, input)
    expect(found).toMatchObject([{ code: 'ACCOUNT_UNREACHABLE', subject: 'acct_mine_gone' }])
    expect(new Set(asked)).toEqual(new Set(['acct_left_gone', 'acct_mine_before', 'acct_mine_gone']))
  })
})

test('what an account did before it took anything for the firm is not compared', async () => {
  const { firmId } = await createFirm(owner(), { stripeAccount: 'acct_with_history' })
  const { stripe, asked } = emptyProvider()
  const { checkProvider } = providerCheckActivities({ db: ledger.worker, stripe })
  expect(await new MockActivityEnvironment().run(checkProvider, { firmId, reconciliationId: randomUUID() })).toEqual([])
  expect(asked).toEqual([])
})

test('a reconciliation that failed tells the firm, until the next one ends', async () => {
  const { firmId } = await createFirm(owner())
  const ended = async (status: 'CLEAN' | 'FAILED' | 'DIFFERENCES') => {
    const id = randomUUID()
    await beginRecord(ledger.worker, firmId, id, new Date())
    await endRecord(ledger.worker, { firmId, id, status, at: new Date(), differences: [] })
    return id
  }
  const failed = await ended('FAILED')
  expect(await openAttention(firmId)).toEqual([{ code: 'RECONCILIATION_FAILED', subject_id: failed }])
  const mail = owner().selectFrom('effect').select('status').where('id', '=', `reconciliation.${failed}`)
  expect(await mail.execute()).toEqual([{ status: 'PLANNED' }])
  await ended('DIFFERENCES')
  const differs = await ended('DIFFERENCES')
  expect(await openAttention(firmId)).toEqual([{ code: 'RECONCILIATION_DIFFERENCE', subject_id: differs }])
  await ended('CLEAN')
  expect(await openAttention(firmId)).toEqual([])
})

test('a reconciliation that ended without a word has failed when the next one begins, and its firm is told', async () => {
  const begun = async (firmId: string, startedMs: number) => {
    const id = randomUUID()
    await beginRecord(ledger.worker, firmId, id, new Date(startedMs))
    return id
  }
  const statusOf = async (id: string) =>
    (await owner().selectFrom('reconciliation').select('status').where('id', '=', id).executeTakeFirst())?.status
  const [{ firmId }, other] = [await createFirm(owner()), await createFirm(owner())]
  const [dead, others] = [await begun(firmId, NOON), await begun(other.firmId, NOON)]
  const next = await begun(firmId, NOON + DAY_MS)
  expect([await statusOf(dead), await statusOf(next), await statusOf(others)]).toEqual(['FAILED', 'RUNNING', 'RUNNING'])
  expect(await openAttention(firmId)).toEqual([{ code: 'RECONCILIATION_FAILED', subject_id: dead }])
  const told = (firm: string) => unsentNotices(ledger.worker, firm)
  expect(await told(firmId)).toMatchObject([{ id: `reconciliation.${dead}`, template: 'NEEDS_ATTENTION' }])
  expect(await told(other.firmId)).toEqual([])

  await beginRecord(ledger.worker, firmId, dead, new Date(NOON))
  expect(await statusOf(next), 'what comes late from the dead one ends none').toBe('RUNNING')
  await beginRecord(ledger.worker, firmId, next, new Date(NOON + DAY_MS))
  expect(await statusOf(next), 'nor does an attempt more').toBe('RUNNING')
})

test('an event that is known to be another firm’s is no difference of this one', async () => {
  const { firmId } = await createFirm(owner())
  const event = { source: 'stripe', type: 'payout.paid', object_id: 'x' }
  await owner()
    .insertInto('inbox')
    .values({ id: 'evt_other', firm_id: ledger.firm.firmId, ...event })
    .execute()
  await owner()
    .insertInto('inbox')
    .values({ id: 'evt_nobody', ...event })
    .execute()
  expect((await unbookedEvents(ledger.worker, firmId)).map(({ subject }) => subject)).toEqual(['evt_nobody'])
})

describe('R17, R18: what takes long', () => {
  const place = () => ({ db: ledger.worker, account: 'platform', firmId: ledger.firm.firmId }) as never

  test('is looked at while it is open, however old it is', async () => {
    const { matterId } = await ledger.holding(0n)
    const payment = await tell.pay({ matterId }, 1_000n)
    const refundId = randomUUID()
    await tell.take(matterId, refunding(400n, refundId))
    await tell.sent(refundId)
    const providerId = `re_${randomUUID()}`
    await owner()
      .updateTable('refund_part')
      .set({ provider_id: providerId })
      .where('refund_id', '=', refundId)
      .execute()
    await tell.dispute(payment, 'dp_old', 'disputeOpened')
    const later = new Date(NOON + 300 * DAY_MS)
    expect(await disputes.booked(place(), later)).toContain('dp_old')
    expect(await refunds.booked(place(), later)).toContain(providerId)
    await tell.dispute(payment, 'dp_old', 'disputeClosed')
    await tell.outcome(refundId, 0, 'refundTaken')
    expect(await disputes.booked(place(), later)).not.toContain('dp_old')
    expect(await refunds.booked(place(), later)).not.toContain(providerId)
  })
})

describe('R17: a refund whose answer was lost', () => {
  async function takenUnnoted() {
    const { matterId } = await ledger.holding(0n)
    const payment = await tell.pay({ matterId }, 1_000n)
    const refundId = randomUUID()
    await tell.take(matterId, refunding(400n, refundId))
    const partId = `${refundId}.1`
    const metadata = { partId }
    const payment_intent = { id: payment, metadata: {} }
    const base = { id: `re_${refundId}`, amount: 400, status: 'succeeded', balance_transaction: 'txn', created: 1 }
    return {
      matterId,
      payment,
      partId,
      refundId,
      refund: { ...base, metadata, payment_intent } as unknown as Stripe.Refund,
    }
  }

  test('is compared by what was sent with it', async () => {
    const { matterId, refundId, refund } = await takenUnnoted()
    await tell.outcome(refundId, 0, 'refundTaken')
    const place = { db: ledger.worker, account: 'platform', firmId: ledger.firm.firmId } as never
    const row = (await refunds.rows(place, [refund])).get(refund.id)
    expect(row).toEqual({ matterId, part: { amountMinor: 400n, status: 'TAKEN' } })
  })

  test('is noted by its event', async () => {
    const { partId, refund } = await takenUnnoted()
    const stripe = { refunds: { retrieve: async () => refund } }
    const temporal = { workflow: { signalWithStart: async () => undefined } }
    const event = { id: 'evt_refund', objectId: refund.id, account: null, receivedAt: new Date(), tries: 1 }
    await handleRefund({ db: ledger.worker, stripe, temporal } as never, event as never)
    const part = owner().selectFrom('refund_part').select('provider_id').where('id', '=', partId)
    expect(await part.executeTakeFirst()).toEqual({ provider_id: refund.id })
  })

  test('is told as found where it was given up here: the client has the money, and the retainer too', async () => {
    const { matterId, payment, refundId, partId, refund } = await takenUnnoted()
    await tell.outcome(refundId, 0, 'refundFailed')
    const told: string[] = []
    const signalWithStart = async (_: string, { signal }: { signal: { name: string } }) => void told.push(signal.name)
    const stripe = { refunds: { retrieve: async () => refund } }
    const event = { id: 'evt_made', objectId: refund.id, account: null, receivedAt: new Date(), tries: 1 }
    const dependencies = { db: ledger.worker, stripe, temporal: { workflow: { signalWithStart } } }
    await handleRefund(dependencies as never, event as never)
    expect(told).toEqual(['refundFound'])

    await tell.found(payment, refund.id, 400n)
    expect((await tell.stateOf(matterId)).balanceMinor).toBe(600n)
    const parts = owner().selectFrom('refund_part').select(['id', 'status', 'provider_id']).orderBy('status')
    expect(await parts.where('payment_id', '=', payment).execute()).toEqual([
      { id: partId, status: 'FAILED', provider_id: null },
      { id: `${refund.id}.1`, status: 'TAKEN', provider_id: refund.id },
    ])
    await handleRefund(dependencies as never, event as never)
    expect(told, 'and never again').toEqual(['refundFound'])
    const place = { db: ledger.worker, account: 'platform', firmId: ledger.firm.firmId } as never
    expect((await refunds.rows(place, [refund])).get(refund.id)?.part).toEqual({ amountMinor: 400n, status: 'TAKEN' })
  })

  test('of which nobody knows anything after a day is a difference', async () => {
    const { partId } = await takenUnnoted()
    const unsent = async (before: number) =>
      (await unsentRefunds(ledger.worker, ledger.firm.firmId, new Date(before))).map(({ subject }) => subject)
    expect(await unsent(NOON)).not.toContain(partId)
    expect(await unsent(NOON + DAY_MS)).toContain(partId)
  })
})

test('R20: a closed matter with work still to do must have its workflow', async () => {
  const { matterId } = await ledger.holding(0n)
  await tell.take(matterId, { kind: 'closeMatter' })
  const asked: string[] = []
  const describeIt = async () => ({ status: { name: 'TERMINATED' } })
  const temporal = {
    workflow: { getHandle: (id: string) => ({ describe: async () => asked.push(id) && describeIt() }) },
  }
  const check = () => checkMatters({ db: ledger.worker, temporal } as never, ledger.firm.firmId, async () => undefined)
  await owner().updateTable('effect').set({ status: 'DONE' }).where('matter_id', '=', matterId).execute()
  expect((await check()).map(({ matterId: id }) => id)).not.toContain(matterId)
  const paymentId = await tell.pay({ matterId }, 900n)
  await owner().updateTable('effect').set({ status: 'DONE' }).where('matter_id', '=', matterId).execute()
  await tell.take(matterId, { kind: 'refundUnappliedFunds', refundId: randomUUID(), paymentId, amountMinor: 900n })
  expect((await check()).map(({ matterId: id }) => id)).toContain(matterId)
}, 300_000)
