import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle({ reconciles: true })
  await life.sandbox.behaves({ debitSettlesAfterMs: null, refundSettlesAfterMs: null })
})
afterAll(() => life?.end())

async function paid(amount = '1000.00'): Promise<{ matter: MatterDriver; payment: string }> {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  const payment = await matter.paysOnline(amount)
  await life.news.deliver()
  return { matter, payment }
}

const ended = (matter: MatterDriver) =>
  until('the workflow has ended', async () => (await matter.status()) === 'COMPLETED')

/** Each time a closed matter is told something a run begins and ends: all of them are to be replayed. */
async function endedAgain(matter: MatterDriver): Promise<void> {
  await ended(matter)
  life.otherRuns.push(await matter.newestRun())
}

/** Spent and closed; what happens to its payment happens afterwards. */
async function spentAndClosed(amount = '1000.00'): Promise<{ matter: MatterDriver; payment: string }> {
  const { matter, payment } = await paid(amount)
  await matter.invoice(amount)
  await matter.close()
  await endedAgain(matter)
  return { matter, payment }
}

const phase = async (matter: MatterDriver) => (await matter.figures()).phase

describe('R20: a matter is CLOSING until all is done', () => {
  test('waits for a refund on its way', async () => {
    const { matter, payment } = await paid()
    await matter.close()
    await life.sandbox.behaves({ nextRefunds: ['short_of_balance'] })
    await matter.refund(null)
    await life.news.deliver()
    expect(await phase(matter)).toBe('CLOSING')
    await life.sandbox.refundSucceeds((await life.sandbox.refunds(payment))[0]?.id ?? '')
    await life.news.deliver()
    expect(await phase(matter)).toBe('CLOSED')
    await ended(matter)
  })

  test('waits for a dispute to be decided; below zero it closes, and the client owes the rest', async () => {
    const { matter, payment } = await paid()
    await matter.invoice('1000.00')
    const { id } = await life.sandbox.dispute(payment)
    await life.news.deliver()
    await matter.close()
    expect(await matter.figures()).toMatchObject({ balance: '-1000.00', phase: 'CLOSING' })
    await life.sandbox.disputeLost(id)
    await life.news.deliver()
    expect(await matter.figures()).toMatchObject({ balance: '0.00', phase: 'CLOSED' })
    expect(await matter.entries('CLOSED_BELOW_ZERO')).toEqual([
      'CLOSED_BELOW_ZERO DEBIT REVERSED_PAYMENTS_RECEIVABLE 1000.00',
      'CLOSED_BELOW_ZERO CREDIT RETAINER 1000.00',
    ])
    await ended(matter)
  })

  test('gives what it has to another matter, and is closed', async () => {
    const { matter } = await paid()
    const other = await life.matter()
    await other.save({})
    await matter.close()
    await matter.transfer(other, '1000.00')
    await life.news.booked()
    expect(await phase(matter)).toBe('CLOSED')
    expect((await other.figures()).balance).toBe('1000.00')
  })
})

describe('R20: what happens after closing finds its place', () => {
  test('a late reversal is owed by the client; winning it back pays that', async () => {
    const { matter, payment } = await spentAndClosed()
    const { id } = await life.sandbox.dispute(payment)
    await life.news.deliver()
    await endedAgain(matter)
    expect((await matter.row()).receivable_minor).toBe(100_000n)
    expect(await matter.attention()).toContain('REVERSED_AFTER_CLOSING')
    await life.sandbox.disputeWon(id)
    await life.news.deliver({ reversed: true })
    expect((await matter.row()).receivable_minor).toBe(0n)
    expect(await phase(matter)).toBe('CLOSED')
  })

  test('a late refund failure is unapplied funds', async () => {
    const { matter, payment } = await paid()
    await matter.refund(null)
    await life.news.deliver()
    await matter.close()
    await endedAgain(matter)
    await life.sandbox.refundFails((await life.sandbox.refunds(payment))[0]?.id ?? '')
    await life.news.deliver()
    await ended(matter)
    expect((await matter.payment(payment)).unapplied_minor).toBe(100_000n)
    expect((await matter.figures()).balance).toBe('0.00')
  })

  test('late money pays what is owed first, and the rest is unapplied funds', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    await matter.createOnline()
    const first = await matter.paysOnline('600.00')
    await life.news.deliver()
    await matter.invoice('600.00')
    const late = await matter.paysOnline('400.00')
    await matter.close()
    await endedAgain(matter)
    await life.sandbox.dispute(first, { amountMinor: 25_000 })
    await life.news.deliver({ only: (type) => type.startsWith('charge.dispute') })
    await endedAgain(matter)
    await life.news.deliver()
    await ended(matter)
    expect((await matter.payment(late)).unapplied_minor).toBe(15_000n)
    expect((await matter.row()).receivable_minor).toBe(0n)
    expect(await matter.entries('UNAPPLIED_PAYMENT')).toEqual([
      'UNAPPLIED_PAYMENT DEBIT PAYMENTS_HOLDING 400.00',
      'UNAPPLIED_PAYMENT CREDIT REVERSED_PAYMENTS_RECEIVABLE 250.00',
      'UNAPPLIED_PAYMENT CREDIT UNAPPLIED_FUNDS 150.00',
    ])
  })

  /** A payment that came in after its matter was closed. */
  async function unapplied(amount = '400.00'): Promise<{ matter: MatterDriver; payment: string }> {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    await matter.createOnline()
    const payment = await matter.paysOnline(amount)
    await matter.close()
    await endedAgain(matter)
    await life.news.deliver()
    await endedAgain(matter)
    return { matter, payment }
  }

  test('unapplied funds are assigned to another matter of the client by a person, with a receipt (R15)', async () => {
    const { matter, payment } = await unapplied()
    const other = await life.matter()
    await other.save({})
    expect(await other.assign(payment, '399.00')).toMatchObject({ refusal: { code: 'NotInUnappliedFunds' } })
    expect(await other.assign(payment, '400.00')).toMatchObject({ ok: true })
    expect((await other.figures()).balance).toBe('400.00')
    expect(await other.templates('client')).toEqual(['RECEIPT'])
    expect((await other.payment(payment)).matter_id, 'it is at home there now').toBe(other.id)
    expect(await other.assign(payment, '400.00')).toMatchObject({ refusal: { code: 'NotInUnappliedFunds' } })
    await life.sandbox.dispute(payment)
    await life.news.deliver()
    expect((await other.figures()).balance, 'and reversed there').toBe('0.00')
    expect(await phase(matter)).toBe('CLOSED')
  })

  test('or go back to where they came from, commanded on the closed matter (R17)', async () => {
    const { matter, payment } = await unapplied()
    expect(await matter.refundUnapplied(payment, '400.01')).toMatchObject({ refusal: { code: 'NotInUnappliedFunds' } })
    await endedAgain(matter)
    expect(await matter.refundUnapplied(payment, '150.00')).toMatchObject({ ok: true })
    await life.news.deliver()
    await endedAgain(matter)
    expect((await matter.payment(payment)).unapplied_minor).toBe(25_000n)
    const [refund] = await life.sandbox.refunds(payment)
    expect(refund?.amount).toBe(15_000)
    await life.sandbox.refundFails(refund?.id ?? '')
    await life.news.deliver()
    await ended(matter)
    expect((await matter.payment(payment)).unapplied_minor, 'it failed: in the funds again').toBe(40_000n)
  })

  test('a reversal of what is still in the funds takes it from there', async () => {
    const { matter, payment } = await unapplied()
    await life.sandbox.dispute(payment)
    await life.news.deliver()
    await ended(matter)
    expect((await matter.payment(payment)).unapplied_minor).toBe(0n)
    expect((await matter.row()).receivable_minor).toBe(0n)
  })

  test('a person can still do nothing else with it', async () => {
    const { matter, payment } = await unapplied()
    const refused = { refusal: { code: 'MatterClosed' } }
    expect(await matter.refund('1.00')).toMatchObject(refused)
    expect(await matter.assign(payment, '400.00')).toMatchObject(refused)
    expect(await matter.invoice('1.00', randomUUID())).toMatchObject(refused)
  })
})
