import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

async function requested(initial = '1000.00'): Promise<MatterDriver> {
  const matter = await life.matter()
  await matter.save({ initial })
  await matter.createOnline()
  return matter
}

const refused = (code: string) => ({ ok: false, refusal: { code } })

describe('R12: a payment posts in real time, exactly once', () => {
  test('one receipt to the client and one notice to the firm, however often the provider tells it', async () => {
    const matter = await requested()
    const requestId = (await matter.row()).open_request_id
    await Promise.all([1, 2, 3, 4, 5].map(() => matter.settles('pi_repeated', '1000.00', requestId)))
    await life.days(40)
    await matter.settles('pi_repeated', '1000.00', requestId)
    expect(await matter.figures()).toEqual({ balance: '1000.00', due: '0.00', phase: 'NOTHING_DUE' })
    expect(await matter.templates('client')).toEqual(['REQUEST', 'RECEIPT'])
    expect(await matter.templates('firm')).toEqual(['PAYMENT_RECEIVED'])
  })

  test('in whatever order it is told: what has settled or failed is not on its way any more (R13)', async () => {
    const matter = await requested()
    await matter.settles('pi_settled_first', '400.00', (await matter.row()).open_request_id)
    await matter.debitFails('pi_failed_first')
    for (const paymentId of ['pi_settled_first', 'pi_failed_first'])
      await matter.tell('paymentPending', { paymentId, amountMinor: '40000', attemptId: null })
    await matter.invoice('100.00')
    const { pending_minor } = await matter.row()
    expect({ ...(await matter.figures()), pending_minor }).toEqual({
      balance: '300.00',
      due: '600.00',
      phase: 'REQUESTED',
      pending_minor: 0n,
    })
  })
})

describe('R14: part and over', () => {
  test('what is paid less stays due, what is paid more is deposited, a cheque counts like any other', async () => {
    const matter = await requested()
    await matter.cheque('400.00')
    expect(await matter.figures()).toEqual({ balance: '400.00', due: '600.00', phase: 'REQUESTED' })
    await matter.clientPays('750.00')
    expect(await matter.figures()).toEqual({ balance: '1150.00', due: '0.00', phase: 'NOTHING_DUE' })
    const [, , last] = await matter.letters('client')
    expect(last?.text, 'the excess is shown').toContain('$150.00')
  })

  test('a part may not leave less than the smallest charge, nor be smaller itself', async () => {
    const matter = await requested('100.00')
    expect((await matter.opensPayment('99.80')).answer).toMatchObject(refused('RemainderTooSmall'))
    expect((await matter.opensPayment('0.49')).answer).toMatchObject(refused('PaymentTooSmall'))
    const { attemptId } = await matter.opensPayment('99.50')
    await matter.pageOpen(attemptId)
    await matter.clientPays('99.70')
    const { attemptId: rest } = await matter.opensPayment()
    await matter.pageOpen(rest)
    expect((await matter.attempt(rest)).amount_minor, 'thirty cents due are paid by fifty').toBe(50n)
  })
})

describe('R15: no money is turned away or lost', () => {
  test('a payment for a withdrawn request is deposited, and the firm is told', async () => {
    const matter = await requested()
    const requestId = (await matter.row()).open_request_id
    await matter.withdraw()
    await matter.settles('pi_after_withdrawal', '1000.00', requestId)
    expect((await matter.figures()).balance).toBe('1000.00')
    expect(await matter.attention()).toEqual(['PAYMENT_AFTER_REQUEST_ENDED'])
    expect((await matter.templates('firm')).toSorted()).toEqual(['NEEDS_ATTENTION', 'PAYMENT_RECEIVED'])
  })

  test('so is one for a retainer disabled meanwhile', async () => {
    const matter = await requested()
    const requestId = (await matter.row()).open_request_id
    await matter.save({ enabled: false })
    await matter.settles('pi_after_disabling', '200.00', requestId)
    expect(await matter.figures()).toEqual({ balance: '200.00', due: '0.00', phase: 'DISABLED' })
    expect(await matter.attention()).toEqual(['PAYMENT_AFTER_REQUEST_ENDED'])
  })
})
