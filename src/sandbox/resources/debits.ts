import type Stripe from 'stripe'
import { FAILED_DEBIT_FEE_MINOR } from '../currencies.ts'
import { emit } from '../emit.ts'
import { DEBIT_FAILURES, type DebitFailure } from '../pay/test-accounts.ts'
import type { World } from '../world.ts'
import type { StoredCharge } from './charge-object.ts'
import { findCharge, meansOf, saveCharge } from './charges.ts'
import { saveSession, sessionOfIntent } from './checkout-sessions.ts'
import { openReturn } from './disputes.ts'
import { moveBalance, releaseMovement } from './movement.ts'
import { followCharge } from './payment-intents.ts'

const CONCLUDE = 'conclude_debit'
const RETURN = 'return_debit'

/** Plans what the test account does with a debit that has just been started. */
export function planDebit(world: World, account: string, charge: StoredCharge): void {
  const { debitSettlesAfterMs } = world.behaviour.current()
  if (debitSettlesAfterMs !== null) world.agenda.plan(CONCLUDE, account, charge.id, world.now() + debitSettlesAfterMs)
}

function outcomeOf(world: World, account: string, chargeId: string) {
  const means = meansOf(world, account, chargeId)
  return means && 'bankAccount' in means ? means.bankAccount.outcome : undefined
}

/** Lets debits do at their time what their test account decides. What a control route has decided before stays. */
export function concludeDebitsOnTime(world: World): void {
  world.agenda.on(CONCLUDE, (account, id) => {
    const charge = findCharge(world, account, id)
    const outcome = outcomeOf(world, account, id)
    if (charge?.status !== 'pending' || !outcome || outcome.kind === 'never') return
    if (outcome.kind === 'fails') return void failDebit(world, account, charge, outcome.failure)
    settleDebit(world, account, charge)
    const { debitSettlesAfterMs } = world.behaviour.current()
    if (outcome.kind === 'settles_and_returns' && debitSettlesAfterMs !== null)
      world.agenda.plan(RETURN, account, id, world.now() + debitSettlesAfterMs)
  })
  world.agenda.on(RETURN, (account, id) => {
    const charge = findCharge(world, account, id)
    const outcome = outcomeOf(world, account, id)
    if (charge?.status !== 'succeeded' || charge.disputed || charge.refunded) return
    if (outcome?.kind !== 'settles_and_returns') return
    openReturn(world, account, charge, outcome.failure)
  })
}

// The order of what is told: the charge, its intent, its session.
function conclude(world: World, account: string, charge: StoredCharge, settled: boolean): void {
  saveCharge(world, account, charge)
  emit(world, { account, type: settled ? 'charge.succeeded' : 'charge.failed', object: charge, cause: null })
  const intent = world.documents.get<Stripe.PaymentIntent>('payment_intent', account, charge.payment_intent)
  if (intent) followCharge(world, account, intent, charge)
  const session = sessionOfIntent(world, account, charge.payment_intent)
  if (!session) return
  const after = { ...session, payment_status: settled ? ('paid' as const) : session.payment_status }
  saveSession(world, account, after)
  const type = settled ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed'
  emit(world, { account, type, object: after, cause: null })
}

/** The bank has paid a pending debit: its money is in the balance now. */
export function settleDebit(world: World, account: string, pending: StoredCharge): StoredCharge {
  if (pending.balance_transaction !== null) releaseMovement(world, account, pending.balance_transaction)
  const charge: StoredCharge = { ...pending, status: 'succeeded', paid: true }
  conclude(world, account, charge, true)
  return charge
}

/** The bank has refused a pending debit: what was booked ahead is taken back, and the failure costs a fee. */
export function failDebit(world: World, account: string, pending: StoredCharge, failure: DebitFailure): StoredCharge {
  const charge: StoredCharge = {
    ...pending,
    status: 'failed',
    failure_code: failure,
    failure_message: DEBIT_FAILURES[failure],
    failure_balance_transaction: takeBack(world, account, pending),
  }
  moveBalance(world, {
    account,
    kind: 'fee',
    amountMinor: -FAILED_DEBIT_FEE_MINOR,
    currency: charge.currency,
    source: null,
    description: `Bank debit failure fee (${charge.id})`,
  })
  conclude(world, account, charge, false)
  return charge
}

function takeBack(world: World, account: string, pending: StoredCharge): string | null {
  if (pending.balance_transaction === null) return null
  const booked = world.documents.get<Stripe.BalanceTransaction>(
    'balance_transaction',
    account,
    pending.balance_transaction,
  )
  if (!booked) return null
  releaseMovement(world, account, booked.id)
  return moveBalance(world, {
    account,
    kind: 'payment_failure_refund',
    amountMinor: -booked.amount,
    feeMinor: -booked.fee,
    currency: booked.currency,
    source: pending.id,
    description: `PAYMENT FAILURE REFUND (${pending.id})`,
  }).id
}
