import Stripe from 'stripe'
import type { Database } from '../src/db/pool.ts'
import { reading } from './effects.ts'
import { type PlannedPart, refundRequest } from './refund-request.ts'

/** Asks the provider for the refund of a part, noting for as long as no answer has come that it may have been made. */
export async function askRefund(to: { db: Database; stripe: Stripe }, part: PlannedPart): Promise<Stripe.Refund> {
  await noteUnanswered(to.db, part, true)
  try {
    return await askUnderKeys(to, part)
  } catch (error) {
    if (isAnswer(error) && !part.unanswered) await noteUnanswered(to.db, part, false)
    throw error
  }
}

/**
 * Asks under the first key that the part has not used up. The provider remembers for a day what it answered under a key, so a
 * refusal for want of balance would be repeated long after the balance has come.
 *
 * Only a key that answers so *from memory* is used up: it cannot make the refund any more, whoever still asks under it. A try without
 * an answer, or with one that leaves open whether it was made (a 5xx), keeps its key. And the keys follow from the part alone: where
 * the note of the used ones is lost, the remembered answers lead to the same key again, and what was made under it is answered.
 */
async function askUnderKeys(
  { db, stripe }: { db: Database; stripe: Stripe },
  part: PlannedPart,
): Promise<Stripe.Refund> {
  for (let usedKeys = part.used_keys; ; usedKeys += 1) {
    const { params, options } = refundRequest({ ...part, used_keys: usedKeys })
    try {
      return await stripe.refunds.create(params, options)
    } catch (error) {
      if (!isShortOfBalance(error) || !isFromMemory(error)) throw error
    }
    await noteUsedKeys(db, part, usedKeys + 1)
  }
}

/** It was not made by this try. A key known with other parameters, and a fault of the provider's, say nothing. */
const isAnswer = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError &&
  !(error instanceof Stripe.errors.StripeIdempotencyError) &&
  [400, 401, 402, 403, 404, 429].includes(error.statusCode ?? 0)

async function noteUnanswered(db: Database, { firm_id, id }: PlannedPart, unanswered: boolean): Promise<void> {
  await reading(
    db.updateTable('refund_part').set({ unanswered }).where('firm_id', '=', firm_id).where('id', '=', id).execute(),
  )
}

/** Not refused: the account's balance is too small today, and the next payments fill it. */
export const isShortOfBalance = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && error.code === 'balance_insufficient'

const isFromMemory = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && error.headers?.['idempotent-replayed'] === 'true'

async function noteUsedKeys(db: Database, { firm_id, id }: PlannedPart, usedKeys: number): Promise<void> {
  await reading(
    db
      .updateTable('refund_part')
      .set({ used_keys: usedKeys })
      .where('firm_id', '=', firm_id)
      .where('id', '=', id)
      .where('used_keys', '<', usedKeys)
      .execute(),
  )
}
