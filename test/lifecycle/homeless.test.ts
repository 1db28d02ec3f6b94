import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { unappliedFactsWorkflowId, unappliedPaymentWorkflowId } from '../../workflows/books-contract.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle({ reconciles: true })
  await life.sandbox.behaves({ refundSettlesAfterMs: null })
})
afterEach(async () => {
  const refused = life.database.owner.selectFrom('effect').select('id').where('status', '=', 'FAILED')
  expect(await refused.execute(), 'mails to the firm that the provider refused').toEqual([])
})
afterAll(() => life?.end())

/** A payment made for the firm by an attempt that nobody here knows. */
async function paidByNobody(amountMinor: number): Promise<string> {
  const { hostname: host, port } = new URL(life.sandbox.url)
  const stripe = new Stripe('sk_test_simulation', { host, port, protocol: 'http', telemetry: false })
  const metadata = { firmId: life.firm.firmId, matterId: randomUUID(), attemptId: randomUUID() }
  const price_data = { currency: 'usd', unit_amount: amountMinor, product_data: { name: 'A retainer' } }
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ quantity: 1, price_data }],
    metadata,
    payment_intent_data: { metadata },
    success_url: 'http://127.0.0.1:9/',
  })
  expect(await life.sandbox.pay(session.id)).toBe(303)
  const payment = await life.sandbox.paymentOf(session.id)
  await life.news.deliver()
  life.otherRuns.push({ workflowId: unappliedPaymentWorkflowId(payment) })
  return payment
}

const row = (payment: string) =>
  life.database.owner.selectFrom('payment').selectAll().where('id', '=', payment).executeTakeFirstOrThrow()

/** What the firm was told about these. */
async function told(...subjects: string[]): Promise<string[]> {
  const rows = await life.database.owner
    .selectFrom('firm_attention')
    .select('code')
    .where('subject_id', 'in', subjects)
    .where('cleared_at', 'is', null)
    .orderBy('since')
    .execute()
  return rows.map(({ code }) => code)
}

/** The news of the provider, told to the books by workflows that are replayed in the end. */
async function delivered(objectId: string): Promise<void> {
  await life.news.deliver()
  const events = await life.database.owner
    .selectFrom('inbox')
    .select(['id'])
    .where('object_id', '=', objectId)
    .where('outcome', '=', 'booked')
    .execute()
  for (const { id } of events) {
    const workflowId = unappliedFactsWorkflowId(id)
    const known = await life.engine.client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => null)
    if (known) life.otherRuns.push({ workflowId })
  }
}

describe('R15: a payment that no matter can take', () => {
  test('is in the firm’s unapplied funds; a dispute takes it from there, a win brings it back (R18)', async () => {
    const payment = await paidByNobody(12_300)
    expect(await row(payment)).toMatchObject({ matter_id: null, unapplied_minor: 12_300n, method: 'CARD' })
    const { id } = await life.sandbox.dispute(payment)
    await delivered(id)
    expect((await row(payment)).unapplied_minor).toBe(0n)
    expect(await told(payment, id)).toEqual(['UNAPPLIED_FUNDS', 'PAYMENT_DISPUTED', 'PAYMENT_REVERSED'])
    await life.sandbox.disputeWon(id)
    await delivered(id)
    expect((await row(payment)).unapplied_minor).toBe(12_300n)
  })

  test('can be assigned to a matter, whose payment it is from then on, and refunded there (R17)', async () => {
    const payment = await paidByNobody(40_000)
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    expect(await matter.assign(payment, '400.00')).toMatchObject({ ok: true })
    expect(await matter.figures()).toMatchObject({ balance: '400.00', due: '600.00' })
    expect(await told(payment)).toEqual([])
    expect(await matter.refund('150.00')).toMatchObject({ ok: true })
    await life.news.deliver()
    const { id } = await life.sandbox.dispute(payment, { amountMinor: 25_000 })
    await life.news.deliver()
    await life.sandbox.disputeLost(id)
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('0.00')
  })

  test('refunded in the provider’s dashboard leaves the funds', async () => {
    const payment = await paidByNobody(5_000)
    const { id } = await life.sandbox.refundByHand(payment, 2_000)
    await delivered(id)
    expect(await row(payment)).toMatchObject({ unapplied_minor: 3_000n, refunded_minor: 2_000n })
    expect(await told(id)).toContain('REFUNDED_AT_PROVIDER')
  })

  test('is back in the funds when a refund made in the dashboard fails, found before or only then (R17)', async () => {
    const payment = await paidByNobody(5_000)
    await life.sandbox.behaves({ nextRefunds: ['fails_later', 'fails_later'] })
    const first = await life.sandbox.refundByHand(payment, 2_000)
    await delivered(first.id)
    expect(await row(payment)).toMatchObject({ unapplied_minor: 3_000n, refunded_minor: 2_000n })
    await life.sandbox.refundFails(first.id)
    await delivered(first.id)
    expect(await row(payment)).toMatchObject({ unapplied_minor: 5_000n, refunded_minor: 0n })
    const second = await life.sandbox.refundByHand(payment, 1_000)
    await life.sandbox.refundFails(second.id)
    await delivered(second.id)
    expect(await row(payment)).toMatchObject({ unapplied_minor: 5_000n, refunded_minor: 0n })
    expect(await told(`${first.id}.1`, `${second.id}.1`)).toEqual(['REFUND_FAILED', 'REFUND_FAILED'])
  })
})
