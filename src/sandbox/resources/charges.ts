import type Stripe from 'stripe'
import { z } from 'zod'
import { bankDebitFee, cardFee } from '../currencies.ts'
import { emit } from '../emit.ts'
import { createdRange, paging, parse, text } from '../params.ts'
import type { Endpoint, World } from '../world.ts'
import { type Means, newCharge, type StoredCharge } from './charge-object.ts'
import { listAnswer, retrieve } from './list.ts'
import { moveBalance } from './movement.ts'

const PATH = '/v1/charges'
const KIND = 'charge'
const SETTLE_FEE = 'settle_fee'

/** What paid a charge, kept beside it: test numbers decide about refunds and returns, too. */
interface ChargeMeans {
  id: string
  created: number
  means: Means
}

/** The charge of this account, if there is one. */
export function findCharge(world: World, account: string, id: string): StoredCharge | undefined {
  return world.documents.get<StoredCharge>(KIND, account, id)
}

/** What paid the charge. */
export function meansOf(world: World, account: string, chargeId: string): Means | undefined {
  return world.documents.get<ChargeMeans>('charge_means', account, chargeId)?.means
}

/** Stores a charge's new state. */
export function saveCharge(world: World, account: string, charge: StoredCharge): void {
  world.documents.put(KIND, account, charge)
}

/** Charges the card or debits the account for the whole intent; gives the charge as the bank answers, and tells of it. */
export function charge(
  world: World,
  account: string,
  intent: Stripe.PaymentIntent,
  means: Means,
  email: string,
): StoredCharge {
  const made = newCharge(world, intent, means, email)
  const { feeDelayMs } = world.behaviour.current()
  const kept: ChargeMeans = { id: made.id, created: made.created, means }
  world.documents.put('charge_means', account, kept)
  if (made.status !== 'failed') {
    if (feeDelayMs === 0) made.balance_transaction = book(world, account, made)
    else if (feeDelayMs !== null) world.agenda.plan(SETTLE_FEE, account, made.id, world.now() + feeDelayMs)
  }
  saveCharge(world, account, made)
  emit(world, { account, type: `charge.${made.status}`, object: made, cause: null })
  return made
}

function book(world: World, account: string, charge: StoredCharge): string {
  const { id: source, currency, description, amount: amountMinor } = charge
  const card = charge.payment_method_details?.type === 'card'
  return moveBalance(world, {
    account,
    kind: card ? 'charge' : 'payment',
    amountMinor,
    feeMinor: card ? cardFee(amountMinor, currency) : bankDebitFee(amountMinor),
    currency,
    source,
    description,
    held: charge.status === 'pending',
  }).id
}

/** Makes the fee of a charge known that was held back, told by `charge.updated`; harmless for any other charge. */
export function makeFeeKnown(world: World, account: string, chargeId: string): StoredCharge | undefined {
  const known = findCharge(world, account, chargeId)
  if (!known || known.status === 'failed' || known.balance_transaction !== null) return known
  known.balance_transaction = book(world, account, known)
  saveCharge(world, account, known)
  const previous = { balance_transaction: null }
  emit(world, { account, type: 'charge.updated', object: known, previous, cause: null })
  return known
}

/** Lets fees that were held back become known at their time. */
export function makeFeesKnownOnTime(world: World): void {
  world.agenda.on(SETTLE_FEE, (account, id) => void makeFeeKnown(world, account, id))
}

const ListParams = z.strictObject({ ...paging, created: createdRange, payment_intent: text().optional() })

/** GET /v1/charges and /v1/charges/:id. */
export const chargeEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: PATH,
    act(call) {
      const { payment_intent, created, ...page } = parse(ListParams, call.params)
      return listAnswer(call, KIND, PATH, page, {
        equal: { '$.payment_intent': payment_intent },
        created: created ?? {},
      })
    },
  },
  { method: 'GET', path: `${PATH}/:id`, act: (call) => retrieve(call, KIND) },
]
