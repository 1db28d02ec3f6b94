import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'

const BANK = { accountNumber: '000123456789' }

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle({ reconciles: true })
  await life.sandbox.behaves({ debitSettlesAfterMs: null })
})
afterAll(() => life?.end())

async function requested(initial = '1000.00'): Promise<MatterDriver> {
  const matter = await life.matter()
  await matter.save({ initial })
  await matter.createOnline()
  return matter
}

describe('R13: a bank debit is on its way before it is money', () => {
  test('pending it is asked for no more; settled days later it is balance, and the receipt goes out', async () => {
    const matter = await requested()
    const payment = await matter.paysOnline('1000.00', BANK)
    await life.news.deliver()
    expect(await matter.figures()).toEqual({ balance: '0.00', due: '0.00', phase: 'PAYMENT_ON_ITS_WAY' })
    await life.days(10)
    expect(await matter.templates('client'), 'no reminder for what is on its way').toEqual(['REQUEST'])

    await life.sandbox.debitSettles(payment)
    await life.news.deliver({ reversed: true })
    expect(await matter.figures()).toEqual({ balance: '1000.00', due: '0.00', phase: 'NOTHING_DUE' })
    expect(await matter.templates('client')).toEqual(['REQUEST', 'RECEIPT'])
    const [, receipt] = await matter.letters('client')
    expect(receipt?.text, 'it was on its way itself').not.toMatch(/more than was due|Above the amount due/)
    const { method, fee_minor, refundable_until, settled_at } = await matter.payment(payment)
    expect({ method, fee_minor }).toEqual({ method: 'BANK_DEBIT', fee_minor: 500n })
    const window = (refundable_until?.getTime() ?? 0) - settled_at.getTime()
    expect(window / (24 * 60 * 60 * 1000), 'days in which it can be sent back').toBe(180)
  })

  test('one that settled and comes back late is a reversal that cannot be contested (R18)', async () => {
    const matter = await requested()
    const payment = await matter.paysOnline('1000.00', BANK)
    await life.sandbox.debitSettles(payment)
    await life.news.deliver()
    await life.days(40)
    await life.sandbox.debitReturns(payment)
    await life.news.deliver({ reversed: true })
    expect(await matter.figures()).toEqual({ balance: '0.00', due: '1000.00', phase: 'DUE' })
    expect(await matter.attention(), 'no deadline, nothing to contest').toEqual(['PAYMENT_REVERSED'])
    expect(await matter.entries('REVERSAL')).toEqual([
      'REVERSAL DEBIT RETAINER 1000.00',
      'REVERSAL CREDIT PAYMENTS_HOLDING 1000.00',
    ])
  })

  test('a refund while another debit is pending sends back what has settled only (R17)', async () => {
    const matter = await requested()
    await matter.paysOnline('600.00')
    await life.news.deliver()
    const pending = await matter.paysOnline('400.00', BANK)
    await life.news.deliver()
    expect(await matter.refund('700.00')).toMatchObject({ refusal: { code: 'InsufficientBalance' } })
    expect(await matter.refund(null)).toMatchObject({ ok: true })
    await life.sandbox.debitSettles(pending)
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('400.00')
  })
})
