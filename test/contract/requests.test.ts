import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeForm } from '../../src/sandbox/form.ts'
import { client } from '../sandbox/harness.ts'
import { ACCOUNT, CALLS, callsInSources } from './product-calls.ts'
import { recorded } from './recorded.ts'
import { pathTemplate, requestSchema, type Spec } from './spec.ts'
import { hasGo, type StripeMock, startStripeMock, stripeSpec } from './stripe-mock.ts'
import { unknownParams } from './unknown-params.ts'

const BUILD_MS = 180_000

test('the calls and expansions in the product are exactly those whose contract is checked', async () => {
  const { calls, expansions } = callsInSources()
  expect(calls).toEqual(Object.keys(CALLS).sort())
  const requests = await Promise.all(Object.values(CALLS).flat().map(recorded))
  const checked = requests.flatMap(({ params }) => Object.values(params['expand'] ?? {}) as string[])
  expect(expansions).toEqual([...new Set(checked)].sort())
})

test.each(Object.entries(CALLS))('%s is made on the connected account of the firm', async (_, [call]) => {
  expect(call && (await recorded(call)).account).toBe(ACCOUNT)
})

describe.skipIf(!hasGo())('What the product asks Stripe for (needs Go, which builds stripe-mock)', () => {
  let spec: Spec
  let mock: StripeMock
  let stripe: Stripe
  beforeAll(async () => {
    spec = await stripeSpec()
    mock = await startStripeMock(spec)
    stripe = client(mock.url, 'sk_test_contract')
  }, BUILD_MS)
  afterAll(() => mock?.close())

  test.each(Object.entries(CALLS))(
    '%s is accepted by stripe-mock, and every parameter of it is known',
    async (_, calls) => {
      for (const call of calls) {
        await call(stripe)
        const { method, path, params } = await recorded(call)
        expect(unknownParams(requestSchema(spec, method, pathTemplate(spec, path)), params)).toEqual([])
      }
    },
  )

  test('what is not part of the version spoken is refused, at any depth', async () => {
    const params = { mode: 'payment', success_url: 'https://a.example', payment_method_types: ['card'] }
    await expect(stripe.checkout.sessions.create(params as object)).rejects.toMatchObject({ statusCode: 400 })
    await expect(stripe.refunds.list({}, { apiVersion: '2020-01-01' })).rejects.toMatchObject({ statusCode: 400 })
    const nested = decodeForm('line_items[0][price_data][custom_unit_amount]=1&metadata[any]=1')
    const schema = requestSchema(spec, 'post', '/v1/checkout/sessions')
    expect(unknownParams(schema, nested)).toEqual(['line_items[0][price_data][custom_unit_amount]'])
  })
})
