import type Stripe from 'stripe'
import { emit } from '../emit.ts'
import { newId } from '../ids.ts'
import { seconds, type World } from '../world.ts'
import { makeAvailable, moveBalance } from './movement.ts'

const KIND = 'payout'
const PAY = 'pay_payout'
const RECONCILE = 'reconcile_payout'
const DAY_S = 24 * 60 * 60

/** When a payout arrives and when its content is known, in ms after it was made; null: only when told. */
export interface PayoutTimes {
  paidAfterMs: number | null
  reconciledAfterMs: number | null
}

/** A payout made by hand: it takes `amountMinor` out of the balance, and nobody knows of which payments that is. */
export interface ByHand {
  amountMinor: number
  currency: string
  /** At once, for a fee of 1 %. */
  instant: boolean
}

function newPayout(world: World, amountMinor: number, currency: string): Stripe.Payout {
  const created = seconds(world)
  return {
    id: newId('po_1'),
    object: 'payout',
    amount: amountMinor,
    application_fee: null,
    application_fee_amount: null,
    // Stripe tells the day, as 00:00 UTC.
    arrival_date: created - (created % DAY_S),
    automatic: true,
    balance_transaction: null,
    created,
    currency,
    description: 'STRIPE PAYOUT',
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'in_progress',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'in_transit',
    trace_id: { status: 'pending', value: null },
    type: 'bank_account',
  }
}

function save(world: World, account: string, payout: Stripe.Payout, type: Stripe.Event.Type): Stripe.Payout {
  world.documents.put(KIND, account, payout)
  emit(world, { account, type, object: payout, cause: null })
  return payout
}

function move(
  world: World,
  account: string,
  payout: Stripe.Payout,
  kind: 'payout' | 'payout_failure',
  feeMinor = 0,
): string {
  const { currency, id: source } = payout
  const amountMinor = kind === 'payout' ? -payout.amount : payout.amount
  const description = kind === 'payout' ? 'STRIPE PAYOUT' : `PAYOUT FAILURE (${payout.id})`
  return moveBalance(world, { account, kind, amountMinor, feeMinor, currency, source, description }).id
}

/**
 * Pays out, per currency, all that no payout has taken yet and that is not held. What sums to nothing stays in the balance; what
 * sums to less than nothing is a payout of a negative amount: the bank account is debited. Gives the payouts made.
 */
export function payOut(world: World, account: string, times: PayoutTimes): Stripe.Payout[] {
  const free = world.balanceBook.unpaid(account).filter(({ held }) => !held)
  const payouts: Stripe.Payout[] = []
  for (const currency of new Set(free.map((entry) => entry.currency))) {
    const ids = free.filter((entry) => entry.currency === currency).map(({ transactionId }) => transactionId)
    const netMinor = ids.reduce((sum, id) => sum + makeAvailable(world, account, id).net, 0)
    if (netMinor === 0) continue
    const payout = newPayout(world, netMinor, currency)
    payout.balance_transaction = move(world, account, payout, 'payout')
    for (const id of [...ids, payout.balance_transaction]) world.balanceBook.payOut(id, payout.id)
    makeAvailable(world, account, payout.balance_transaction)
    save(world, account, payout, 'payout.created')
    plan(world, account, payout.id, times)
    payouts.push(world.documents.get<Stripe.Payout>(KIND, account, payout.id) ?? payout)
  }
  return payouts
}

/**
 * Makes a payout by hand, of what may be there or not. Like everything else that moves the balance, its own transaction is in the
 * next automatic payout.
 */
export function payOutByHand(world: World, account: string, how: ByHand, paidAfterMs: number | null): Stripe.Payout {
  const { amountMinor, currency, instant } = how
  const payout: Stripe.Payout = {
    ...newPayout(world, amountMinor, currency),
    automatic: false,
    method: instant ? 'instant' : 'standard',
    reconciliation_status: 'not_applicable',
  }
  payout.balance_transaction = move(world, account, payout, 'payout', instant ? Math.ceil(amountMinor / 100) : 0)
  makeAvailable(world, account, payout.balance_transaction)
  save(world, account, payout, 'payout.created')
  plan(world, account, payout.id, { paidAfterMs, reconciledAfterMs: null })
  return world.documents.get<Stripe.Payout>(KIND, account, payout.id) ?? payout
}

/** What an automatic payout would take now: net, by currency. */
export function freeToPayOut(world: World, account: string): Map<string, number> {
  const free = new Map<string, number>()
  for (const { transactionId, currency, held } of world.balanceBook.unpaid(account)) {
    const entry = world.documents.get<Stripe.BalanceTransaction>('balance_transaction', account, transactionId)
    if (entry && !held) free.set(currency, (free.get(currency) ?? 0) + entry.net)
  }
  return free
}

function plan(world: World, account: string, id: string, { paidAfterMs, reconciledAfterMs }: PayoutTimes): void {
  const steps = [
    { task: PAY, afterMs: paidAfterMs, act: arrive },
    { task: RECONCILE, afterMs: reconciledAfterMs, act: reconcile },
  ]
  for (const { task, afterMs, act } of steps) {
    if (afterMs === 0) act(world, account, id)
    else if (afterMs !== null) world.agenda.plan(task, account, id, world.now() + afterMs)
  }
}

/** Lets payouts arrive and be reconciled at their time. */
export function concludePayoutsOnTime(world: World): void {
  world.agenda.on(PAY, (account, id) => void arrive(world, account, id))
  world.agenda.on(RECONCILE, (account, id) => void reconcile(world, account, id))
}

/** The money is at the bank. Harmless for a payout that has arrived or failed. */
export function arrive(world: World, account: string, id: string): Stripe.Payout | undefined {
  const payout = world.documents.get<Stripe.Payout>(KIND, account, id)
  if (payout?.status !== 'in_transit') return payout
  const trace_id = { status: 'supported', value: `sandbox-${id}` }
  return save(world, account, { ...payout, status: 'paid', trace_id }, 'payout.paid')
}

/** What the payout holds can be listed from now on. Harmless when it can already. */
export function reconcile(world: World, account: string, id: string): Stripe.Payout | undefined {
  const payout = world.documents.get<Stripe.Payout>(KIND, account, id)
  if (payout?.reconciliation_status !== 'in_progress') return payout
  const completed: Stripe.Payout = { ...payout, reconciliation_status: 'completed' }
  return save(world, account, completed, 'payout.reconciliation_completed')
}

/** The bank sent the money back, before or after it had arrived: the net amount is in the balance again. */
export function failPayout(world: World, account: string, payout: Stripe.Payout): Stripe.Payout {
  const failed: Stripe.Payout = {
    ...payout,
    status: 'failed',
    failure_code: 'account_closed',
    failure_message: 'The bank account has been closed.',
    failure_balance_transaction: move(world, account, payout, 'payout_failure'),
  }
  return save(world, account, failed, 'payout.failed')
}
