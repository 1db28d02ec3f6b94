import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { openSandbox, pay, sessionParams } from './harness.ts'

test('the same key with the same parameters gives the stored answer, marked as replayed, even after the session moved on', async () => {
  const { sandbox, stripe } = await openSandbox()
  const first = await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' })
  await pay(first)
  const again = await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' })
  expect(again).toEqual(first)
  expect(again.lastResponse.headers['idempotent-replayed']).toBe('true')
  expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined()
  expect((await stripe.checkout.sessions.list()).data).toHaveLength(1)
  await sandbox.close()
})

test('the same key with other parameters, or for another call, is StripeIdempotencyError', async () => {
  const { sandbox, stripe } = await openSandbox()
  const session = await stripe.checkout.sessions.create(sessionParams(1000), { idempotencyKey: 'k1' })
  const other = stripe.checkout.sessions.create(sessionParams(1001), { idempotencyKey: 'k1' })
  await expect(other).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
  const elsewhere = stripe.checkout.sessions.expire(session.id, {}, { idempotencyKey: 'k1' })
  await expect(elsewhere).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
  await sandbox.close()
})

test('while the first request is under way, a second with its key is 409 idempotency_key_in_use', async () => {
  const { sandbox, stripe, faults } = await openSandbox()
  await faults({ calls: [{ path: '/v1/checkout/sessions', effect: { kind: 'delay', delayMs: 2_000 } }] })
  const create = () => stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' })
  const [first, second] = await Promise.allSettled([create(), create()])
  expect(first.status).toBe('fulfilled')
  expect(second).toMatchObject({ status: 'rejected', reason: { statusCode: 409, code: 'idempotency_key_in_use' } })
  await expect(create()).resolves.toBeDefined()
  await sandbox.close()
})

test('a refusal that came from acting is kept under its key, a refusal of parameters is not', async () => {
  const { sandbox, stripe } = await openSandbox()
  const session = await stripe.checkout.sessions.create(sessionParams())
  await stripe.checkout.sessions.expire(session.id)
  const expire = () => stripe.checkout.sessions.expire(session.id, {}, { idempotencyKey: 'e1' })
  await expect(expire()).rejects.toMatchObject({
    headers: expect.not.objectContaining({ 'idempotent-replayed': 'true' }),
  })
  await expect(expire()).rejects.toMatchObject({ headers: expect.objectContaining({ 'idempotent-replayed': 'true' }) })
  await expect(stripe.checkout.sessions.create(sessionParams(1), { idempotencyKey: 'p1' })).rejects.toMatchObject({
    code: 'amount_too_small',
  })
  await expect(stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'p1' })).resolves.toBeDefined()
  await sandbox.close()
})

test('keys are kept for 24 hours and apart by account', async () => {
  let now = Date.now()
  const { sandbox, stripe } = await openSandbox({ now: () => now })
  const create = (stripeAccount?: string) =>
    stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1', ...(stripeAccount && { stripeAccount }) })
  const first = await create()
  expect((await create('acct_other')).id).not.toBe(first.id)
  now += 23 * 3_600_000
  expect((await create()).id).toBe(first.id)
  now += 2 * 3_600_000
  expect((await create()).id).not.toBe(first.id)
  await sandbox.close()
})
