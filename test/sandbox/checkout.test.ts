import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { openSandbox, pay, sessionParams } from './harness.ts'

type Intent = Stripe.PaymentIntent
type Charge = Stripe.Charge
const EXPAND = ['payment_intent.latest_charge.balance_transaction']

test('a session is made, paid on the hosted page, and read back with charge, fee and metadata', async () => {
  const { sandbox, stripe } = await openSandbox()
  const session = await stripe.checkout.sessions.create(sessionParams(100_000))
  expect(session).toMatchObject({
    status: 'open',
    payment_status: 'unpaid',
    amount_total: 100_000,
    payment_intent: null,
  })
  expect(session.url).toBe(`${sandbox.url}/c/pay/${session.id}`)

  const page = await (await fetch(session.url ?? '')).text()
  for (const text of ['SANDBOX', '$1,000.00', 'General retainer', 'Matter 2026-001', 'client@example.com'])
    expect(page).toContain(text)

  const paid = await pay(session)
  expect(paid.status).toBe(303)
  expect(paid.headers.get('location')).toBe(`http://127.0.0.1:9/thanks?session=${session.id}`)

  const after = await stripe.checkout.sessions.retrieve(session.id, { expand: EXPAND })
  expect(after).toMatchObject({ status: 'complete', payment_status: 'paid', url: null, metadata: { matter: 'm1' } })
  const intent = after.payment_intent as Intent
  expect(intent).toMatchObject({ status: 'succeeded', amount_received: 100_000, metadata: { attempt: 'a1' } })
  const charge = intent.latest_charge as Charge
  expect(charge).toMatchObject({ paid: true, amount: 100_000, billing_details: { email: 'client@example.com' } })
  expect(charge.balance_transaction).toMatchObject({ amount: 100_000, fee: 2930, net: 97_070, source: charge.id })
  await sandbox.close()
})

test('every object can be found again: session by payment intent, intents, charges, balance transactions', async () => {
  const { sandbox, stripe } = await openSandbox()
  const session = await stripe.checkout.sessions.create(sessionParams())
  await stripe.checkout.sessions.create(sessionParams(777))
  await pay(session)
  const [intent] = (await stripe.paymentIntents.list()).data
  const id = intent?.id ?? ''
  expect((await stripe.checkout.sessions.list({ payment_intent: id })).data.map((s) => s.id)).toEqual([session.id])
  const expanded = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge.balance_transaction'] })
  const charge = expanded.latest_charge as Charge
  const txn = charge.balance_transaction as Stripe.BalanceTransaction
  expect((await stripe.charges.retrieve(charge.id)).payment_intent).toBe(id)
  expect((await stripe.balanceTransactions.retrieve(txn.id)).net).toBe(97_070)
  expect((await stripe.balanceTransactions.list({ source: charge.id })).data).toHaveLength(1)
  await sandbox.close()
})

test('a declined card leaves the session open with the reason on the page, and another card pays the same intent', async () => {
  const { sandbox, stripe } = await openSandbox()
  const session = await stripe.checkout.sessions.create(sessionParams())
  const declined = await pay(session, '4000 0000 0000 0002')
  expect(declined.status).toBe(402)
  expect(await declined.text()).toContain('Your card was declined. You have not been charged.')
  const open = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
  expect(open).toMatchObject({ status: 'open', payment_status: 'unpaid' })
  expect(open.payment_intent).toMatchObject({
    status: 'requires_payment_method',
    amount_received: 0,
    last_payment_error: { code: 'card_declined', decline_code: 'generic_decline' },
  })
  expect((await pay(session, '5105 1051 0510 5100')).status).toBe(402)

  await pay(session)
  const paid = await stripe.checkout.sessions.retrieve(session.id)
  expect(paid.payment_intent).toBe((open.payment_intent as Intent).id)
  const charges = await stripe.charges.list({ payment_intent: (open.payment_intent as Intent).id })
  expect(charges.data.map((charge) => charge.status)).toEqual(['succeeded', 'failed'])
  await sandbox.close()
})

test('a double click on Pay pays once', async () => {
  const { sandbox, stripe } = await openSandbox()
  const session = await stripe.checkout.sessions.create(sessionParams())
  const answers = await Promise.all([pay(session), pay(session), pay(session)])
  expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303])
  expect((await stripe.charges.list()).data).toHaveLength(1)
  expect((await stripe.events.list({ types: ['checkout.session.completed'] })).data).toHaveLength(1)
  expect(await (await fetch(session.url ?? '')).text()).toContain('You will not be charged again')
  await sandbox.close()
})

test('an expired session cannot be paid, says so, and its declined intent is cancelled', async () => {
  const { sandbox, stripe } = await openSandbox()
  const session = await stripe.checkout.sessions.create(sessionParams())
  await pay(session, '4000000000000002')
  expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired', url: null })
  const late = await pay(session)
  expect(late.status).toBe(410)
  expect(await late.text()).toContain('has expired')
  expect((await stripe.paymentIntents.list()).data.map((intent) => intent.status)).toEqual(['canceled'])
  await sandbox.close()
})

test('expiry racing a payment has one winner: either it is paid or it has expired, never both', async () => {
  const { sandbox, stripe } = await openSandbox()
  for (let round = 0; round < 10; round += 1) {
    const session = await stripe.checkout.sessions.create(sessionParams())
    const [paid, expired] = await Promise.all([
      pay(session),
      stripe.checkout.sessions.expire(session.id).then(
        () => true,
        () => false,
      ),
    ])
    expect(paid.status === 303).toBe(!expired)
    const { status } = await stripe.checkout.sessions.retrieve(session.id)
    expect(status).toBe(expired ? 'expired' : 'complete')
  }
  await sandbox.close()
})

test('a session expires by the clock at its time, without anybody asking', async () => {
  let now = Date.now()
  const { sandbox, stripe } = await openSandbox({ now: () => now })
  const expiresAt = Math.floor(now / 1000) + 31 * 60
  const session = await stripe.checkout.sessions.create({ ...sessionParams(), expires_at: expiresAt })
  now += 30 * 60_000
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
  now += 60_000
  expect((await pay(session)).status).toBe(410)
  const [event] = (await stripe.events.list({ types: ['checkout.session.expired'] })).data
  expect(event?.data.object).toMatchObject({ id: session.id, status: 'expired' })
  await sandbox.close()
})

test('what happened in one connected account is invisible to another and to the platform', async () => {
  const { sandbox, stripe } = await openSandbox()
  const mine = { stripeAccount: 'acct_mine' }
  const session = await stripe.checkout.sessions.create(sessionParams(), mine)
  await pay(session)
  expect((await stripe.checkout.sessions.retrieve(session.id, {}, mine)).status).toBe('complete')
  const events = await stripe.events.list({ types: ['checkout.session.completed'] }, mine)
  expect(events.data[0]?.account).toBe('acct_mine')
  for (const other of [{}, { stripeAccount: 'acct_other' }]) {
    await expect(stripe.checkout.sessions.retrieve(session.id, {}, other)).rejects.toMatchObject({
      code: 'resource_missing',
    })
    await expect(stripe.checkout.sessions.expire(session.id, {}, other)).rejects.toMatchObject({ statusCode: 404 })
    expect((await stripe.events.list({}, other)).data).toEqual([])
    expect((await stripe.charges.list({}, other)).data).toEqual([])
  }
  await sandbox.close()
})

test('pages for unknown sessions and missing input help and reveal nothing', async () => {
  const { sandbox, stripe } = await openSandbox()
  expect((await fetch(`${sandbox.url}/c/pay/cs_test_nobody`)).status).toBe(404)
  const session = await stripe.checkout.sessions.create(sessionParams())
  expect((await fetch(session.url ?? '', { method: 'POST', body: new URLSearchParams({ email: 'x' }) })).status).toBe(
    400,
  )
  const hostile = { ...sessionParams(), customer_email: '"><script>alert(1)</script>@x.yz' }
  await expect(stripe.checkout.sessions.create(hostile)).resolves.toBeDefined()
  const [newest] = (await stripe.checkout.sessions.list()).data
  expect(await (await fetch(newest?.url ?? '')).text()).not.toContain('<script>')
  expect(await (await fetch(sandbox.url)).text()).not.toContain('<script>')
  await sandbox.close()
})

test('the fee of a yen or a dinar payment is a whole number of its minor units, and the page writes its digits', async () => {
  const { sandbox, stripe } = await openSandbox()
  for (const [currency, amount, written, fee] of [
    ['jpy', 10_000, '¥10,000', 320],
    ['kwd', 10_000, '10.000', 390],
  ] as const) {
    const params = sessionParams(amount)
    const session = await stripe.checkout.sessions.create({
      ...params,
      line_items: [{ quantity: 1, price_data: { currency, unit_amount: amount, product_data: { name: 'Retainer' } } }],
    })
    expect(await (await fetch(session.url ?? '')).text()).toContain(written)
    await pay(session)
    const [transaction] = (await stripe.balanceTransactions.list({ currency })).data
    expect(transaction).toMatchObject({ amount, fee, net: amount - fee })
  }
  await sandbox.close()
})
