import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureNightlyReconciliation } from '../../src/reconciliation/schedule.ts'
import { startReconciliation } from '../../src/reconciliation/start.ts'
import { NIGHTLY_SCHEDULE, reconciliationWorkflowId } from '../../workflows/books-contract.ts'
import { startRealEngine } from '../support/engine.ts'
import { createFirm, type TestFirm } from '../support/firm.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { quiet } from '../support/quiet.ts'
import { until } from '../support/until.ts'

/** On the real server: schedules are its own, and the clock is everybody's. */
let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle({ startEngine: startRealEngine })
  // Only when told, whatever the hour is.
  await life.engine.client.schedule.getHandle(NIGHTLY_SCHEDULE).pause()
})
afterAll(() => life?.end())

const DAY_MS = 24 * 60 * 60 * 1000
let firms = 0

/** A firm at its own account with a matter that holds a payment of 1,000.00. */
async function paid(): Promise<{ firm: TestFirm; matter: MatterDriver; payment: string }> {
  const firm = await createFirm(life.database.owner, { stripeAccount: `acct_reconciled_${(firms += 1)}` })
  const matter = await life.matter({ firm })
  await matter.save({ initial: '2000.00' })
  await matter.createOnline()
  const payment = await matter.paysOnline('1000.00')
  await life.news.deliver()
  return { firm, matter, payment }
}

const owner = () => life.database.owner

const runs = ({ firmId }: TestFirm) =>
  owner().selectFrom('reconciliation').select('id').where('firm_id', '=', firmId).execute()

const newestRun = ({ firmId }: TestFirm) =>
  owner()
    .selectFrom('reconciliation')
    .selectAll()
    .where('firm_id', '=', firmId)
    .orderBy('started_at', 'desc')
    .executeTakeFirstOrThrow()

/** What an operator reads at the top of the workflow's page. */
async function currentDetails({ firmId }: TestFirm): Promise<string> {
  const handle = life.engine.client.workflow.getHandle(reconciliationWorkflowId(firmId))
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')
  return metadata.currentDetails ?? ''
}

/** Does something to the books that nothing of the product could, and undoes it. */
async function tampered(paymentId: string, found: () => Promise<void>): Promise<void> {
  const by = (change: number) =>
    owner()
      .updateTable('payment')
      .set((eb) => ({ amount_minor: eb('amount_minor', '+', BigInt(change)) }))
      .where('id', '=', paymentId)
      .execute()
  await by(1)
  await found()
  await by(-1)
}

describe('reconciliation', () => {
  test('of books that agree with matters and provider is clean, and says so step by step', async () => {
    const { firm, matter } = await paid()
    await matter.refund('100.00')
    await life.news.deliver()
    expect(await life.reconcile(firm)).toEqual([])
    expect(await newestRun(firm)).toMatchObject({ status: 'CLEAN', step: 'PROVIDER' })
    const details = await currentDetails(firm)
    for (const step of ['BOOKS', 'MATTERS', 'EVENTS', 'PROVIDER']) expect(details).toContain(`| ${step} | agrees |`)
  })

  test('names a payment whose amount differs, tells the firm once, changes nothing, and takes that back when it is mended', async () => {
    const { firm, payment } = await paid()
    const before = await owner().selectFrom('entry').select('posting_id').execute()
    await tampered(payment, async () => {
      expect(await life.reconcile(firm)).toContain(`PAYMENT_AMOUNT ${payment}: 100000, 100001`)
      expect(await currentDetails(firm)).toContain('**PAYMENT_AMOUNT**')
    })
    const { id, status } = await newestRun(firm)
    expect(status).toBe('DIFFERENCES')
    const attention = () =>
      owner()
        .selectFrom('firm_attention')
        .select(['code', 'subject_id'])
        .where('firm_id', '=', firm.firmId)
        .where('cleared_at', 'is', null)
        .execute()
    expect(await attention()).toEqual([{ code: 'RECONCILIATION_DIFFERENCE', subject_id: id }])
    await quiet(life.database)
    const mails = await owner().selectFrom('mail').select('template').where('firm_id', '=', firm.firmId).execute()
    expect(mails.filter(({ template }) => template === 'NEEDS_ATTENTION')).toHaveLength(1)
    expect(await owner().selectFrom('entry').select('posting_id').execute()).toEqual(before)

    expect(await life.reconcile(firm)).toEqual([])
    expect(await attention()).toEqual([])
  })

  test('takes in events that never arrived: a payment, a refund by hand and a dispute are found and booked', async () => {
    const { firm, matter, payment } = await paid()
    const second = await matter.paysOnline('500.00')
    await life.sandbox.refundByHand(payment, 10_000)
    await life.sandbox.dispute(second, { withdraw: false })
    expect(await life.reconcile(firm)).toEqual([])
    expect(await matter.figures()).toMatchObject({ balance: '1400.00' })
    expect(await matter.attention()).toEqual(expect.arrayContaining(['REFUNDED_AT_PROVIDER', 'PAYMENT_DISPUTED']))
  })

  test('finds what the books lack although its events count as seen', async () => {
    const { firm, matter, payment } = await paid()
    const second = await matter.paysOnline('500.00')
    const refund = await life.sandbox.refundByHand(payment, 10_000)
    const { id: disputeId } = await life.sandbox.dispute(payment, { amountMinor: 20_000 })
    const [payout] = await life.sandbox.payOut(`acct_reconciled_${firms}`)
    await life.news.seenTo(({ account }) => account === `acct_reconciled_${firms}`)
    expect((await life.reconcile(firm)).toSorted()).toEqual([
      `DISPUTE_NOT_BOOKED ${disputeId}: 20000, null`,
      `PAYMENT_NOT_BOOKED ${second}: 50000, null`,
      `PAYOUT_NOT_BOOKED ${payout?.id}: ${payout?.amount}, null`,
      `REFUND_NOT_BOOKED ${refund.id}: 10000, null`,
    ])
  })

  test('finds what is booked and unknown at the provider', async () => {
    const { firm, matter } = await paid()
    await matter.settles('pi_of_nobody', '10.00')
    const differences = await life.reconcile(firm)
    expect(differences, 'the payment was told as the platform’s').toContain(
      'PAYMENT_UNKNOWN pi_of_nobody: null, booked',
    )
  })

  test('of an account that the provider refuses us says so, and is clean once it is back', async () => {
    const { firm } = await paid()
    const account = `acct_reconciled_${firms}`
    await life.sandbox.behaves({ disconnected: [account] })
    expect(await life.reconcile(firm)).toEqual([`ACCOUNT_UNREACHABLE ${account}: access, null`])
    await life.sandbox.behaves({ disconnected: [] })
    expect(await life.reconcile(firm)).toEqual([])
  }, 300_000)

  test('finds a matter whose engine is lost, and one whose workflow stands elsewhere than its books', async () => {
    const { firm, matter } = await paid()
    await matter.loseEngine()
    const lost = `ENGINE_LOST ${matter.workflowId}: RUNNING, TERMINATED`
    expect(await life.reconcile(firm)).toEqual([lost])
    await matter.save({ topUp: ['100.00', '0.00'] })
    expect(await life.reconcile(firm)).toEqual([])

    const { version } = await matter.row()
    const setVersion = (to: bigint) =>
      owner().updateTable('retainer').set({ version: to }).where('matter_id', '=', matter.id).execute()
    await setVersion(version + 1n)
    expect(await life.reconcile(firm)).toContain(`MATTER_VERSION ${matter.workflowId}: ${version + 1n}, ${version}`)
    await setVersion(version)
  })

  test('runs once at a time: a second start begins none', async () => {
    const { firm } = await paid()
    const second = randomUUID()
    await life.sandbox.failing({
      path: '/v1/charges',
      method: 'GET',
      times: 1,
      effect: { kind: 'delay', delayMs: 5_000 },
    })
    const running = life.reconcile(firm)
    await until('it runs', async () => (await runs(firm)).length > 0)
    await startReconciliation(life.engine.client, firm.firmId, second)
    await running
    expect((await runs(firm)).map(({ id }) => id)).not.toContain(second)
  })

  test('runs every night for every firm, one after the other', async () => {
    const schedule = life.engine.client.schedule.getHandle(NIGHTLY_SCHEDULE)
    const { spec, policies } = await schedule.describe()
    expect(spec.calendars).toMatchObject([{ hour: [{ start: 3 }], minute: [{ start: 0 }] }])
    expect(policies.overlap).toBe('SKIP')
    const all = await owner().selectFrom('firm').select('id').execute()
    const since = new Date()
    await schedule.trigger()
    const nights = await until(
      'every firm is reconciled',
      async () => {
        const rows = await owner()
          .selectFrom('reconciliation')
          .select(['started_at', 'finished_at', 'firm_id'])
          .where('started_at', '>=', since)
          .where('finished_at', 'is not', null)
          .orderBy('started_at')
          .execute()
        return rows.length === all.length && rows
      },
      150_000,
    )
    for (const [index, run] of nights.entries()) {
      const before = nights[index - 1]?.finished_at
      if (before) expect(run.started_at.getTime()).toBeGreaterThanOrEqual(before.getTime())
    }
    for (const { firm_id } of nights) {
      life.otherRuns.push({ workflowId: reconciliationWorkflowId(firm_id) })
    }
    const [nightly] = (await schedule.describe()).info.recentActions
    const { workflowId } = nightly?.action.workflow ?? { workflowId: randomUUID() }
    await until('the night is over', async () => {
      const { status } = await life.engine.client.workflow.getHandle(workflowId).describe()
      return status.name === 'COMPLETED'
    })
    life.otherRuns.push({ workflowId })
  })

  test('has its nights end when they have cost one other, whoever made the schedule; what its operator set stays', async () => {
    const schedule = life.engine.client.schedule.getHandle(NIGHTLY_SCHEDULE)
    const { workflowExecutionTimeout, ...endless } = (await schedule.describe()).action
    expect(workflowExecutionTimeout).toBeLessThan(2 * DAY_MS)
    await schedule.update(({ policies, state }) => ({
      spec: { calendars: [{ hour: 5, dayOfWeek: 'MONDAY' }], timezone: 'Europe/Berlin', jitter: '10 minutes' },
      policies: { ...policies, catchupWindow: '1 hour' },
      state: { ...state, paused: true, note: 'not before the auditors have been' },
      action: endless,
    }))
    const before = await schedule.describe()
    expect(before.action.workflowExecutionTimeout).toBeUndefined()
    await ensureNightlyReconciliation(life.engine.client)
    const { spec, policies, state, action } = await schedule.describe()
    expect({ spec, policies, state }).toEqual({ spec: before.spec, policies: before.policies, state: before.state })
    expect(state.paused).toBe(true)
    expect(action).toEqual({ ...before.action, workflowExecutionTimeout })
  })
})
