import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { openSandbox, pay, sessionParams } from './harness.ts'

const PATH = '/v1/checkout/sessions'
// The official client tries a cut connection once more by itself, even when it is told not to retry.
const CUTS = 2
const create = (stripe: Stripe) => stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' })

test('fail: the next calls fail with the status, nothing happens, and then it works', async () => {
  const { sandbox, stripe, faults } = await openSandbox()
  await faults({ calls: [{ path: PATH, times: 2, effect: { kind: 'fail', status: 503 } }] })
  await expect(create(stripe)).rejects.toBeInstanceOf(Stripe.errors.StripeAPIError)
  await expect(create(stripe)).rejects.toMatchObject({ statusCode: 503 })
  expect((await stripe.checkout.sessions.list()).data).toHaveLength(0)
  await expect(create(stripe)).resolves.toMatchObject({ status: 'open' })
  await sandbox.close()
})

test('fail with 429 is StripeRateLimitError; other methods and paths are not touched', async () => {
  const { sandbox, stripe, faults } = await openSandbox()
  await faults({ calls: [{ path: `${PATH}/*/expire`, effect: { kind: 'fail', status: 429 } }] })
  const session = await create(stripe)
  await expect(stripe.checkout.sessions.expire(session.id)).rejects.toBeInstanceOf(Stripe.errors.StripeRateLimitError)
  await expect(stripe.checkout.sessions.expire(session.id)).resolves.toMatchObject({ status: 'expired' })
  await sandbox.close()
})

test.each(['disconnect', 'hang', 'fail'] as const)(
  '%s after acting: the caller learns nothing, and the same key later gives the session that was made',
  async (kind) => {
    const { sandbox, stripe, faults } = await openSandbox()
    await faults({
      calls: [
        {
          path: PATH,
          times: kind === 'disconnect' ? CUTS : 1,
          effect: { kind, afterActing: true, ...(kind === 'fail' && { status: 500 }) },
        },
      ],
    })
    const options = { idempotencyKey: 'k1', timeout: kind === 'hang' ? 3_000 : 30_000 }
    await expect(stripe.checkout.sessions.create(sessionParams(), options)).rejects.toBeInstanceOf(
      Stripe.errors.StripeError,
    )
    const [made] = (await stripe.checkout.sessions.list()).data
    expect((await create(stripe)).id).toBe(made?.id)
    await sandbox.close()
  },
)

test('disconnect before acting: nothing was made', async () => {
  const { sandbox, stripe, faults } = await openSandbox()
  await faults({ calls: [{ path: PATH, times: CUTS, effect: { kind: 'disconnect' } }] })
  await expect(create(stripe)).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError)
  expect((await stripe.checkout.sessions.list()).data).toHaveLength(0)
  await sandbox.close()
})

test('the sandbox closes while a call hangs', async () => {
  const { sandbox, stripe, faults } = await openSandbox()
  await faults({ calls: [{ path: PATH, effect: { kind: 'hang' } }] })
  const hanging = create(stripe).catch((error: unknown) => error)
  await expect
    .poll(
      async () =>
        ((await (await fetch(`${sandbox.url}/_control/faults`)).json()) as { calls: { times: number }[] }).calls[0]
          ?.times,
    )
    .toBe(0)
  await sandbox.close()
  expect(await hanging).toBeInstanceOf(Stripe.errors.StripeConnectionError)
})

test('fee delay: the balance transaction is null until charge.updated tells of it', async () => {
  let now = Date.now()
  const { sandbox, stripe, controls } = await openSandbox({ now: () => now })
  await controls.behaves({ feeDelayMs: 60_000 })
  await pay(await stripe.checkout.sessions.create(sessionParams()))
  const expand = { expand: ['data.latest_charge.balance_transaction'] }
  const [before] = (await stripe.paymentIntents.list(expand)).data
  expect(before?.latest_charge).toMatchObject({ status: 'succeeded', balance_transaction: null })
  now += 60_000
  const [after] = (await stripe.paymentIntents.list(expand)).data
  expect(after?.latest_charge).toMatchObject({ balance_transaction: { fee: 2930 } })
  const [event] = (await stripe.events.list({ types: ['charge.updated'] })).data
  expect(event?.data.previous_attributes).toEqual({ balance_transaction: null })
  await sandbox.close()
})

test('a fault that makes no sense is refused by name', async () => {
  const { sandbox, faults } = await openSandbox()
  await expect(faults({ webhooks: { duplicat: true } })).rejects.toThrow('duplicat')
  await expect(faults({ calls: [{ path: PATH, effect: { kind: 'explode' } }] })).rejects.toThrow('effect')
  await sandbox.close()
})
