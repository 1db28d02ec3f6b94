import type Stripe from 'stripe'

type DebitFailure = 'account_closed' | 'no_account' | 'insufficient_funds' | 'debit_not_authorized'

/** How the sandbox behaves: see `Behaviour` in `src/sandbox/behaviour.ts`. A delay of null: only when told. */
export interface SandboxBehaviour {
  debitSettlesAfterMs?: number | null
  feeDelayMs?: number | null
  refundSettlesAfterMs?: number | null
  /** By account, '' the platform's: the currency its balance is kept in. */
  settlesIn?: Record<string, { currency: string; rate: number }>
  /** Accounts that the platform may no longer act for. */
  disconnected?: string[]
  /** Accounts, '' the platform's, whose balance covers no refund. */
  withoutBalance?: string[]
  nextRefunds?: ('short_of_balance' | 'fails_later' | 'succeeds_later')[]
}

/**
 * What Stripe, banks and payers do later, as a test makes it happen. Payments are named by the id of their intent; a refund or
 * a dispute by its own id, or by its payment's (then the newest). What makes no sense now is thrown.
 */
export class SandboxControls {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** Changes the named settings and leaves the others. */
  async behaves(settings: SandboxBehaviour): Promise<void> {
    await this.#post('behaviour', settings)
  }

  debitSettles(paymentId: string): Promise<Stripe.Charge> {
    return this.#post(`debits/${paymentId}/settle`)
  }

  debitFails(paymentId: string, failure?: DebitFailure): Promise<Stripe.Charge> {
    return this.#post(`debits/${paymentId}/fail`, { failure })
  }

  /** A settled debit comes back: a dispute that is lost from the start. */
  debitReturns(paymentId: string, reason?: DebitFailure): Promise<Stripe.Dispute> {
    return this.#post(`debits/${paymentId}/return`, { reason })
  }

  /** A fee that was held back becomes known, by `charge.updated`. */
  feeBecomesKnown(paymentId: string): Promise<Stripe.Charge> {
    return this.#post(`payments/${paymentId}/fee`)
  }

  /** Somebody refunds in Stripe's dashboard: without metadata of ours. All that is left where no amount is given. */
  refundByHand(paymentId: string, amountMinor?: number): Promise<Stripe.Refund> {
    return this.#post('refunds', { payment_intent: paymentId, amount: amountMinor })
  }

  refundSucceeds(id: string): Promise<Stripe.Refund> {
    return this.#post(`refunds/${id}/succeed`)
  }

  refundFails(id: string, reason?: string): Promise<Stripe.Refund> {
    return this.#post(`refunds/${id}/fail`, { reason })
  }

  /** The payer's bank objects. The money is withdrawn at once unless `withdraw` is false; an inquiry moves none. */
  dispute(
    paymentId: string,
    { amountMinor, ...how }: { amountMinor?: number; reason?: string; withdraw?: boolean; inquiry?: boolean } = {},
  ): Promise<Stripe.Dispute> {
    return this.#post('disputes', { payment_intent: paymentId, amount: amountMinor, ...how })
  }

  /** The firm has answered at Stripe's dashboard: the dispute is under review. */
  disputeAnswered(id: string): Promise<Stripe.Dispute> {
    return this.#post(`disputes/${id}/answer`)
  }

  /** The money goes: of a dispute that was opened without, or of an inquiry that becomes a dispute. */
  disputeWithdraws(id: string): Promise<Stripe.Dispute> {
    return this.#post(`disputes/${id}/withdraw`)
  }

  /** With all that was withdrawn, or only a part of it. */
  disputeWon(
    id: string,
    { amountMinor, feeReturned = false }: { amountMinor?: number; feeReturned?: boolean } = {},
  ): Promise<Stripe.Dispute> {
    return this.#post(`disputes/${id}/win`, { amount: amountMinor, feeReturned })
  }

  disputeLost(id: string): Promise<Stripe.Dispute> {
    return this.#post(`disputes/${id}/lose`)
  }

  inquiryCloses(id: string): Promise<Stripe.Dispute> {
    return this.#post(`disputes/${id}/close`)
  }

  /** Pays out all that has not been: one payout per currency, none if there is nothing. A delay of null: only when told. */
  payOut(
    account?: string,
    times: { paidAfterMs?: number | null; reconciledAfterMs?: number | null } = {},
  ): Promise<Stripe.Payout[]> {
    return this.#post('payouts', { account, ...times })
  }

  /** Somebody pays out by hand: all there is of the currency where no amount is given. The content is never known. */
  payOutByHand(
    account?: string,
    {
      amountMinor,
      ...how
    }: { amountMinor?: number; currency?: string; instant?: boolean; paidAfterMs?: number | null } = {},
  ): Promise<Stripe.Payout> {
    return this.#post('payouts/manual', { account, amount: amountMinor, ...how })
  }

  payoutArrives(id: string): Promise<Stripe.Payout> {
    return this.#post(`payouts/${id}/pay`)
  }

  payoutReconciles(id: string): Promise<Stripe.Payout> {
    return this.#post(`payouts/${id}/reconcile`)
  }

  payoutFails(id: string): Promise<Stripe.Payout> {
    return this.#post(`payouts/${id}/fail`)
  }

  async #post<T>(path: string, body: object = {}): Promise<T> {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${this.url}/_control/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as T & { error?: string }
    if (!response.ok) throw new Error(answer.error ?? `The sandbox answered ${response.status}.`)
    return answer
  }
}
