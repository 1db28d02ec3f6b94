import type Stripe from 'stripe'
import { afterEach, expect } from 'vitest'
import { debit, openSandbox, pay, sessionParams } from './harness.ts'

/** An open sandbox with the controls of what happens later. */
export type Opened = Awaited<ReturnType<typeof openSandbox>>

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

/** Opens a sandbox that is closed after the test. */
export async function open(options: Parameters<typeof openSandbox>[0] = {}): Promise<Opened> {
  const opened = await openSandbox(options)
  cleanUp.push(opened.sandbox.close)
  return opened
}

/** Pays a new session by card (or another one), in an account if one is named; gives the payment intent's id. */
export async function paidByCard(
  { stripe }: Opened,
  { amountMinor = 100_000, cardNumber = '4242424242424242', currency = 'usd', stripeAccount = '' } = {},
): Promise<string> {
  const params = sessionParams(amountMinor)
  const [item] = params.line_items ?? []
  if (item?.price_data) item.price_data.currency = currency
  const account = stripeAccount ? { stripeAccount } : {}
  const session = await stripe.checkout.sessions.create(params, account)
  expect((await pay(session, cardNumber)).status).toBe(303)
  return (await stripe.checkout.sessions.retrieve(session.id, {}, account)).payment_intent as string
}

/** Starts a debit that waits to be told what becomes of it; gives the payment intent's id. */
export async function debitStarted({ stripe, controls }: Opened, amountMinor = 100_000): Promise<string> {
  await controls.behaves({ debitSettlesAfterMs: null })
  const session = await stripe.checkout.sessions.create({
    ...sessionParams(amountMinor),
    allowed_payment_method_types: ['us_bank_account'],
  })
  expect((await debit(session)).status).toBe(303)
  return (await stripe.checkout.sessions.retrieve(session.id)).payment_intent as string
}

/** Types of all events, oldest first, without those that a payment by card brings. */
export async function laterEvents(stripe: Stripe): Promise<string[]> {
  const first = ['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded', 'checkout.session.completed']
  const events = await stripe.events.list({ limit: 100 })
  return events.data
    .map(({ type }) => type as string)
    .filter((type) => !first.includes(type))
    .reverse()
}

/** The account's balance transactions as [type, amount, fee], oldest first. */
export async function movements(stripe: Stripe, options: Stripe.RequestOptions = {}): Promise<unknown[][]> {
  const { data } = await stripe.balanceTransactions.list({ limit: 100 }, options)
  return data.map(({ type, amount, fee }) => [type, amount, fee]).reverse()
}
