import { ApplicationFailure, activityInfo, cancellationSignal, log } from '@temporalio/activity'
import { NoResultError } from 'kysely'
import type { ErrorResponse, Resend } from 'resend'
import type { Database } from '../src/db/pool.ts'
import { type ComposeDependencies, composeMail, type Letter } from './compose-mail.ts'
import type { CourierActivities } from './courier-wire.ts'
import {
  beginTry,
  engineNowMs,
  finish,
  giveUp,
  keyMayBeForgotten,
  noteNotDone,
  readEffect,
  reading,
} from './effects.ts'

export interface MailDependencies extends ComposeDependencies {
  resend: Resend
}

const SEND_TIMEOUT_MS = 15_000
const LONGEST_BACKOFF_MS = 5 * 60 * 1000
/** For so long a mail waits for code that can write it. */
const MENDED_WITHIN_MS = 60 * 60 * 1000

/** Mail through Resend: rendered anew only while none can have gone out, sent once per effect, never after it was cancelled (R10, R12). */
export function mailActivities(dependencies: MailDependencies) {
  const { db, resend } = dependencies
  return {
    async sendMail(effect) {
      const { id } = effect
      const row = await readEffect(db, id)
      if (row.failure) return { outcome: 'failed', reason: row.failure }
      if (row.status !== 'PLANNED') return { outcome: 'done' }
      if (keyMayBeForgotten(row)) return giveUp(db, id, 'FATE_UNKNOWN')
      let composed = row.prepared as Letter | null
      try {
        composed ??= await composeMail(dependencies, row, effect)
      } catch (error) {
        if (isDatabaseAway(error)) throw error
        if (!(error instanceof NoResultError) && engineNowMs() - row.plannedAtMs < MENDED_WITHIN_MS) {
          throw ApplicationFailure.retryable('The mail cannot be written now.', 'MailNotWritten')
        }
        // A row that is not there, a template at fault: it stays so, and would hold up the matter's other mails for ever.
        log.error('A mail cannot be written and is given up.', {
          effectId: id,
          error: (error as Error).constructor.name,
        })
        return giveUp(db, id, 'REFUSED')
      }
      // Nothing to say any more (paid meanwhile, no copies wanted): not sent, and not a failure.
      if (!composed) {
        await finish(db, id, 'CANCELLED')
        return { outcome: 'done' }
      }
      const triedAt = new Date(engineNowMs())
      const letter = await beginTry(db, id, composed, { triedAt })
      if (!letter) return { outcome: 'done' }
      await keepLetter(db, row, id, letter)

      const { data, error, headers } = await resend.emails.send(letter.message, {
        // Resend remembers under it what was sent, and no failure: the next try is a new one.
        idempotencyKey: id,
        signal: AbortSignal.any([AbortSignal.timeout(SEND_TIMEOUT_MS), cancellationSignal()]),
      })
      if (data) {
        await noteSent(db, id, data.id)
        return { outcome: 'done' }
      }
      if (isRefusal(error)) return giveUp(db, id, 'REFUSED')
      if (NOT_TAKEN.has(error.statusCode ?? 0)) await noteNotDone(db, id, triedAt)
      throw passingTrouble(error, headers)
    },
  } satisfies Partial<CourierActivities>
}

const isDatabaseAway = (error: unknown): boolean => error instanceof ApplicationFailure && !error.nonRetryable

/** The mail itself is wrong, and stays so; keys, quotas and outages are put right by somebody or by time. */
const REFUSALS = new Set<ErrorResponse['name']>([
  'validation_error',
  'missing_required_field',
  'invalid_from_address',
  'invalid_parameter',
  'invalid_idempotent_request',
])

const isRefusal = (error: ErrorResponse): boolean => REFUSALS.has(error.name) && !isOfTheKey(error)

/** Resend gives a revoked or mistyped API key the name of a wrong mail. */
const isOfTheKey = ({ statusCode, message }: ErrorResponse): boolean =>
  statusCode === 401 || /^api key is invalid/i.test(message)

/** Answered so, nothing was sent by this try. 409 speaks of another one, and a 5xx leaves it open. */
const NOT_TAKEN = new Set([400, 401, 403, 404, 405, 422, 429, 451])

/** Codes only: Resend's messages echo addresses. */
function passingTrouble(error: ErrorResponse, headers: Record<string, string> | null): ApplicationFailure {
  const retryAfterMs = Number(headers?.['retry-after']) * 1000
  // Never sooner than asked for, and ever more rarely when it goes on.
  const backoffMs = Math.min(1000 * 2 ** (activityInfo().attempt - 1), LONGEST_BACKOFF_MS)
  return ApplicationFailure.create({
    message: `The mail provider did not take it (${error.name}).`,
    type: 'MailUnavailable',
    ...(retryAfterMs > 0 ? { nextRetryDelay: Math.max(retryAfterMs, backoffMs) } : {}),
  })
}

async function keepLetter(
  db: Database,
  { firmId, matterId }: { firmId: string; matterId: string | null },
  effectId: string,
  { recipient, template, message }: Letter,
): Promise<void> {
  await reading(
    db
      .insertInto('mail')
      .values({
        effect_id: effectId,
        firm_id: firmId,
        matter_id: matterId,
        recipient,
        template,
        message: JSON.stringify(message),
      })
      .onConflict((conflict) => conflict.column('effect_id').doUpdateSet({ message: JSON.stringify(message) }))
      .execute(),
  )
}

async function noteSent(db: Database, effectId: string, providerId: string): Promise<void> {
  const sentAt = new Date(engineNowMs())
  await reading(
    db.transaction().execute(async (trx) => {
      await trx
        .updateTable('mail')
        .set({ provider_id: providerId, sent_at: sentAt })
        .where('effect_id', '=', effectId)
        .execute()
      await trx.updateTable('effect').set({ status: 'DONE', finished_at: sentAt }).where('id', '=', effectId).execute()
    }),
  )
}
