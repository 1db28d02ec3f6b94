import { ApplicationFailure } from '@temporalio/activity'
import type Stripe from 'stripe'
import type { Database } from '../src/db/pool.ts'
import type { PayReturnUrls } from '../src/pay/link.ts'
import { bookedAccount, onAccount } from '../src/provider/account.ts'
import { isUnreachable } from '../src/provider/unreachable.ts'
import type { CourierActivities } from './courier-wire.ts'
import { beginTry, engineNowMs, finish, giveUp, readEffect, reading } from './effects.ts'
import { sessionRequest } from './session-request.ts'
import { isRefusal, passingTrouble } from './stripe-calls.ts'

export interface SessionDependencies {
  db: Database
  stripe: Stripe
  /** Where the provider sends the client back to. */
  returnUrls(requestId: string, attemptId: string): PayReturnUrls
}

/** Payment sessions at Stripe: opened once per attempt, expired when they are no longer wanted (R10, R14). */
export function sessionActivities({ db, stripe, returnUrls }: SessionDependencies) {
  return {
    async openSession({ id, attemptId, expiresAtMs }) {
      const effect = await readEffect(db, id)
      const attempt = await readAttempt(db, attemptId)
      if (effect.status === 'DONE') return { outcome: 'done', sessionId: attempt.session_id }
      if (effect.failure) return { outcome: 'failed', reason: effect.failure }
      const triedBefore = effect.firstTriedAtMs !== null
      // Tried before, a session may exist that nobody knows of: the same request brings its id, so that it can be expired.
      if (attempt.status !== 'OPENING' && !triedBefore) {
        await finish(db, id, 'CANCELLED')
        return { outcome: 'done', sessionId: null }
      }
      if (engineNowMs() >= expiresAtMs) return giveUp(db, id, triedBefore ? 'FATE_UNKNOWN' : 'REFUSED')

      const planned = sessionRequest(attempt, returnUrls(attempt.request_id, attemptId))
      const request = (await beginTry(db, id, planned, { evenIfCancelled: true })) ?? planned
      const booked = bookedAccount(request.stripeAccount)
      await noteAccount(db, attemptId, request.stripeAccount)
      let session: Stripe.Checkout.Session
      try {
        session = await stripe.checkout.sessions.create(request.params, {
          // A failure that the provider remembers under it holds up this attempt only: the client's next one has another key.
          idempotencyKey: `session-${attemptId}`,
          ...onAccount(booked),
        })
      } catch (error) {
        // An account that the firm has disconnected takes no payment: the client learns it now, not when the attempt expires.
        if (isRefusal(error) || isUnreachable(error, booked)) return giveUp(db, id, 'REFUSED')
        throw passingTrouble(error)
      }
      await reading(
        db.transaction().execute(async (trx) => {
          await trx
            .updateTable('attempt')
            .set({ session_id: session.id, checkout_url: session.url })
            .where('id', '=', attemptId)
            .execute()
          await trx
            .updateTable('effect')
            .set({ status: 'DONE', finished_at: new Date(engineNowMs()) })
            .where('id', '=', id)
            .execute()
        }),
      )
      return { outcome: 'done', sessionId: session.id }
    },

    async expireSession({ id, attemptId, sessionId, expiresAtMs }) {
      const effect = await readEffect(db, id)
      if (effect.status === 'DONE') return { outcome: 'done' }
      if (effect.failure) return { outcome: 'failed', reason: effect.failure }
      const account = onAccount(bookedAccount((await readAttempt(db, attemptId)).stripe_account))
      await beginTry(db, id, { sessionId }, { evenIfCancelled: true })
      try {
        await endSession(stripe, sessionId, account)
      } catch (error) {
        if (engineNowMs() < expiresAtMs) throw passingTrouble(error)
        return giveUp(db, id, 'FATE_UNKNOWN')
      }
      await finish(db, id, 'DONE')
      return { outcome: 'done' }
    },
  } satisfies Partial<CourierActivities>
}

/** Ends the session; one that is paid or expired already is as good, and both are told by events. */
async function endSession(stripe: Stripe, sessionId: string, account: { stripeAccount?: string }): Promise<void> {
  try {
    await stripe.checkout.sessions.expire(sessionId, {}, account)
  } catch (error) {
    if (!isRefusal(error)) throw error
    const session = await stripe.checkout.sessions.retrieve(sessionId, {}, account)
    if (session.status === 'open') throw error
  }
}

/** Before the provider is called: an event of the session is held to the account that it was made on. */
async function noteAccount(db: Database, attemptId: string, account: string | null): Promise<void> {
  await reading(db.updateTable('attempt').set({ stripe_account: account }).where('id', '=', attemptId).execute())
}

async function readAttempt(db: Database, attemptId: string) {
  const row = await reading(
    db
      .selectFrom('attempt')
      .innerJoin('request', 'request.id', 'attempt.request_id')
      .innerJoin('matter', 'matter.id', 'attempt.matter_id')
      .innerJoin('client', 'client.id', 'matter.client_id')
      .innerJoin('firm', 'firm.id', 'attempt.firm_id')
      .select([
        'attempt.id',
        'attempt.firm_id',
        'attempt.matter_id',
        'attempt.request_id',
        'attempt.amount_minor',
        'attempt.status',
        'attempt.session_id',
        'attempt.expires_at',
        'request.number as request_number',
        'matter.number as matter_number',
        'client.email as client_email',
        'firm.name as firm_name',
        'firm.currency',
        'attempt.stripe_account',
        'firm.stripe_account as firm_account',
      ])
      .where('attempt.id', '=', attemptId)
      .executeTakeFirst(),
  )
  if (!row) throw ApplicationFailure.nonRetryable('The books know no such attempt.', 'UnknownAttempt')
  return row
}
