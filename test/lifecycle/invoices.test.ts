import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from '../../src/domain/events.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { until } from '../support/until.ts'

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
      amountMinor: 30_000n,
    } as const
    expect(await matter.send(reversal)).toMatchObject({ ok: true })
    expect(await matter.send(reversal)).toMatchObject({ refusal: { code: 'ApplicationNotReversible' } })
    expect(await paidOf(invoiceId)).toBe(0n)
    expect((await matter.figures()).balance).toBe('300.00')
  })

  test('two people who pay an invoice at once pay no more than is owed on it, and who comes later is told', async () => {
    const matter = await holding('1000.00', 'MANUAL')
    const invoiceId = randomUUID()
    await matter.invoice('300.00', invoiceId)
    const paying = (amountMinor: bigint | null) =>
      matter.ask({ kind: 'applyRetainer', invoiceId, applicationId: randomUUID(), amountMinor })
    const codes = await Promise.all([paying(20_000n), paying(20_000n), paying(null), paying(null)])
    expect(codes.filter(({ ok }) => ok).length).toBeGreaterThan(0)
    expect(await paidOf(invoiceId)).toBe(30_000n)
    expect((await matter.figures()).balance).toBe('700.00')
    expect(await paying(null)).toEqual({ ok: false, refusal: { code: 'InvoiceNotOpen' } })
  })

  test('while the database is away a payment of an invoice waits, and is made once', async () => {
    const matter = await holding('300.00', 'MANUAL')
    const [invoiceId, applicationId] = [randomUUID(), randomUUID()]
    await matter.invoice('100.00', invoiceId)
    let asked: Promise<Answer> | undefined
    await life.database.awayFromWorker(async () => {
      asked = matter.ask({ kind: 'applyRetainer', invoiceId, applicationId, amountMinor: null })
      await until('the matter waits for the database', () => matter.waitsForDatabase('owedOnInvoice'))
    })
    expect(await asked).toEqual({ ok: true, id: applicationId })
    expect(await paidOf(invoiceId)).toBe(10_000n)
    expect((await matter.figures()).balance).toBe('200.00')
  })

  test('an invoice of another matter, or that nobody knows, is not open', async () => {
    const [matter, other] = [await holding('300.00', 'MANUAL'), await holding('300.00', 'MANUAL')]
    const invoiceId = randomUUID()
    await other.invoice('300.00', invoiceId)
    for (const unknown of [invoiceId, randomUUID(), 'no-uuid'])
      expect(await matter.applyTo(unknown, '1.00')).toEqual({ ok: false, refusal: { code: 'InvoiceNotOpen' } })
    expect(await paidOf(invoiceId)).toBe(0n)
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
