import Stripe from 'stripe'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts'
import { faultSetter } from '../far-side/endpoint.ts'
import { SandboxControls } from '../support/sandbox-controls.ts'

const SECRET_KEY = 'sk_test_sandbox'
export const WEBHOOK_SECRET = 'whsec_c2FuZGJveA=='

/** A sandbox on a free port with the official client pointed at it. */
export async function openSandbox(options: Partial<SandboxOptions> = {}): Promise<{
  sandbox: Sandbox
  stripe: Stripe
  faults: (faults: object) => Promise<void>
  controls: SandboxControls
}> {
  const sandbox = await startSandbox({
    port: 0,
    statePath: ':memory:',
    secretKey: SECRET_KEY,
    webhookSecret: WEBHOOK_SECRET,
    ...options,
  })
  const { url } = sandbox
  return { sandbox, stripe: client(url), faults: faultSetter(url), controls: new SandboxControls(url) }
}

/** The official client, without retries of its own; `fetcher` sees its calls and answers. */
export function client(url: string, key = SECRET_KEY, fetcher?: typeof fetch): Stripe {
  const { hostname, port } = new URL(url)
  const options = {
    host: hostname,
    port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
    timeout: 30_000,
    ...(fetcher && { httpClient: Stripe.createFetchHttpClient(fetcher) }),
  } as const
  return new Stripe(key, options)
}

/** The parameters of an ordinary session of the given amount of cents. */
export function sessionParams(amountMinor = 100_000): Stripe.Checkout.SessionCreateParams {
  return {
    mode: 'payment',
    client_reference_id: 'attempt-1',
    customer_email: 'client@example.com',
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: 'usd',
          unit_amount: amountMinor,
          product_data: { name: 'General retainer', description: 'Matter 2026-001' },
        },
      },
    ],
    metadata: { matter: 'm1' },
    payment_intent_data: { metadata: { matter: 'm1', attempt: 'a1' } },
    submit_type: 'pay',
    adaptive_pricing: { enabled: false },
    allowed_payment_method_types: ['card'],
    success_url: 'http://127.0.0.1:9/thanks?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://127.0.0.1:9/back',
  }
}

/** Posts the hosted page's form, as a browser would, without following the redirect. */
export function pay(session: Pick<Stripe.Checkout.Session, 'url'>, cardNumber = '4242424242424242'): Promise<Response> {
  const body = new URLSearchParams({ email: 'client@example.com', card_number: cardNumber })
  return fetch(session.url ?? '', { method: 'POST', body, redirect: 'manual' })
}

/** Confirms a debit of a test account on the hosted page. */
export function debit(
  session: Pick<Stripe.Checkout.Session, 'url'>,
  accountNumber = '000123456789',
): Promise<Response> {
  const body = new URLSearchParams({ email: 'client@example.com', account_number: accountNumber })
  return fetch(session.url ?? '', { method: 'POST', body, redirect: 'manual' })
}
