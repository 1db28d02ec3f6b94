import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { quiet } from '../support/quiet.ts'
import { until } from '../support/until.ts'

const REFUNDS = '/v1/refunds'
const BANK = { accountNumber: '000123456789' }

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle({ reconciles: true })
  await life.sandbox.behaves({ debitSettlesAfterMs: null, refundSettlesAfterMs: null })
})
afterAll(() => life?.end())

/** A matter that the client has paid these amounts to, one after the other, by card. */
async function paid(...amounts: string[]): Promise<{ matter: MatterDriver; payments: string[] }> {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  const payments = []
  for (const amount of amounts) {
    payments.push(await matter.paysOnline(amount))
    await life.news.deliver()
    await life.days(1)
  }
  return { matter, payments }
}

const refundsOf = (payment: string) => life.sandbox.refunds(payment)

async function parts(refundId: string) {
  const rows = await life.database.owner
    .selectFrom('refund_part')
    .select(['payment_id', 'amount_minor', 'means', 'status'])
    .where('refund_id', '=', refundId)
    .orderBy('id')
    .execute()
  return rows.map(({ payment_id, amount_minor, means, status }) => [payment_id, amount_minor, means, status])
}

describe('R17: a refund of unused money', () => {
  test('in part goes back to the newest payment; the client is told, and what was received stays received', async () => {
    const { matter, payments } = await paid('600.00', '400.00')
    const refundId = randomUUID()
    expect(await matter.refund('100.00', refundId)).toEqual({ ok: true, id: refundId })
    await life.news.deliver()
    expect(await parts(refundId)).toEqual([[payments[1], 10_000n, 'ONLINE', 'TAKEN']])
    expect(await matter.figures()).toEqual({ balance: '900.00', due: '0.00', phase: 'NOTHING_DUE' })
    expect(await matter.entries('REFUND_COMMANDED', 'REFUND_TAKEN')).toEqual([
      'REFUND_COMMANDED DEBIT RETAINER 100.00',
      'REFUND_COMMANDED CREDIT REFUNDS_IN_FLIGHT 100.00',
      'REFUND_TAKEN DEBIT REFUNDS_IN_FLIGHT 100.00',
      'REFUND_TAKEN CREDIT PAYMENTS_HOLDING 100.00',
    ])
    expect((await matter.templates('client')).at(-1)).toBe('REFUND_NOTICE')
    expect(await matter.attention()).toEqual([])
  })

  test('of the whole goes back to every payment, newest first, each once', async () => {
    const { matter, payments } = await paid('600.00', '400.00')
    await matter.invoice('150.00')
    const refundId = randomUUID()
    await matter.refund(null, refundId)
    await life.news.deliver({ reversed: true })
    expect(await parts(refundId)).toEqual([
      [payments[1], 40_000n, 'ONLINE', 'TAKEN'],
      [payments[0], 45_000n, 'ONLINE', 'TAKEN'],
    ])
    expect((await matter.figures()).balance).toBe('0.00')
    expect(await matter.refund(null)).toMatchObject({ refusal: { code: 'NothingToRefund' } })
  })

  test('of a cheque is paid by other means, and the firm is told to do so', async () => {
    const { matter, payments } = await paid('300.00')
    await matter.cheque('200.00')
    const refundId = randomUUID()
    await matter.refund('250.00', refundId)
    await life.news.deliver()
    expect((await parts(refundId)).map(([, ...rest]) => rest)).toEqual([
      [20_000n, 'OTHER', 'TAKEN'],
      [5_000n, 'ONLINE', 'TAKEN'],
    ])
    expect(await matter.entries('REFUND_BY_OTHER_MEANS')).toEqual([
      'REFUND_BY_OTHER_MEANS DEBIT RETAINER 200.00',
      'REFUND_BY_OTHER_MEANS CREDIT OPERATING 200.00',
    ])
    expect(await matter.attention()).toEqual(['REFUND_BY_OTHER_MEANS'])
    expect((await matter.payment(payments[0] ?? '')).refunded_minor).toBe(5_000n)
  })

  test('a debit past its 180 days is paid by other means, and the provider is not asked', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '500.00' })
    await matter.createOnline()
    const payment = await matter.paysOnline('500.00', BANK)
    await life.sandbox.debitSettles(payment)
    await life.news.deliver()
    await life.days(181)
    const refundId = randomUUID()
    await matter.refund('500.00', refundId)
    expect(await parts(refundId)).toEqual([[payment, 50_000n, 'OTHER', 'TAKEN']])
    expect(await refundsOf(payment)).toEqual([])
  })

  test('of one minor unit is one minor unit', async () => {
    const { matter } = await paid('300.00')
    await matter.refund('0.01')
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('299.99')
  })
})

describe('R17: what becomes of a refund at the provider', () => {
  test('that is pending for want of money there is in flight until it is taken', async () => {
    const { matter, payments } = await paid('1000.00')
    await life.sandbox.behaves({ nextRefunds: ['short_of_balance'] })
    await matter.refund('400.00')
    await life.news.deliver()
    expect((await matter.row()).refunds_in_flight_minor).toBe(40_000n)
    expect(await matter.entries('REFUND_TAKEN')).toEqual([])
    const [refund] = await refundsOf(payments[0] ?? '')
    await life.sandbox.refundSucceeds(refund?.id ?? '')
    await life.news.deliver()
    expect((await matter.row()).refunds_in_flight_minor).toBe(0n)
    expect(await matter.entries('REFUND_TAKEN')).toHaveLength(2)
  })

  test('that fails after it was taken puts the money back, and the firm is told', async () => {
    const { matter, payments } = await paid('1000.00')
    await matter.refund('400.00')
    await life.news.deliver()
    const [refund] = await refundsOf(payments[0] ?? '')
    await life.sandbox.refundFails(refund?.id ?? '')
    await life.news.deliver({ reversed: true })
    expect((await matter.figures()).balance).toBe('1000.00')
    expect(await matter.entries('REFUND_FAILED')).toEqual([
      'REFUND_FAILED DEBIT PAYMENTS_HOLDING 400.00',
      'REFUND_FAILED CREDIT RETAINER 400.00',
    ])
    expect(await matter.attention()).toEqual(['REFUND_FAILED'])
    expect(await matter.refund('1000.00'), 'it can be refunded again').toMatchObject({ ok: true })
  })

  test('that fails before the news of its taking arrived books both, in order', async () => {
    const { matter, payments } = await paid('1000.00')
    await life.sandbox.behaves({ nextRefunds: ['short_of_balance'] })
    await matter.refund('400.00')
    const [refund] = await refundsOf(payments[0] ?? '')
    await life.sandbox.refundSucceeds(refund?.id ?? '')
    await life.sandbox.refundFails(refund?.id ?? '')
    await life.news.deliver({ reversed: true })
    expect(await matter.entries('REFUND_TAKEN', 'REFUND_FAILED')).toHaveLength(4)
    expect((await matter.figures()).balance).toBe('1000.00')
  })

  test('that the provider refuses puts the money back; the next one is tried again', async () => {
    const { matter, payments } = await paid('1000.00')
    await life.sandbox.failing({ path: REFUNDS, times: 1, effect: { kind: 'fail', status: 400 } })
    await matter.refund('400.00')
    expect((await matter.figures()).balance).toBe('1000.00')
    expect(await matter.attention()).toEqual(['REFUND_FAILED'])
    expect(await matter.templates('client'), 'nothing comes, nothing is told').not.toContain('REFUND_NOTICE')
    const refundId = randomUUID()
    await matter.refund('400.00', refundId)
    await life.news.deliver()
    expect(await parts(refundId)).toEqual([[payments[0], 40_000n, 'ONLINE', 'TAKEN']])
  })

  test('that the provider does not make for an hour is told to the firm, and made as soon as it can be', async () => {
    const { matter, payments } = await paid('1000.00')
    await life.sandbox.failing({ path: REFUNDS, times: 1_000, effect: { kind: 'fail', status: 503 } })
    const refundId = randomUUID()
    await matter.ask({ kind: 'refundRetainer', refundId, amountMinor: 40_000n })
    await life.hoursOfTrouble(0.5)
    expect(await matter.attention()).toEqual([])
    await life.hoursOfTrouble(1)
    await until('the firm is told', async () => (await matter.attention()).includes('REFUND_WAITS'))
    await life.hoursOfTrouble(3)
    await life.sandbox.healed()
    await life.hoursOfTrouble(0.2)
    await matter.decided(`refund:${refundId}:sent`)
    await life.news.deliver()
    expect(await parts(refundId)).toEqual([[payments[0], 40_000n, 'ONLINE', 'TAKEN']])
    expect(await matter.attention()).toEqual([])
    expect((await matter.templates('firm')).filter((template) => template === 'NEEDS_ATTENTION')).toHaveLength(1)
  })

  test('that the provider refuses for want of balance goes out within minutes of the money coming, and once', async () => {
    const { matter, payments } = await paid('1000.00')
    await life.sandbox.behaves({ withoutBalance: [''] })
    const refundId = randomUUID()
    await matter.ask({ kind: 'refundRetainer', refundId, amountMinor: 40_000n })
    await life.hoursOfTrouble(3)
    await until('the firm is told', async () => (await matter.attention()).includes('REFUND_WAITS'))
    await life.sandbox.behaves({ withoutBalance: [] })
    const balanceCameAtMs = await life.now()
    await life.hoursOfTrouble(0.1)
    await matter.decided(`refund:${refundId}:sent`)
    await life.news.deliver()
    const [refund, ...more] = await refundsOf(payments[0] ?? '')
    expect(more).toEqual([])
    expect((refund?.created ?? 0) * 1000 - balanceCameAtMs, 'however long it was refused').toBeLessThan(6 * 60_000)
    expect((await matter.figures()).balance).toBe('600.00')
    expect(await matter.attention()).toEqual([])
  })

  test('whose answer is lost after the provider acted is made once', async () => {
    const { matter, payments } = await paid('1000.00')
    await life.sandbox.failing({ path: REFUNDS, times: 3, effect: { kind: 'disconnect', afterActing: true } })
    await matter.ask({ kind: 'refundRetainer', refundId: randomUUID(), amountMinor: 40_000n })
    await life.hoursOfTrouble(0.1)
    await quiet(life.database)
    expect(await refundsOf(payments[0] ?? '')).toHaveLength(1)
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('600.00')
  })

  test('whose fate is unknown for a day is looked up at the provider, and not made again', async () => {
    const { matter, payments } = await paid('1000.00')
    await life.sandbox.failing({ path: REFUNDS, times: 1000, effect: { kind: 'fail', status: 503, afterActing: true } })
    await matter.ask({ kind: 'refundRetainer', refundId: randomUUID(), amountMinor: 40_000n })
    await until('the provider has acted', async () => (await refundsOf(payments[0] ?? '')).length === 1)
    await life.hoursOfTrouble(25)
    await life.sandbox.healed()
    await life.hoursOfTrouble(0.2)
    await quiet(life.database)
    expect(await refundsOf(payments[0] ?? '')).toHaveLength(1)
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('600.00')
    expect(await matter.attention()).toEqual([])
  })

  test('whose webhook comes before the answer of the call is booked once', async () => {
    const { matter } = await paid('1000.00')
    await life.sandbox.failing({ path: REFUNDS, times: 4, effect: { kind: 'fail', status: 500, afterActing: true } })
    await matter.ask({ kind: 'refundRetainer', refundId: randomUUID(), amountMinor: 40_000n })
    await until('the provider has acted', async () => (await life.sandbox.faultsLeft()) < 4)
    await life.news.deliver({ inTrouble: true })
    expect(await matter.entries('REFUND_TAKEN')).toHaveLength(2)
    await life.hoursOfTrouble(0.1)
    await quiet(life.database)
    expect(await matter.entries('REFUND_TAKEN')).toHaveLength(2)
    expect((await matter.row()).refunds_in_flight_minor).toBe(0n)
    expect((await matter.templates('client')).filter((template) => template === 'REFUND_NOTICE')).toHaveLength(1)
  })

  test('made in the provider’s dashboard is found, taken off the retainer, and the firm is told', async () => {
    const { matter, payments } = await paid('1000.00')
    const refund = await life.sandbox.refundByHand(payments[0] ?? '', 25_000)
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('750.00')
    expect(await matter.attention()).toEqual(['REFUNDED_AT_PROVIDER'])
    expect((await matter.payment(payments[0] ?? '')).refunded_minor).toBe(25_000n)
    await life.sandbox.refundFails(refund.id)
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('1000.00')
  })

  test('made there and failed before we heard of it is booked out and in again', async () => {
    const { matter, payments } = await paid('1000.00')
    const refund = await life.sandbox.refundByHand(payments[0] ?? '', 25_000)
    await life.sandbox.refundFails(refund.id)
    await life.news.deliver({ reversed: true })
    expect((await matter.figures()).balance).toBe('1000.00')
    expect(await matter.entries('REFUNDED_AT_PROVIDER', 'REFUND_FAILED')).toHaveLength(4)
  })
})
