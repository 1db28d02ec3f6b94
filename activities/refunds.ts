import { ApplicationFailure, cancellationSignal } from '@temporalio/activity'
import Stripe from 'stripe'
import type { Database } from '../src/db/pool.ts'
import type { SentPart } from '../src/domain/events.ts'
import { toWire } from '../src/domain/wire.ts'
import { isUnreachable } from '../src/provider/unreachable.ts'
import { askRefund, isShortOfBalance } from './ask-refund.ts'
import { beating } from './beating.ts'
import type { CourierActivities, SentRefund } from './courier-wire.ts'
import { beginTry, engineNowMs, finish, mayHaveBeenTriedUnnoted, readEffect, reading } from './effects.ts'
import { type PlannedPart, refundRequest } from './refund-request.ts'
import { passingTrouble } from './stripe-calls.ts'

export interface RefundDependencies {
  db: Database
  stripe: Stripe
}

/** After so long the firm learns that a refund waits. */
const FIRM_LEARNS_AFTER_MS = 60 * 60 * 1000
/**
 * For so long a disconnected account may come back. Where it was asked and did not answer it is waited for without end: the refund may
 * have been made, and given back here it would be made twice (docs/runbooks.md says how a person ends it).
 */
const ACCOUNT_GONE_AFTER_MS = 24 * 60 * 60 * 1000

/** Where the asking for a refund stands. */
interface Asking {
  /** Whether the provider may have forgotten the keys of earlier tries: then it is asked what it has made. Asked for each part, of which many take hours. */
  mustLookFirst(): boolean
  /** How long it has been tried. */
  triedForMs: number
}

/** Refunds at Stripe: each part is asked for once, at the account that took its payment (R17). */
export function refundActivities({ db, stripe }: RefundDependencies) {
  return {
    async sendRefund({ id, refundId }, { firmKnows }) {
      const effect = await readEffect(db, id)
      const subject = { firmId: effect.firmId, refundId }
      if (effect.status !== 'DONE') {
        const triedForMs = effect.firstTriedAtMs === null ? 0 : engineNowMs() - effect.firstTriedAtMs
        const asking = { mustLookFirst: () => mayHaveBeenTriedUnnoted(effect), triedForMs }
        await beginTry(db, id, { refundId }, { evenIfCancelled: true })
        const trouble = await beating(async () => sendAll(await unsentParts(db, subject), asking))
        if (trouble && !firmKnows && triedForMs >= FIRM_LEARNS_AFTER_MS) return { outcome: 'waits' }
        if (trouble) throw trouble
        await finish(db, id, 'DONE')
      }
      return { outcome: 'done', refund: toWire(await sentRefund(db, subject)) }
    },
  } satisfies Partial<CourierActivities>

  /** Each part on its own: one that the provider does not do now holds up no other. Answers the trouble that is left, if any. */
  async function sendAll(parts: PlannedPart[], asking: Asking): Promise<ApplicationFailure | null> {
    let trouble: ApplicationFailure | null = null
    for (const part of parts) {
      // A worker that ends asks for no further one.
      cancellationSignal().throwIfAborted()
      try {
        await send(part, asking)
      } catch (error) {
        if (!(error instanceof ApplicationFailure) || error.nonRetryable) throw error
        trouble ??= error
      }
    }
    return trouble
  }

  async function send(part: PlannedPart, { mustLookFirst, triedForMs }: Asking): Promise<void> {
    let refund: Stripe.Refund | undefined
    let { unanswered } = part
    try {
      if (mustLookFirst()) {
        refund = await madeBefore(stripe, part)
        unanswered = false
      }
      refund ??= await askRefund({ db, stripe }, { ...part, unanswered })
    } catch (error) {
      if (error instanceof ApplicationFailure) throw error
      const mayComeBack = triedForMs < ACCOUNT_GONE_AFTER_MS
      const accountIsGone = isUnreachable(error, part.provider_account) && !mayComeBack && !unanswered
      if (!isFinal(error) && !accountIsGone) throw passingTrouble(error)
      return noteRefused(db, part, { forGood: FOR_GOOD.has(codeOf(error)) })
    }
    // Of one that failed at once its event tells whether money moved.
    const isTaken = refund.balance_transaction !== null && refund.status !== 'failed'
    await noteSent(db, part, refund.id, isTaken ? 'TAKEN' : 'IN_FLIGHT')
  }
}

/** The payment itself cannot be sent back. Anything else may pass: a dispute, an amount that was too large. */
const FOR_GOOD = new Set(['charge_not_refundable', 'charge_already_refunded'])

const codeOf = (error: unknown): string => (error instanceof Stripe.errors.StripeError ? (error.code ?? '') : '')
/** A key that was used with other parameters says nothing of what was made under it. */
const isFinal = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && !isShortOfBalance(error)

/** The refund that an earlier try has made of this part, whose answer was lost. */
async function madeBefore(stripe: Stripe, part: PlannedPart): Promise<Stripe.Refund | undefined> {
  const { params, options } = refundRequest(part)
  const { payment_intent = '' } = params
  const { idempotencyKey: _, ...account } = options
  for await (const refund of stripe.refunds.list({ payment_intent, limit: 100 }, account)) {
    if (refund.metadata?.['partId'] === part.id) return refund
  }
  return undefined
}

interface RefundSubject {
  firmId: string
  refundId: string
}

async function unsentParts(db: Database, { firmId, refundId }: RefundSubject): Promise<PlannedPart[]> {
  const rows = await reading(
    db
      .selectFrom('refund_part')
      .innerJoin('refund', (join) =>
        join.onRef('refund.firm_id', '=', 'refund_part.firm_id').onRef('refund.id', '=', 'refund_part.refund_id'),
      )
      .select(['refund_part.firm_id', 'refund_part.id', 'refund_id', 'payment_id', 'refund_part.amount_minor'])
      .select(['refund_part.provider_account', 'refund_part.used_keys', 'refund_part.unanswered', 'refund.matter_id'])
      .where('refund_part.firm_id', '=', firmId)
      .where('refund_id', '=', refundId)
      .where('means', '=', 'ONLINE')
      .where('provider_status', 'is', null)
      .orderBy('refund_part.id')
      .execute(),
  )
  return rows.map((row) => ({ ...row, provider_account: row.provider_account ?? '' }))
}

async function noteSent(
  db: Database,
  { firm_id, id }: PlannedPart,
  providerId: string,
  status: 'TAKEN' | 'IN_FLIGHT',
): Promise<void> {
  await reading(
    db
      .updateTable('refund_part')
      .set({ provider_id: providerId, provider_status: status })
      .where('firm_id', '=', firm_id)
      .where('id', '=', id)
      .execute(),
  )
}

/** Refused for good, the payment is not tried again: what is refunded of it later is paid by other means. */
async function noteRefused(db: Database, part: PlannedPart, { forGood }: { forGood: boolean }): Promise<void> {
  await reading(
    db.transaction().execute(async (trx) => {
      await trx
        .updateTable('refund_part')
        .set({ provider_status: 'REFUSED' })
        .where('firm_id', '=', part.firm_id)
        .where('id', '=', part.id)
        .execute()
      if (!forGood) return
      await trx
        .updateTable('payment')
        .set({ refundable_online: false })
        .where('firm_id', '=', part.firm_id)
        .where('id', '=', part.payment_id)
        .execute()
    }),
  )
}

/** What became of the refund, as far as its sending goes: the same however often it is asked. */
async function sentRefund(db: Database, { firmId, refundId }: RefundSubject): Promise<SentRefund> {
  const refund = await reading(
    db
      .selectFrom('refund')
      .select(['source', 'other_means_minor'])
      .where('firm_id', '=', firmId)
      .where('id', '=', refundId)
      .executeTakeFirst(),
  )
  if (!refund) throw ApplicationFailure.nonRetryable('The books know no such refund.', 'UnknownRefund')
  const rows = await reading(
    db
      .selectFrom('refund_part')
      .select(['id', 'payment_id', 'amount_minor', 'provider_account', 'provider_status'])
      .where('firm_id', '=', firmId)
      .where('refund_id', '=', refundId)
      .where('means', '=', 'ONLINE')
      .orderBy('id')
      .execute(),
  )
  const parts = rows.map((row) => ({
    refundId,
    partId: row.id,
    paymentId: row.payment_id,
    amountMinor: row.amount_minor,
    providerAccount: row.provider_account ?? '',
    source: refund.source as SentPart['source'],
    status: row.provider_status as SentPart['status'],
  }))
  return { parts, otherMeansMinor: refund.other_means_minor }
}
