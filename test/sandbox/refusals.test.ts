import Stripe from 'stripe'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/start.ts'
import { client, openSandbox, pay, sessionParams } from './harness.ts'

let sandbox: Sandbox
let stripe: Stripe
beforeAll(async () => {
  ;({ sandbox, stripe } = await openSandbox())
})
afterAll(() => sandbox.close())

const nowSeconds = () => Math.floor(Date.now() / 1000)
const withItem = (priceData: object, item: object = {}) => ({
  line_items: [
    {
      quantity: 1,
      price_data: { currency: 'usd', unit_amount: 5000, product_data: { name: 'Retainer' }, ...priceData },
      ...item,
    },
  ],
})

const REFUSALS: [string, object, object][] = [
  ['an unknown parameter', { colour: 'red' }, { code: 'parameter_unknown', param: 'colour' }],
  [
    'payment_method_types, which this version removed',
    { payment_method_types: ['card'] },
    { code: 'parameter_unknown', param: 'payment_method_types' },
  ],
  [
    'custom_unit_amount in price_data',
    withItem({ custom_unit_amount: { enabled: true } }),
    { code: 'parameter_unknown', param: 'line_items[0][price_data][custom_unit_amount]' },
  ],
  ['another mode', { mode: 'subscription' }, { param: 'mode' }],
  ['no line items', { line_items: undefined }, { code: 'parameter_missing', param: 'line_items' }],
  [
    'no currency',
    withItem({ currency: undefined }),
    { code: 'parameter_missing', param: 'line_items[0][price_data][currency]' },
  ],
  ['a currency it does not know', withItem({ currency: 'xyz' }), { param: 'line_items[0][price_data][currency]' }],
  [
    'a fraction of a cent',
    withItem({ unit_amount: 50.5 }),
    { code: 'parameter_invalid_integer', param: 'line_items[0][price_data][unit_amount]' },
  ],
  ['49 cents', withItem({ unit_amount: 49 }), { code: 'amount_too_small' }],
  ['more than 999,999.99 dollars', withItem({ unit_amount: 100_000_000 }), { code: 'amount_too_large' }],
  ['more than that by quantity', withItem({ unit_amount: 50_000_000 }, { quantity: 2 }), { code: 'amount_too_large' }],
  ['49 yen', withItem({ currency: 'jpy', unit_amount: 49 }), { code: 'amount_too_small' }],
  [
    'a dinar amount that does not end in 0',
    withItem({ currency: 'kwd', unit_amount: 1001 }),
    { code: 'parameter_invalid_integer' },
  ],
  ['29 minutes until it expires', { expires_at: nowSeconds() + 29 * 60 }, { param: 'expires_at' }],
  ['25 hours until it expires', { expires_at: nowSeconds() + 25 * 3600 }, { param: 'expires_at' }],
  ['an empty text', { customer_email: '' }, { code: 'parameter_invalid_empty', param: 'customer_email' }],
  ['an email that is none', { customer_email: 'client' }, { code: 'email_invalid', param: 'customer_email' }],
  ['a success_url that is none', { success_url: 'thanks' }, { code: 'url_invalid', param: 'success_url' }],
  ['too long a reference', { client_reference_id: 'x'.repeat(201) }, { param: 'client_reference_id' }],
  ['too long a metadata value', { metadata: { a: 'x'.repeat(501) } }, { param: 'metadata[a]' }],
  [
    'a payment method it does not offer',
    { allowed_payment_method_types: ['pix'] },
    { param: 'allowed_payment_method_types[0]' },
  ],
  ['an unexpandable field', { expand: ['favourite_colour'] }, { param: 'expand' }],
]

test.each(REFUSALS)('refuses %s as StripeInvalidRequestError', async (_, change, error) => {
  const params = { ...sessionParams(), ...change }
  const before = await stripe.checkout.sessions.list()
  const refusal = await stripe.checkout.sessions.create(params).then(
    () => undefined,
    (e: unknown) => e,
  )
  expect(refusal).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError)
  expect(refusal).toMatchObject({
    statusCode: 400,
    rawType: 'invalid_request_error',
    requestId: expect.stringMatching(/^req_/),
    ...error,
  })
  expect((await stripe.checkout.sessions.list()).data).toEqual(before.data)
})

test('takes exactly the smallest and the largest amount, and the earliest and latest expiry', async () => {
  const nowMs = 1_900_000_000_000
  const still = await openSandbox({ now: () => nowMs })
  onTestFinished(() => still.sandbox.close())
  for (const change of [
    withItem({ unit_amount: 50 }),
    withItem({ unit_amount: 99_999_999 }),
    { expires_at: nowMs / 1000 + 1800 },
    { expires_at: nowMs / 1000 + 86_400 },
  ])
    await expect(still.stripe.checkout.sessions.create({ ...sessionParams(), ...change })).resolves.toMatchObject({
      status: 'open',
    })
})

test('unknown ids are 404 resource_missing, unknown addresses 404', async () => {
  await expect(stripe.checkout.sessions.retrieve('cs_test_x')).rejects.toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
    message: "No such checkout.session: 'cs_test_x'",
  })
  await expect(stripe.events.retrieve('evt_x')).rejects.toMatchObject({ code: 'resource_missing', param: 'id' })
  await expect(stripe.charges.list({ starting_after: 'ch_x' })).rejects.toMatchObject({ param: 'starting_after' })
  await expect(stripe.customers.list()).rejects.toMatchObject({ statusCode: 404 })
})

test('a wrong key is StripeAuthenticationError, a foreign account and another version are refused', async () => {
  const stranger = client(sandbox.url, 'sk_test_other')
  await expect(stranger.events.list()).rejects.toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
  await expect(stripe.events.list({}, { stripeAccount: 'nonsense' })).rejects.toBeInstanceOf(
    Stripe.errors.StripePermissionError,
  )
  await expect(stripe.events.list({}, { apiVersion: '2020-01-01' })).rejects.toMatchObject({ statusCode: 400 })
})

test('a complete or expired session cannot be expired', async () => {
  const paid = await stripe.checkout.sessions.create(sessionParams())
  await pay(paid)
  await expect(stripe.checkout.sessions.expire(paid.id)).rejects.toMatchObject({
    statusCode: 400,
    message: expect.stringContaining('This Checkout Session has a status of `complete`'),
  })
  const gone = await stripe.checkout.sessions.create(sessionParams())
  await stripe.checkout.sessions.expire(gone.id)
  await expect(stripe.checkout.sessions.expire(gone.id)).rejects.toMatchObject({
    message: expect.stringContaining('`expired`'),
  })
})

test('keys that aim at prototypes are plain data', async () => {
  const session = await stripe.checkout.sessions.create({ ...sessionParams(), metadata: { constructor: 'x' } })
  expect(session.metadata?.constructor).toBe('x')
  const body = new URLSearchParams({ '__proto__[polluted]': 'yes' })
  const headers = { authorization: 'Bearer sk_test_sandbox' }
  const response = await fetch(`${sandbox.url}/v1/checkout/sessions`, { method: 'POST', body, headers })
  expect(response.status).toBe(400)
  expect(({} as { polluted?: string }).polluted).toBeUndefined()
})
