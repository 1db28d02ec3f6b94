import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver, StoryOptions } from '../support/matter-driver.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle({ reconciles: true })
})
afterAll(() => life?.end())

/** A matter that the client has paid 1,000.00 to, asked for by these options. */
async function paid(
  options: StoryOptions = { initial: '1000.00' },
): Promise<{ matter: MatterDriver; payment: string }> {
  const matter = await life.matter()
  await matter.save(options)
  await matter.createOnline()
  const payment = await matter.paysOnline('1000.00')
  await life.news.deliver()
  return { matter, payment }
}

const disputeOf = (matter: MatterDriver) =>
  life.database.owner.selectFrom('dispute').selectAll().where('matter_id', '=', matter.id).executeTakeFirstOrThrow()

describe('R18: a dispute', () => {
  test('debits the matter and lowers what was received; the firm is told, with the deadline', async () => {
    const { matter, payment } = await paid()
    await life.sandbox.dispute(payment)
    await life.news.deliver()
    expect(await matter.figures()).toEqual({ balance: '0.00', due: '1000.00', phase: 'DUE' })
    expect((await matter.attention()).toSorted()).toEqual(['PAYMENT_DISPUTED', 'PAYMENT_REVERSED'])
    const { status, deadline, withdrawn_minor } = await disputeOf(matter)
    expect({ status, withdrawn_minor }).toEqual({ status: 'OPEN', withdrawn_minor: 100_000n })
    expect(deadline?.getTime()).toBeGreaterThan(await life.now())
    expect((await matter.row()).disputed_minor).toBe(100_000n)
  })

  test('won restores balance and what was received', async () => {
    const { matter, payment } = await paid()
    const { id } = await life.sandbox.dispute(payment)
    await life.news.deliver()
    await life.days(30)
    await life.sandbox.disputeWon(id)
    await life.news.deliver({ reversed: true })
    expect(await matter.figures()).toEqual({ balance: '1000.00', due: '0.00', phase: 'NOTHING_DUE' })
    expect(await matter.attention()).toEqual([])
    expect((await disputeOf(matter)).status).toBe('WON')
    expect(await matter.refund(null), 'what was won back can be refunded').toMatchObject({ ok: true })
  })

  test('won in part restores that part, and is over', async () => {
    const { matter, payment } = await paid()
    const { id } = await life.sandbox.dispute(payment)
    await life.news.deliver()
    await life.sandbox.disputeWon(id, { amountMinor: 60_000 })
    await life.news.deliver()
    expect(await matter.figures()).toEqual({ balance: '600.00', due: '400.00', phase: 'DUE' })
    expect((await disputeOf(matter)).status).toBe('WON')
    expect(await matter.refund('600.00'), 'what came back can be refunded').toMatchObject({ ok: true })
    await life.news.deliver()
    await matter.close()
    expect((await matter.row()).phase).toBe('CLOSED')
  })

  test('that was only an inquiry until the firm had to answer by another day is told with that day', async () => {
    const { matter, payment } = await paid()
    const { id } = await life.sandbox.dispute(payment, { inquiry: true })
    await life.news.deliver()
    const asked = (await disputeOf(matter)).deadline
    await life.days(10)
    await life.sandbox.disputeWithdraws(id)
    await life.news.deliver({ reversed: true })
    const { deadline } = await disputeOf(matter)
    expect(deadline).not.toEqual(asked)
    const mails = (await matter.letters('firm')).filter(({ text }) => text?.includes('disputes a payment'))
    expect(new Set(mails.map(({ text }) => text)).size, 'each with its own deadline').toBe(2)
    expect((await matter.attention()).toSorted()).toEqual(['PAYMENT_DISPUTED', 'PAYMENT_REVERSED'])
  })

  test('lost stays where it is, and is closed', async () => {
    const { matter, payment } = await paid()
    const { id } = await life.sandbox.dispute(payment, { withdraw: false })
    await life.news.deliver()
    expect((await matter.figures()).balance, 'nothing is taken yet').toBe('1000.00')
    await life.sandbox.disputeLost(id)
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('0.00')
    expect((await disputeOf(matter)).status).toBe('LOST')
    expect(await matter.attention()).toEqual(['PAYMENT_REVERSED'])
  })

  test('that is only an inquiry takes no money and closes as won', async () => {
    const { matter, payment } = await paid()
    const { id } = await life.sandbox.dispute(payment, { inquiry: true })
    await life.news.deliver()
    await life.sandbox.inquiryCloses(id)
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('1000.00')
    expect(await matter.entries('REVERSAL', 'REVERSAL_WON')).toEqual([])
    expect((await disputeOf(matter)).status).toBe('WON')
  })

  test('of which only the last event arrives is told whole', async () => {
    const { matter, payment } = await paid()
    const { id } = await life.sandbox.dispute(payment)
    await life.sandbox.disputeWon(id)
    await life.news.deliver({ only: (type) => type === 'charge.dispute.closed' })
    expect((await matter.figures()).balance).toBe('1000.00')
    expect(await matter.entries('REVERSAL', 'REVERSAL_WON')).toHaveLength(4)
    const open = await life.database.owner.selectFrom('dispute').select('status').where('id', '=', id).execute()
    expect(open).toEqual([{ status: 'WON' }])
  })

  test('whose news overtakes the payment’s own waits for it', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    await matter.createOnline()
    const payment = await matter.paysOnline('1000.00')
    await life.sandbox.dispute(payment)
    const early = life.news.deliver({ only: (type) => type.startsWith('charge.dispute') })
    await life.news.deliver()
    await early
    expect((await matter.figures()).balance).toBe('0.00')
    expect(await matter.entries('PAYMENT_SETTLED', 'REVERSAL')).toHaveLength(4)
  })

  test('of a refunded payment reverses it all the same: the provider does not ask (R17)', async () => {
    const { matter, payment } = await paid()
    await matter.refund('400.00')
    await life.sandbox.dispute(payment, { amountMinor: 60_000 })
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('0.00')
    expect(await matter.refund('1.00')).toMatchObject({ refusal: { code: 'NothingToRefund' } })
  })
})
