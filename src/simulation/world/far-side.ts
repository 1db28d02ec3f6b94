import type Stripe from 'stripe'
import type { StoredEmail } from '../../outbox/mailbox.ts'
import { SandboxControls } from './sandbox-controls.ts'

type CallEffect =
  | { kind: 'fail'; status: number; afterActing?: boolean }
  | { kind: 'disconnect' | 'hang'; afterActing?: boolean }
  | { kind: 'delay'; delayMs: number }

/** What is to happen to the next `times` calls of `path` (`*` is any one segment). */
export interface CallFault {
  path: string
  /** POST unless said otherwise. */
  method?: 'GET' | 'POST'
  times: number
  effect: CallEffect
}

/** A stand-in at the network's far side, as a test reaches it: its faults, and what it has taken in. */
export class FarSide extends SandboxControls {
  /** Replaces all faults. */
  async failing(...calls: CallFault[]): Promise<void> {
    const response = await fetch(`${this.url}/_control/faults`, { method: 'POST', body: JSON.stringify({ calls }) })
    if (!response.ok) throw new Error(await response.text())
  }

  async healed(): Promise<void> {
    await fetch(`${this.url}/_control/faults`, { method: 'DELETE' })
  }

  /** How many of the faults' times are left. */
  async faultsLeft(): Promise<number> {
    const { calls } = await this.#read<{ calls: { times: number }[] }>('/_control/faults')
    return calls.reduce((sum, { times }) => sum + times, 0)
  }

  emails(to?: string): Promise<StoredEmail[]> {
    return this.#read(`/_control/emails${to ? `?to=${encodeURIComponent(to)}` : ''}`)
  }

  async sessionsOf(matterId: string): Promise<Stripe.Checkout.Session[]> {
    const sessions = await this.#read<Stripe.Checkout.Session[]>('/_control/sessions')
    return sessions.filter(({ metadata }) => metadata?.['matterId'] === matterId)
  }

  /** Everything that has happened, the newest first. */
  events(): Promise<Stripe.Event[]> {
    return this.#read('/_control/events')
  }

  /** The refunds of a payment, newest first. */
  async refunds(paymentId: string): Promise<Stripe.Refund[]> {
    const refunds = await this.#read<Stripe.Refund[]>('/_control/refunds')
    return refunds.filter(({ payment_intent }) => payment_intent === paymentId)
  }

  async eventsAbout(objectId: string): Promise<Stripe.Event[]> {
    const events = await this.events()
    return events.filter(({ data }) => (data.object as { id?: string }).id === objectId)
  }

  /**
   * The client pays at the hosted page, by card unless a bank account is named: the HTTP status it answers (303: paid, or on its
   * way from the bank; 402: declined; 410: cannot be paid any more).
   */
  async pay(
    sessionId: string,
    by: { cardNumber: string } | { accountNumber: string } = { cardNumber: '4242424242424242' },
  ): Promise<number> {
    const number = 'cardNumber' in by ? { card_number: by.cardNumber } : { account_number: by.accountNumber }
    const form = new URLSearchParams({ email: 'payer@bank.example', ...number })
    const response = await fetch(`${this.url}/c/pay/${sessionId}`, { method: 'POST', body: form, redirect: 'manual' })
    return response.status
  }

  /** The id of the payment intent behind a session that was paid. */
  async paymentOf(sessionId: string): Promise<string> {
    const sessions = await this.#read<Stripe.Checkout.Session[]>('/_control/sessions')
    const intent = sessions.find(({ id }) => id === sessionId)?.payment_intent
    if (typeof intent !== 'string') throw new Error(`The session ${sessionId} has no payment.`)
    return intent
  }

  async #read<T>(path: string): Promise<T> {
    const response = await fetch(this.url + path)
    return (await response.json()) as T
  }
}
