import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFirm, type TestFirm } from '../support/firm.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle({ reconciles: true })
})
afterAll(() => life?.end())

async function paid(firm: TestFirm): Promise<{ matter: MatterDriver; payment: string }> {
  const matter = await life.matter({ firm })
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  const payment = await matter.paysOnline('1000.00')
  await life.news.deliver()
  return { matter, payment }
}

const firmAt = (stripeAccount: string) => createFirm(life.database.owner, { stripeAccount })

/** An event as somebody's webhook brings it, looked at once and taken away again. */
async function looked(event: { type: string; account: string | null; objectId: string }): Promise<string | null> {
  const id = `evt_${randomUUID()}`
  const { owner } = life.database
  await life.inbox.file({ id, source: 'stripe', ...event })
  const { outcome } = await until('it was looked at', () =>
    owner
      .selectFrom('inbox')
      .select('outcome')
      .where('id', '=', id)
      .where('outcome', 'is not', null)
      .executeTakeFirst(),
  )
  await owner.deleteFrom('inbox').where('id', '=', id).execute()
  return outcome
}

describe('several firms, each with its own connected account', () => {
  test('payments, refunds, disputes and payouts of one touch nothing of the other', async () => {
    const [hers, his] = [await firmAt('acct_hers'), await firmAt('acct_his')]
    const one = await paid(hers)
    const other = await paid(his)
    await one.matter.refund('300.00')
    const { id: disputeId } = await life.sandbox.dispute(other.payment)
    await life.sandbox.payOut('acct_hers')
    await life.news.deliver({ reversed: true })
    expect((await one.matter.figures()).balance).toBe('700.00')
    expect((await other.matter.figures()).balance).toBe('0.00')
    const before = [await one.matter.row(), await other.matter.row()]

    const [refund] = await life.sandbox.refunds(one.payment)
    const foreign = [
      { type: 'charge.dispute.closed', account: 'acct_hers', objectId: disputeId },
      { type: 'refund.failed', account: 'acct_his', objectId: refund?.id ?? '' },
      { type: 'charge.dispute.closed', account: null, objectId: disputeId },
    ]
    for (const event of foreign) expect(await looked(event)).toBe('unknown at the provider')
    expect([await one.matter.row(), await other.matter.row()]).toEqual(before)
  })

  test('a payment on one account that names the other firm’s matter is none of the other’s', async () => {
    const hers = await paid(await firmAt('acct_named'))
    await firmAt('acct_naming')
    const { attemptId } = await hers.matter.opensPayment('1.00')
    const { hostname: host, port } = new URL(life.sandbox.url)
    const stripe = new Stripe('sk_test_simulation', { host, port, protocol: 'http', telemetry: false })
    const session = await stripe.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [
          { quantity: 1, price_data: { currency: 'usd', unit_amount: 500, product_data: { name: 'Forged' } } },
        ],
        metadata: { firmId: hers.matter.firmId, matterId: hers.matter.id, attemptId },
        payment_intent_data: { metadata: { firmId: hers.matter.firmId, matterId: hers.matter.id, attemptId } },
        success_url: 'http://127.0.0.1:9/',
      },
      { stripeAccount: 'acct_naming' },
    )
    expect(await life.sandbox.pay(session.id)).toBe(303)
    const forged = await life.sandbox.paymentOf(session.id)
    const { id } = await life.sandbox.dispute(forged)
    const account = 'acct_naming'
    const type = 'checkout.session.completed'
    expect(await looked({ type, account, objectId: session.id })).toBe('paid, and no place for it')
    expect(await looked({ type: 'charge.dispute.created', account, objectId: id })).toBe('about no payment of ours')
    await life.news.seenTo((event) => event.account === account)
    expect((await hers.matter.figures()).balance).toBe('1000.00')
  })

  test('a firm that changes its account refunds, loses and wins old payments on the old one', async () => {
    const firm = await firmAt('acct_old')
    const { matter, payment } = await paid(firm)
    await life.database.owner
      .updateTable('firm')
      .set({ stripe_account: 'acct_new' })
      .where('id', '=', firm.firmId)
      .execute()
    const newer = await paid(firm)
    expect((await newer.matter.payment(newer.payment)).provider_account).toBe('acct_new')

    expect(await matter.refund('400.00')).toMatchObject({ ok: true })
    const [refund] = await life.sandbox.refunds(payment)
    expect(refund).toMatchObject({ amount: 40_000, account: 'acct_old' })
    const { id } = await life.sandbox.dispute(payment, { amountMinor: 60_000 })
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('0.00')
    await life.sandbox.disputeWon(id)
    await life.sandbox.payOut('acct_old')
    await life.sandbox.payOut('acct_new')
    await life.news.deliver()
    expect((await matter.figures()).balance).toBe('600.00')
    const payouts = await life.database.owner
      .selectFrom('payout')
      .select(['account', 'gross_minor'])
      .where('firm_id', '=', firm.firmId)
      .orderBy('account')
      .execute()
    expect(payouts).toEqual([
      { account: 'acct_new', gross_minor: 100_000n },
      { account: 'acct_old', gross_minor: 60_000n },
    ])
  })
})
