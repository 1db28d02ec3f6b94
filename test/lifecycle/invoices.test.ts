import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

async function holding(amount: string, payInvoices: 'AUTOMATIC' | 'MANUAL'): Promise<MatterDriver> {
  const matter = await life.matter()
  await matter.save({ payInvoices })
  await matter.cheque(amount)
  return matter
}

const paidOf = async (invoiceId: string) =>
  (
    await life.database.owner
      .selectFrom('invoice')
      .select('paid_minor')
      .where('id', '=', invoiceId)
      .executeTakeFirstOrThrow()
  ).paid_minor

describe('R16: invoices', () => {
  test('an application is reversed once: the money is back, the invoice is owed again', async () => {
    const matter = await holding('300.00', 'MANUAL')
    const [invoiceId, applicationId] = [randomUUID(), randomUUID()]
    await matter.invoice('300.00', invoiceId)
    await matter.send({ kind: 'applyRetainer', invoiceId, applicationId, amountMinor: null })
    const reversal = {
      kind: 'reverseApplication',
      applicationId,
      invoiceId,
      invoiceNumber: 'INV-1',
      amountMinor: 30_000n,
    } as const
    expect(await matter.send(reversal)).toMatchObject({ ok: true })
    expect(await matter.send(reversal)).toMatchObject({ refusal: { code: 'ApplicationNotReversible' } })
    expect(await paidOf(invoiceId)).toBe(0n)
    expect((await matter.figures()).balance).toBe('300.00')
  })

  test('forty drawings at once never overdraw: what there is is paid out to the cent', async () => {
    const matter = await holding('1000.00', 'AUTOMATIC')
    const invoices = Array.from({ length: 40 }, () => randomUUID())
    await Promise.all(invoices.map((invoiceId) => matter.invoice('30.00', invoiceId)))
    expect((await matter.figures()).balance).toBe('0.00')
    const paid = await Promise.all(invoices.map(paidOf))
    expect(paid.reduce((sum, amount) => sum + amount)).toBe(100_000n)
  })
})
