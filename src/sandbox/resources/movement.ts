import type Stripe from 'stripe'
import { newId } from '../ids.ts'
import { seconds, type World } from '../world.ts'

const AVAILABLE_AFTER_SECONDS = 2 * 24 * 60 * 60
const BECOME_AVAILABLE = 'become_available'

/** What moves an account's balance, with the type and the reporting category Stripe gives to it. */
const KINDS = {
  charge: { type: 'charge', category: 'charge' },
  payment: { type: 'payment', category: 'charge' },
  payment_failure_refund: { type: 'payment_failure_refund', category: 'charge_failure' },
  refund: { type: 'refund', category: 'refund' },
  payment_refund: { type: 'payment_refund', category: 'refund' },
  refund_failure: { type: 'refund_failure', category: 'refund_failure' },
  dispute: { type: 'adjustment', category: 'dispute' },
  dispute_reversal: { type: 'adjustment', category: 'dispute_reversal' },
  payout: { type: 'payout', category: 'payout' },
  payout_failure: { type: 'payout_failure', category: 'payout_reversal' },
  fee: { type: 'stripe_fee', category: 'fee' },
} as const

interface Movement {
  account: string
  kind: keyof typeof KINDS
  amountMinor: number
  /** Negative when a fee comes back. */
  feeMinor?: number
  currency: string
  /** The object whose money moved, if there is one. */
  source: string | null
  description: string | null
  /** The money is not there yet: see `BalanceBook`. */
  held?: boolean
}

/** What moves the balance of an account that keeps another currency than its charge's. */
function settled(world: World, { account, amountMinor, feeMinor = 0, currency }: Movement) {
  const own = world.behaviour.current().settlesIn[account]
  if (!own || own.currency === currency) return { amountMinor, feeMinor, currency, exchange_rate: null }
  const [amount, fee] = [Math.round(amountMinor * own.rate), Math.round(feeMinor * own.rate)]
  return { amountMinor: amount, feeMinor: fee, currency: own.currency, exchange_rate: own.rate }
}

/** Records a movement on the account's balance and gives it. */
export function moveBalance(world: World, movement: Movement): Stripe.BalanceTransaction {
  const { account, held = false } = movement
  const { amountMinor, feeMinor, currency, exchange_rate } = settled(world, movement)
  const { type, category } = KINDS[movement.kind]
  const created = seconds(world)
  const description = type === 'adjustment' ? 'Dispute fee' : 'Stripe processing fees'
  const transaction: Stripe.BalanceTransaction = {
    id: newId('txn_3'),
    object: 'balance_transaction',
    amount: amountMinor,
    available_on: created + AVAILABLE_AFTER_SECONDS,
    balance_type: 'payments',
    created,
    currency,
    description: movement.description,
    exchange_rate,
    fee: feeMinor,
    fee_details:
      feeMinor === 0 ? [] : [{ amount: feeMinor, application: null, currency, description, type: 'stripe_fee' }],
    net: amountMinor - feeMinor,
    reporting_category: category,
    source: movement.source,
    status: 'pending',
    type,
  }
  world.documents.put('balance_transaction', account, transaction)
  world.balanceBook.enter(account, { transactionId: transaction.id, currency, held })
  if (!held) world.agenda.plan(BECOME_AVAILABLE, account, transaction.id, transaction.available_on * 1000)
  return transaction
}

/** The money of a held transaction has arrived, or will never: from now on it is like any other. */
export function releaseMovement(world: World, account: string, transactionId: string): void {
  const transaction = world.documents.get<Stripe.BalanceTransaction>('balance_transaction', account, transactionId)
  if (!transaction) return
  world.balanceBook.release(transactionId)
  const availableOn = Math.max(transaction.available_on, seconds(world))
  const released: Stripe.BalanceTransaction = { ...transaction, available_on: availableOn }
  world.documents.put('balance_transaction', account, released)
  world.agenda.plan(BECOME_AVAILABLE, account, transactionId, availableOn * 1000)
}

/** Marks a transaction as available: by its time, or because a payout takes it. */
export function makeAvailable(world: World, account: string, transactionId: string): Stripe.BalanceTransaction {
  const found = world.documents.get<Stripe.BalanceTransaction>('balance_transaction', account, transactionId)
  if (!found) throw new Error(`The balance has no transaction ${transactionId}.`)
  const available: Stripe.BalanceTransaction = { ...found, status: 'available' }
  world.documents.put('balance_transaction', account, available)
  return available
}

/** Lets money become available on its day. */
export function makeAvailableOnTime(world: World): void {
  world.agenda.on(BECOME_AVAILABLE, (account, id) => void makeAvailable(world, account, id))
}
