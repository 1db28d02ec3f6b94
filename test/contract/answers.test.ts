import { beforeAll, describe, expect, test } from 'vitest'
import { type Answer, playEverything } from './everything.ts'
import { type Contract, contractOf } from './schemas.ts'
import { hasGo, stripeSpec } from './stripe-mock.ts'

const BUILD_MS = 180_000

const MOVEMENTS = [
  'adjustment',
  'charge',
  'payment',
  'payment_failure_refund',
  'payment_refund',
  'payout',
  'payout_failure',
].concat('refund', 'refund_failure', 'stripe_fee')

const EVENTS = [
  ...['failed', 'pending', 'refund.updated', 'refunded', 'succeeded', 'updated'].map((type) => `charge.${type}`),
  ...['closed', 'created', 'funds_reinstated', 'funds_withdrawn', 'updated'].map((type) => `charge.dispute.${type}`),
  ...['async_payment_failed', 'async_payment_succeeded', 'completed', 'expired'].map(
    (type) => `checkout.session.${type}`,
  ),
  ...['canceled', 'created', 'payment_failed', 'processing', 'succeeded'].map((type) => `payment_intent.${type}`),
  ...['created', 'failed', 'paid', 'reconciliation_completed'].map((type) => `payout.${type}`),
  ...['created', 'failed', 'updated'].map((type) => `refund.${type}`),
]

/** Every state that an object of the sandbox can be in, and every type it can have: as `object: status` or `object: type`. */
const STATES = [
  ...['available', 'pending'].map((status) => `balance_transaction: ${status}`),
  ...MOVEMENTS.map((type) => `balance_transaction: ${type}`),
  ...EVENTS.map((type) => `event: ${type}`),
  ...['failed', 'pending', 'succeeded'].map((status) => `charge: ${status}`),
  ...['complete', 'expired', 'open'].map((status) => `checkout.session: ${status}`),
  ...[
    'lost',
    'needs_response',
    'warning_closed',
    'warning_needs_response',
    'won',
    'under_review',
    'warning_under_review',
  ].map((status) => `dispute: ${status}`),
  ...['canceled', 'processing', 'requires_payment_method', 'succeeded'].map((status) => `payment_intent: ${status}`),
  ...['failed', 'in_transit', 'paid'].map((status) => `payout: ${status}`),
  ...['failed', 'pending', 'succeeded'].map((status) => `refund: ${status}`),
]

function statesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { object, status, type } = value as { object?: string; status?: string; type?: string }
  const kinds = object === 'event' ? [type] : object === 'balance_transaction' ? [status, type] : [status]
  const own = kinds.filter((kind) => object !== undefined && kind !== undefined).map((kind) => `${object}: ${kind}`)
  return [...own, ...Object.values(value).flatMap(statesIn)]
}

describe.skipIf(!hasGo())('What the sandbox answers (needs Go, which builds stripe-mock)', () => {
  let contract: Contract
  let answers: Answer[]
  beforeAll(async () => {
    contract = contractOf(await stripeSpec())
    answers = await playEverything()
  }, BUILD_MS)

  test('every answer, every event and every refusal is as the schemas of Stripe say', () => {
    expect([...new Set(answers.flatMap((answer) => contract.faultsOf(answer)))]).toEqual([])
  })

  test('every object was seen in every state it can have', () => {
    expect([...new Set(answers.flatMap(({ body }) => statesIn(body)))].sort()).toEqual(STATES.sort())
  })

  test.each([
    ['a field that Stripe does not have', { colour: 'red' }, 'additional'],
    ['a value of another kind', { amount: '100' }, 'integer'],
    ['a status nobody knows', { reconciliation_status: 'done' }, 'allowed'],
  ])('%s is noticed', (_, change, word) => {
    const known = answers.find(({ method, path }) => method === 'GET' && path.startsWith('/v1/payouts/po_'))
    const answer = { ...known, body: { ...(known?.body as object), ...change } } as Answer
    expect(contract.faultsOf(answer).join()).toContain(word)
    const listed = { ...answer, path: '/v1/payouts', body: { ...list, data: [answer.body] } }
    expect(contract.faultsOf(listed).join()).toContain(word)
  })
})

const list = { object: 'list', url: '/v1/payouts', has_more: false }
