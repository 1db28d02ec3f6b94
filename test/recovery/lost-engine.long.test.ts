import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NIGHTLY_SCHEDULE } from '../../workflows/books-contract.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { quiet } from '../support/quiet.ts'
import { until } from '../support/until.ts'
import { recovered } from './as-operator.ts'
import { type MortalEngine, startMortalEngine } from './mortal-engine.ts'

let mortal: MortalEngine
let life: Lifecycle

beforeAll(async () => {
  mortal = await startMortalEngine()
  life = await startLifecycle({ startEngine: async () => mortal.engine })
})
afterAll(() => life.end())

test('all of a firm’s matters go on from the books as if nothing had happened, and the reconciliation is clean', async () => {
  const partPaid = await life.matter()
  await partPaid.save({ initial: '1000.00' })
  await partPaid.createOnline()
  await partPaid.clientPays('400.00')
  const frozen = await requestFrozenByOff()
  const debited = await life.matter()
  await debited.save({ initial: '700.00' })
  await debited.createOnline()
  await debited.debitPending('pi_debit', '700.00')
  const closed = await life.matter()
  await closed.save({ initial: '10.00' })
  await closed.close()
  const refunding = await closingWithRefundUnderWay()
  const closedUntold = await closedWithMailUnderWay()
  await life.matter()
  const nightly = await reconciliationUnderWay()
  await noticeUnsent()
  const remindersAt = (await partPaid.row()).next_reminder_at

  await life.workerAway(async () => {
    await mortal.lose()
    await life.outbox.healed()
    await life.sandbox.healed()
    await toldToTheLostEngine('evt_told')
    const lost = { matters: '5 0 0 0', reconciliations: '1 0 0 0', notices: '1 0 0 0', ended: 0 }
    expect(await recovered(life, 'look')).toEqual(lost)
    expect(await waitsMs('evt_told')).toBeGreaterThan(0)
    expect(await recovered(life)).toEqual(lost)
    expect(await waitsMs('evt_told'), 'it is told to the new engine').toBeLessThanOrEqual(0)
    await life.database.owner.deleteFrom('inbox').where('id', '=', 'evt_told').execute()
    const running = { matters: '0 0 5 0', reconciliations: '0 0 1 0', notices: '0 0 1 0', ended: 0 }
    expect(await recovered(life), 'repeated').toEqual(running)
  })

  // Effects: the mails that were under way reach client and firm once, the refund is made once.
  await quiet(life.database)
  await until('the closed matter has ended', async () => (await closedUntold.status()) === 'COMPLETED')
  expect(await closedUntold.templates('client')).toEqual(['RECEIPT'])
  expect(await noticesSent()).toBe(1)
  const { matter: refunded, paymentId, refundId } = refunding
  await refunded.decided(`refund:${refundId}:sent`)
  expect((await life.sandbox.refunds(paymentId)).length).toBe(1)
  await until('the reconciliation under way has ended', async () => {
    const row = await life.database.owner
      .selectFrom('reconciliation')
      .select('finished_at')
      .where('id', '=', nightly)
      .executeTakeFirstOrThrow()
    return row.finished_at !== null
  })
  await expect(life.engine.client.schedule.getHandle(NIGHTLY_SCHEDULE).describe()).resolves.toBeDefined()

  // Requests, reminders and the freeze are where they were.
  expect(await partPaid.figures()).toEqual({ balance: '400.00', due: '600.00', phase: 'REQUESTED' })
  expect((await partPaid.liveState()).nextReminderAtMs).toBe(remindersAt?.getTime())
  await partPaid.clientPays('600.00')
  expect(await partPaid.templates('client')).toEqual(['REQUEST', 'RECEIPT', 'RECEIPT'])
  const mailsBefore = (await frozen.letters('client')).length
  await frozen.clientPays('500.00')
  expect((await frozen.templates('client')).slice(mailsBefore)).toEqual(['RECEIPT'])
  await debited.settles('pi_debit', '700.00')
  expect(await debited.figures()).toEqual({ balance: '700.00', due: '0.00', phase: 'NOTHING_DUE' })
  await life.news.deliver()
  await until('the closing matter is closed', async () => (await refunded.row()).phase === 'CLOSED')
  // Some payments of this story were told without the provider.
  const differences = (await life.reconcile()).filter((line) => !line.startsWith('PAYMENT_'))
  expect(differences, 'workflows agree with their books').toEqual([])
  // It needed no workflow any more; now it has a history like the others.
  await closed.start()
}, 300_000)

/** An event that was told so often that it would come up again in an hour. */
async function toldToTheLostEngine(id: string): Promise<void> {
  const next_try_at = new Date(Date.now() + 3_600_000)
  const row = { id, source: 'stripe', type: 'payout.paid', object_id: 'po_nobody_knows', next_try_at }
  await life.database.owner.insertInto('inbox').values(row).execute()
}

async function waitsMs(id: string): Promise<number> {
  const row = life.database.owner.selectFrom('inbox').select('next_try_at').where('id', '=', id)
  return (await row.executeTakeFirstOrThrow()).next_try_at.getTime() - Date.now()
}

async function requestFrozenByOff(): Promise<MatterDriver> {
  const matter = await life.matter()
  await matter.save({ topUp: ['500.00', '0.00'] })
  await matter.createOnline()
  await matter.turnOff()
  return matter
}

async function closingWithRefundUnderWay() {
  const matter = await life.matter()
  await matter.save({ initial: '300.00' })
  await matter.createOnline()
  const paymentId = await matter.paysOnline(null)
  await life.news.deliver()
  await matter.close()
  await life.sandbox.failing({ path: '/v1/refunds', times: 1_000, effect: { kind: 'fail', status: 500 } })
  const refundId = randomUUID()
  await matter.ask({ kind: 'refundRetainer', refundId, amountMinor: null })
  return { matter, paymentId, refundId }
}

async function closedWithMailUnderWay(): Promise<MatterDriver> {
  const matter = await life.matter()
  await matter.ask(matter.saving({ initial: '20.00' }))
  await life.outbox.failing({ path: '/emails', times: 10_000, effect: { kind: 'fail', status: 500 } })
  await matter.ask({ kind: 'recordOfflinePayment', paymentId: randomUUID(), currency: 'USD', amountMinor: 2000n })
  await matter.ask({
    kind: 'recordInvoice',
    invoiceId: randomUUID(),
    number: 'LAST',
    currency: 'USD',
    amountMinor: 2000n,
  })
  await matter.ask({ kind: 'closeMatter' })
  expect((await matter.row()).phase).toBe('CLOSED')
  return matter
}

/** The engine is lost before it has ended. */
async function reconciliationUnderWay(): Promise<string> {
  const id = randomUUID()
  await life.database.owner
    .insertInto('reconciliation')
    .values({ id, firm_id: life.firm.firmId, started_at: new Date() })
    .execute()
  return id
}

/** Booked with a payment that no matter can take, and the engine is lost before it is sent (R15). */
async function noticeUnsent(): Promise<void> {
  const id = 'unapplied.pi_homeless'
  const body = {
    id,
    kind: 'MAIL',
    template: 'NEEDS_ATTENTION',
    subjectId: 'UNAPPLIED_FUNDS:pi_homeless',
    plannedAtMs: 0,
  }
  await life.database.owner
    .insertInto('effect')
    .values({
      id,
      firm_id: life.firm.firmId,
      kind: 'MAIL',
      body: JSON.stringify({ ...body, amountMinor: '100' }),
      planned_at: new Date(),
    })
    .execute()
}

async function noticesSent(): Promise<number> {
  const emails = await life.outbox.emails()
  return emails.filter(({ idempotency_key }) => idempotency_key === 'unapplied.pi_homeless').length
}
