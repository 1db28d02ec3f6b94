import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type Stripe from 'stripe'
import { refundRequest } from '../../activities/refund-request.ts'
import { sessionRequest } from '../../activities/session-request.ts'
import { onAccount } from '../../src/provider/account.ts'
import { RELEVANT_EVENTS } from '../../src/webhooks/relevant-events.ts'

const ROOT = path.join(import.meta.dirname, '../..')
/** The connected account of the firm whose calls these are. */
export const ACCOUNT = 'acct_1PgafTB7WZ01zgkW'
const ON = onAccount(ACCOUNT)
const LATELY = { created: { gte: 1_790_000_000 }, limit: 100 }

const returnUrls = { successUrl: 'https://pay.example/thanks?a=1', cancelUrl: 'https://pay.example/pay/token' }
const attempt = {
  id: 'f4a1f3a0-7a53-4f0c-9d2f-2d1c1e1b0a01',
  firm_id: 'f4a1f3a0-7a53-4f0c-9d2f-2d1c1e1b0a02',
  matter_id: 'f4a1f3a0-7a53-4f0c-9d2f-2d1c1e1b0a03',
  request_id: 'f4a1f3a0-7a53-4f0c-9d2f-2d1c1e1b0a04',
  amount_minor: 100_000n,
  expires_at: new Date('2026-11-25T12:00:00Z'),
  request_number: 1,
  matter_number: '2026-001',
  client_email: 'client@example.com',
  firm_name: 'Lovelace & Partners',
  firm_account: ACCOUNT,
}
const part = {
  firm_id: attempt.firm_id,
  refund_id: 'f4a1f3a0-7a53-4f0c-9d2f-2d1c1e1b0a05',
  id: 'f4a1f3a0-7a53-4f0c-9d2f-2d1c1e1b0a06',
  payment_id: 'pi_1PgafmB7WZ01zgkW6dKueIc5',
  amount_minor: 1n,
  provider_account: ACCOUNT,
  used_keys: 0,
}

type Calls = Record<string, ((stripe: Stripe) => Promise<unknown>)[]>

function openSession(stripe: Stripe, currency: string): Promise<unknown> {
  const { params, stripeAccount } = sessionRequest({ ...attempt, currency }, returnUrls)
  const account = stripeAccount === null ? {} : { stripeAccount }
  return stripe.checkout.sessions.create(params, { idempotencyKey: `session-${attempt.id}`, ...account })
}

function refund(stripe: Stripe, matterId: string | null): Promise<unknown> {
  const { params, options } = refundRequest({ ...part, matter_id: matterId })
  return stripe.refunds.create(params, options)
}

/**
 * Every call that the product makes, by the client's name for it, in each shape it has; the first is on the firm's account. The
 * larger parameters are built by the product itself.
 */
export const CALLS: Calls = {
  'checkout.sessions.create': [(stripe) => openSession(stripe, 'USD'), (stripe) => openSession(stripe, 'JPY')],
  'checkout.sessions.expire': [(stripe) => stripe.checkout.sessions.expire('cs_test_1', {}, ON)],
  'checkout.sessions.retrieve': [
    (stripe) => stripe.checkout.sessions.retrieve('cs_test_1', {}, ON),
    (stripe) =>
      stripe.checkout.sessions.retrieve(
        'cs_test_1',
        { expand: ['payment_intent.latest_charge.balance_transaction'] },
        ON,
      ),
  ],
  'paymentIntents.retrieve': [
    (stripe) => stripe.paymentIntents.retrieve(part.payment_id, { expand: ['latest_charge'] }, ON),
  ],
  'charges.list': [(stripe) => stripe.charges.list(LATELY, ON)],
  'charges.retrieve': [
    (stripe) => stripe.charges.retrieve('ch_1', { expand: ['payment_intent', 'balance_transaction'] }, ON),
  ],
  'refunds.create': [(stripe) => refund(stripe, attempt.matter_id), (stripe) => refund(stripe, null)],
  'refunds.list': [
    (stripe) => stripe.refunds.list(LATELY, ON),
    (stripe) => stripe.refunds.list({ payment_intent: part.payment_id, limit: 100 }, ON),
  ],
  'refunds.retrieve': [
    (stripe) => stripe.refunds.retrieve('re_1', {}, ON),
    (stripe) => stripe.refunds.retrieve('re_1', { expand: ['payment_intent'] }, ON),
  ],
  'disputes.list': [(stripe) => stripe.disputes.list(LATELY, ON)],
  'disputes.retrieve': [(stripe) => stripe.disputes.retrieve('dp_1', { expand: ['payment_intent'] }, ON)],
  'payouts.list': [(stripe) => stripe.payouts.list(LATELY, ON)],
  'payouts.retrieve': [(stripe) => stripe.payouts.retrieve('po_1', {}, ON)],
  'balanceTransactions.list': [
    (stripe) => stripe.balanceTransactions.list({ payout: 'po_1', limit: 100, expand: ['data.source'] }, ON),
  ],
  'events.list': [
    (stripe) => stripe.events.list({ types: [...RELEVANT_EVENTS.stripe], ...LATELY }, ON),
    (stripe) => stripe.events.list({ types: [...RELEVANT_EVENTS.stripe], ...LATELY }, {}),
  ],
}

function sources(folder: string): string {
  const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  const ours = files.filter((file) => file.endsWith('.ts') && !/^(sandbox|far-side|outbox)\b/.test(file))
  return ours.map((file) => readFileSync(path.join(ROOT, folder, file), 'utf8')).join('\n')
}

/** The calls and the expansions that are written in the product's sources: what `CALLS` must know. */
export function callsInSources(): { calls: string[]; expansions: string[] } {
  const text = ['src', 'activities'].map(sources).join('\n')
  const calls = Array.from(text.matchAll(/\bstripe\.([a-zA-Z.]+\.(?:create|retrieve|list|expire|update|cancel))\(/g))
  const expansions = Array.from(text.matchAll(/\bexpand(?:: | = )\[([^\]]*)\]/g))
  const paths = expansions.flatMap(([, list = '']) => Array.from(list.matchAll(/'([^']+)'/g), ([, name = '']) => name))
  return {
    calls: [...new Set(calls.map(([, name = '']) => name))].sort(),
    expansions: [...new Set(paths)].sort(),
  }
}
