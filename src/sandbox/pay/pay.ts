import type Stripe from 'stripe'
import { transaction } from '../../far-side/database.ts'
import { emit } from '../emit.ts'
import type { Means, StoredCharge } from '../resources/charge-object.ts'
import { charge } from '../resources/charges.ts'
import { findSession, saveSession } from '../resources/checkout-sessions.ts'
import { planDebit } from '../resources/debits.ts'
import { openDispute, withdraw } from '../resources/disputes.ts'
import { createIntent, followCharge } from '../resources/payment-intents.ts'
import type { World } from '../world.ts'
import { findAccount } from './test-accounts.ts'
import { findCard } from './test-cards.ts'

/** What the payer chose on the page. */
export type Choice = { cardNumber: string } | { accountNumber: string }

/**
 * What pressing "Pay" led to: money that is there, or on its way from a bank. A session that was already confirmed answers
 * `confirmed` again: a double click pays once.
 */
export type Payment =
  | { kind: 'confirmed'; successUrl: string }
  | { kind: 'declined'; message: string }
  | { kind: 'not-open' }

function successUrl(session: Stripe.Checkout.Session): string {
  return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

// A test number of this session's methods; anything else is refused, so that no real card or account is ever taken.
function findMeans(choice: Choice, session: Stripe.Checkout.Session): Means | undefined {
  if ('cardNumber' in choice) {
    const card = session.payment_method_types.includes('card') ? findCard(choice.cardNumber) : undefined
    return card && { card }
  }
  const offered = session.payment_method_types.includes('us_bank_account')
  const bankAccount = offered ? findAccount(choice.accountNumber) : undefined
  return bankAccount && { bankAccount }
}

/** Pays an open session with a test card or test account, in one transaction with everything it leads to. */
export function paySession(world: World, sessionId: string, choice: Choice, email: string): Payment {
  return transaction(world.db, () => {
    const found = findSession(world, sessionId)
    if (!found) return { kind: 'not-open' }
    const { account, session, order } = found
    if (session.status === 'complete') return { kind: 'confirmed', successUrl: successUrl(session) }
    if (session.status !== 'open') return { kind: 'not-open' }
    const means = findMeans(choice, session)
    if (!means) {
      const message = 'This is no test number of a payment method offered here. Nothing real is ever taken.'
      return { kind: 'declined', message }
    }

    const earlier = session.payment_intent as string | null
    const known = earlier && world.documents.get<Stripe.PaymentIntent>('payment_intent', account, earlier)
    const intent = known || createIntent(world, account, order.seed)
    const made = charge(world, account, intent, means, email)
    followCharge(world, account, intent, made)
    session.payment_intent = intent.id
    if (made.status === 'failed') {
      saveSession(world, account, session)
      return { kind: 'declined', message: made.failure_message ?? 'Your card was declined.' }
    }

    session.status = 'complete'
    session.payment_status = made.paid ? 'paid' : 'unpaid'
    session.url = null
    session.customer_details = {
      address: null,
      business_name: null,
      email,
      individual_name: null,
      name: null,
      phone: null,
      tax_exempt: 'none',
      tax_ids: [],
    }
    saveSession(world, account, session)
    emit(world, { account, type: 'checkout.session.completed', object: session, cause: null })
    if (made.status === 'pending') planDebit(world, account, made)
    if ('card' in means && means.card.disputes) dispute(world, account, made, means.card.disputes)
    return { kind: 'confirmed', successUrl: successUrl(session) }
  })
}

function dispute(
  world: World,
  account: string,
  charge: StoredCharge,
  { reason, inquiry }: { reason: string; inquiry: boolean },
): void {
  const status = inquiry ? 'warning_needs_response' : 'needs_response'
  const opened = openDispute(world, account, { charge, amountMinor: charge.amount, reason, status })
  if (!inquiry) withdraw(world, account, opened)
}
