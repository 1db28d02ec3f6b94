import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withOtherClient } from '../support/firm.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver, StoryOptions } from '../support/matter-driver.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle({ reconciles: true })
})
afterAll(() => life?.end())

async function saved(options: StoryOptions = {}): Promise<MatterDriver> {
  const matter = await life.matter()
  await matter.save(options)
  return matter
}

async function holding(amount: string, options: StoryOptions = {}): Promise<MatterDriver> {
  const matter = await saved(options)
  await matter.cheque(amount)
  return matter
}

const balances = async (...matters: MatterDriver[]) =>
  Promise.all(matters.map(async (matter) => (await matter.figures()).balance))

/** Whether both workflows have counted what was given. */
const counted = (...matters: MatterDriver[]) =>
  until('every arrival is counted', async () => {
    const states = await Promise.all(matters.map(async (matter) => (await matter.row()).state))
    return states.every((state) => (state as { arrivals: unknown[] }).arrivals.length === 0)
  })

describe('R19: a transfer', () => {
  test('races an invoice: both are taken if there is enough, else the second finds what is left', async () => {
    const giver = await holding('500.00')
    const receiver = await saved()
    const invoiceId = randomUUID()
    const invoice = {
      kind: 'recordInvoice',
      invoiceId,
      number: invoiceId,
      currency: 'USD',
      amountMinor: 40_000n,
    } as const
    const [, given] = await Promise.all([giver.send(invoice), giver.transfer(receiver, '200.00')])
    await life.news.booked()
    expect(await balances(giver, receiver)).toEqual(given.ok ? ['0.00', '200.00'] : ['100.00', '0.00'])
  })

  test('in both directions at once, again and again, loses and makes no money', async () => {
    const one = await holding('500.00')
    const other = await holding('500.00')
    const crossing = Array.from({ length: 10 }, () => [one.transfer(other, '1.00'), other.transfer(one, '2.00')]).flat()
    expect((await Promise.all(crossing)).every(({ ok }) => ok)).toBe(true)
    await life.news.booked()
    await counted(one, other)
    expect(await balances(one, other)).toEqual(['510.00', '490.00'])
  })

  test('to a matter whose engine is lost arrives when the engine is back', async () => {
    const giver = await holding('500.00')
    const receiver = await saved({ initial: '300.00' })
    await receiver.createOnline()
    await receiver.loseEngine()
    await giver.transfer(receiver, '300.00')
    await life.news.booked()
    await counted(receiver)
    expect(await receiver.figures()).toEqual({ balance: '300.00', due: '0.00', phase: 'NOTHING_DUE' })
    expect(await receiver.status()).toBe('RUNNING')
  })

  test('of more than there is, to itself, to another client’s, a disabled or a closing matter is refused by name', async () => {
    const giver = await holding('500.00')
    const refusal = async (to: MatterDriver, amount = '100.00') => {
      const answer = await giver.transfer(to, amount)
      return answer.ok ? 'ok' : answer.refusal.code
    }
    const disabled = await saved({ enabled: false })
    const closing = await holding('1.00')
    await closing.close()
    const closed = await saved()
    await closed.close()
    const stranger = await life.matter({ firm: await withOtherClient(life.database.owner, life.firm) })
    expect(await refusal(await saved(), '500.01')).toBe('InsufficientBalance')
    expect(await refusal(giver)).toBe('SameMatter')
    expect(await refusal(stranger)).toBe('OtherClientsMatter')
    expect(await refusal(disabled)).toBe('ReceivingMatterNotEnabled')
    expect(await refusal(closing)).toBe('ReceivingMatterClosed')
    expect(await refusal(closed)).toBe('ReceivingMatterClosed')
    expect(await balances(giver)).toEqual(['500.00'])
  })

  test('is refunded to the payments of the matter it came from (R17)', async () => {
    const giver = await saved({ initial: '1000.00' })
    await giver.createOnline()
    const payment = await giver.paysOnline('1000.00')
    await life.news.deliver()
    const receiver = await saved()
    await giver.transfer(receiver, '400.00')
    await life.news.booked()
    expect(await receiver.refund('400.01')).toMatchObject({ refusal: { code: 'InsufficientBalance' } })
    expect(await receiver.refund(null)).toMatchObject({ ok: true })
    await life.news.deliver()
    const [refund] = await life.sandbox.refunds(payment)
    expect(refund?.amount).toBe(40_000)
    expect(await balances(giver, receiver)).toEqual(['600.00', '0.00'])
    await life.sandbox.refundFails(refund?.id ?? '')
    await life.news.deliver()
    expect(await balances(giver, receiver), 'back where it was refunded from').toEqual(['600.00', '400.00'])
  })
})
