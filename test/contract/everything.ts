import type Stripe from 'stripe'
import { client, debit, openSandbox, pay, sessionParams } from '../sandbox/harness.ts'

/** An answer of the sandbox as it went over the wire. */
export interface Answer {
  method: string
  path: string
  status: number
  body: unknown
}

const DAY_MS = 86_400_000
const BANK: Stripe.Checkout.SessionCreateParams = {
  ...sessionParams(),
  allowed_payment_method_types: ['card', 'us_bank_account'],
}

/** Brings every kind of object into every state it can have, reads it all, and gives every answer there was. */
export async function playEverything(): Promise<Answer[]> {
  let now = Date.now()
  const { sandbox, controls } = await openSandbox({ now: () => now })
  const answers: Answer[] = []
  const record: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    const url = new URL(input instanceof Request ? input.url : input)
    const body: unknown = await response.clone().json()
    answers.push({ method: init?.method ?? 'GET', path: url.pathname, status: response.status, body })
    return response
  }
  const stripe = client(sandbox.url, undefined, record)

  const open = (params = sessionParams()) => stripe.checkout.sessions.create(params)
  const paymentOf = async (session: Stripe.Checkout.Session) =>
    (await stripe.checkout.sessions.retrieve(session.id)).payment_intent as string
  const paid = async (cardNumber?: string) => {
    const session = await open()
    await pay(session, cardNumber)
    return paymentOf(session)
  }
  const debited = async () => {
    const session = await open(BANK)
    await debit(session)
    return paymentOf(session)
  }
  const refund = (payment_intent: string, amount = 100) => stripe.refunds.create({ payment_intent, amount })

  try {
    await controls.behaves({ debitSettlesAfterMs: null, refundSettlesAfterMs: null })
    // Sessions: open, expired, declined, paid, on their way, failed.
    await open()
    const declined = await open()
    await pay(declined, '4000000000000002')
    await stripe.checkout.sessions.expire(declined.id)
    await debited()
    await controls.debitFails(await debited())
    const settled = await debited()
    await controls.debitSettles(settled)

    // Refunds: done, on their way, waiting for the balance, failed before and after they were taken, by hand.
    const card = await paid()
    await refund(card)
    await controls.refundByHand(card, 100)
    await refund(settled)
    await controls.refundSucceeds((await refund(settled)).id)
    await controls.behaves({ nextRefunds: ['short_of_balance', 'short_of_balance', 'fails_later'] })
    await refund(card)
    await controls.refundFails((await refund(card)).id)
    await controls.refundFails((await refund(card)).id)

    // Disputes: open, answered, won, lost, an inquiry, an answered one, one that was closed, one that
    // became a dispute, one won in part, a debit that came back.
    await controls.dispute(await paid())
    await controls.disputeWon((await controls.dispute(await paid())).id, { feeReturned: true })
    await controls.disputeLost((await controls.dispute(await paid())).id)
    await controls.disputeAnswered((await controls.dispute(await paid())).id)
    await controls.dispute(await paid(), { inquiry: true })
    await controls.disputeAnswered((await controls.dispute(await paid(), { inquiry: true })).id)
    await controls.inquiryCloses((await controls.dispute(await paid(), { inquiry: true })).id)
    await controls.disputeWithdraws((await controls.dispute(await paid(), { inquiry: true })).id)
    await controls.disputeWon((await controls.dispute(await paid())).id, { amountMinor: 100 })
    await controls.debitReturns(settled)

    // Payouts: under way, paid, failed, by hand; an account that keeps another currency. Of a fee that is not known yet there is no balance transaction.
    await controls.payOut('', { paidAfterMs: null, reconciledAfterMs: null })
    await paid()
    const [payout] = await controls.payOut()
    await controls.payoutFails(payout?.id ?? '')
    await controls.payOutByHand('', { amountMinor: 100, instant: true })
    await controls.payOut()
    await controls.behaves({ settlesIn: { '': { currency: 'cad', rate: 1.37 } } })
    await paid()
    await controls.behaves({ settlesIn: {} })
    await controls.behaves({ feeDelayMs: null })
    await controls.feeBecomesKnown(await paid())
    await paid()
    now += 3 * DAY_MS

    await readAll(stripe, payout?.id ?? '')
    await refused(stripe, { card, settled })
    return answers
  } finally {
    await sandbox.close()
  }
}

/** Reads every list with all that can be expanded, and one object of each kind. */
async function readAll(stripe: Stripe, payoutId: string): Promise<void> {
  const page = { limit: 100 }
  await stripe.checkout.sessions.list({ ...page, expand: ['data.payment_intent.latest_charge'] })
  await stripe.paymentIntents.list({ ...page, expand: ['data.latest_charge.balance_transaction'] })
  const charges = await stripe.charges.list({ ...page, expand: ['data.payment_intent', 'data.balance_transaction'] })
  const refunds = await stripe.refunds.list({ ...page, expand: ['data.charge', 'data.failure_balance_transaction'] })
  const disputes = await stripe.disputes.list({ ...page, expand: ['data.charge', 'data.payment_intent'] })
  await stripe.payouts.list({ ...page, expand: ['data.balance_transaction', 'data.failure_balance_transaction'] })
  const transactions = await stripe.balanceTransactions.list({ ...page, expand: ['data.source'] })
  await stripe.balanceTransactions.list({ payout: payoutId, expand: ['data.source'] })
  await stripe.events.list(page).autoPagingToArray({ limit: 10_000 })
  await stripe.balance.retrieve()
  const events = await stripe.events.list({ limit: 1 })
  await stripe.charges.retrieve(charges.data[0]?.id ?? '')
  await stripe.refunds.retrieve(refunds.data[0]?.id ?? '')
  await stripe.disputes.retrieve(disputes.data[0]?.id ?? '')
  await stripe.payouts.retrieve(payoutId)
  await stripe.balanceTransactions.retrieve(transactions.data[0]?.id ?? '')
  await stripe.events.retrieve(events.data[0]?.id ?? '')
}

/** Asks for what is refused, in every way there is. */
async function refused(stripe: Stripe, { card, settled }: { card: string; settled: string }): Promise<void> {
  const expired = await stripe.checkout.sessions.list({ status: 'expired' })
  const calls = [
    () => stripe.checkout.sessions.create({ ...sessionParams(), submit_type: 'sell' as 'pay' }),
    () => stripe.checkout.sessions.create(sessionParams(49)),
    () => stripe.checkout.sessions.expire(expired.data[0]?.id ?? ''),
    () => stripe.refunds.create({ payment_intent: card, amount: 99_999_999 }),
    () => stripe.refunds.create({ payment_intent: settled }),
    () => stripe.payouts.retrieve('po_x'),
    () => stripe.charges.list({ limit: 101 }),
    () => stripe.charges.list({ expand: ['data.nothing'] }),
    () => stripe.events.list({}, { apiVersion: '2020-01-01' }),
  ]
  for (const call of calls) await call().catch(() => undefined)
}
