import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import type { ErrorResponse, Resend } from 'resend'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CourierActivities, EffectOutcome } from '../../activities/courier-wire.ts'
import { mailActivities } from '../../activities/mail.ts'
import { toWire } from '../../src/domain/wire.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'

const HOUR_MS = 60 * 60 * 1000
const SILENT = new DefaultLogger('ERROR', () => {})

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger?.end())

/** A receipt that is planned, or what it is changed to, and the tries to send it. */
async function receipt(change: Partial<Parameters<CourierActivities['sendMail']>[0]> = {}) {
  const { effects } = await ledger.holding(500n)
  const planned = effects.find((effect) => effect.kind === 'MAIL' && effect.template === 'RECEIPT')
  if (planned?.kind !== 'MAIL') throw new Error('No receipt is planned.')
  const effect = { ...toWire(planned), ...change }
  const sent: object[] = []

  /** Tries to send it, so many hours from now; the provider takes it unless it answers with this error. */
  async function send(hours: number, error?: ErrorResponse | Promise<ErrorResponse>): Promise<EffectOutcome> {
    const emails = {
      send: async (message: object) => {
        if (error) return { data: null, error: await error, headers: null }
        sent.push(message)
        return { data: { id: effect.id }, error: null, headers: null }
      },
    }
    const { sendMail } = mailActivities({
      db: ledger.worker,
      resend: { emails } as unknown as Resend,
      payUrl: (id) => `https://pay.example/${id}`,
    })
    const info = { currentAttemptScheduledTimestampMs: Date.now() + hours * HOUR_MS }
    return await new MockActivityEnvironment(info, { logger: SILENT }).run(sendMail, effect)
  }
  return { effectId: effect.id, send, sent }
}

const answer = (statusCode: number | null, name: string, message = 'No.') =>
  ({ statusCode, name, message }) as ErrorResponse
const OVER_QUOTA = answer(429, 'daily_quota_exceeded')
const LOST = answer(null, 'application_error', 'Unable to fetch data. The request could not be resolved.')
const UNKNOWN = { outcome: 'failed', reason: 'FATE_UNKNOWN' }

describe('R12: the fate of a mail', () => {
  test.each([
    OVER_QUOTA,
    answer(429, 'monthly_quota_exceeded'),
    answer(401, 'missing_api_key'),
    answer(401, 'validation_error', 'API key is invalid'),
    answer(400, 'validation_error', 'API key is invalid'),
    answer(403, 'invalid_api_key'),
    answer(451, 'security_error'),
  ])(
    'is known while the provider answers $statusCode $name, for days: it goes out once afterwards',
    async (refusal) => {
      const { send, sent } = await receipt()
      for (const hours of [0, 24, 48]) await expect(send(hours, refusal)).rejects.toThrow('did not take it')
      expect(await send(72)).toEqual({ outcome: 'done' })
      expect(await send(73)).toEqual({ outcome: 'done' })
      expect(sent).toHaveLength(1)
    },
  )

  test.each([LOST, answer(500, 'internal_server_error'), answer(409, 'concurrent_idempotent_requests')])(
    'is unknown 23 hours after $statusCode $name, whatever was answered since',
    async (noAnswer) => {
      const { send, sent } = await receipt()
      await expect(send(0, noAnswer)).rejects.toThrow('did not take it')
      await expect(send(22, OVER_QUOTA)).rejects.toThrow('did not take it')
      expect(await send(24)).toEqual(UNKNOWN)
      expect(sent).toEqual([])
    },
  )

  test('is unknown 23 hours after the first try without an answer, not after the refusals before it', async () => {
    const { send } = await receipt()
    await expect(send(0, OVER_QUOTA)).rejects.toThrow('did not take it')
    await expect(send(30, LOST)).rejects.toThrow('did not take it')
    await expect(send(52, LOST)).rejects.toThrow('did not take it')
    expect(await send(54)).toEqual(UNKNOWN)
  })

  test('is unknown 23 hours after a try that got no answer, though one begun before it is refused later', async () => {
    const { send } = await receipt()
    const { promise: late, resolve: refuse } = Promise.withResolvers<ErrorResponse>()
    const before = send(0, late)
    await expect(send(0.1, LOST)).rejects.toThrow('did not take it')
    refuse(OVER_QUOTA)
    await expect(before).rejects.toThrow('did not take it')
    expect(await send(24)).toEqual(UNKNOWN)
  })

  test('is unknown 23 hours after a try by a worker of version 0.1.0, which notes no answers', async () => {
    const { effectId, send } = await receipt()
    await ledger.worker.updateTable('effect').set({ first_tried_at: new Date() }).where('id', '=', effectId).execute()
    await expect(send(22, OVER_QUOTA)).rejects.toThrow('did not take it')
    expect(await send(24)).toEqual(UNKNOWN)
  })
})

describe('R12: a mail that cannot be written', () => {
  test.each([
    ['for want of a row', 0, { subjectId: 'pi_of_nobody' }],
    [
      'by its template for an hour',
      1.1,
      { subjectId: null as unknown as string, template: 'NEEDS_ATTENTION' as const },
    ],
  ])('%s is given up, and never tried again', async (_, afterHours, wrong) => {
    const { effectId, send, sent } = await receipt(wrong)
    await ledger.worker.updateTable('effect').set({ planned_at: new Date() }).where('id', '=', effectId).execute()
    if (afterHours > 0) await expect(send(0)).rejects.toMatchObject({ type: 'MailNotWritten', nonRetryable: false })
    expect(await send(afterHours)).toEqual({ outcome: 'failed', reason: 'REFUSED' })
    expect(await send(2)).toEqual({ outcome: 'failed', reason: 'REFUSED' })
    expect(sent).toEqual([])
    const row = ledger.worker.selectFrom('effect').select(['status', 'failure']).where('id', '=', effectId)
    expect(await row.executeTakeFirst()).toEqual({ status: 'FAILED', failure: 'REFUSED' })
  })

  test('because the database does not answer is tried again', async () => {
    const { send, sent } = await receipt()
    await ledger.database.owner.schema.alterTable('posting').renameTo('posting_away').execute()
    await expect(send(0)).rejects.toMatchObject({ type: 'DatabaseUnavailable', nonRetryable: false })
    await ledger.database.owner.schema.alterTable('posting_away').renameTo('posting').execute()
    expect(await send(1)).toEqual({ outcome: 'done' })
    expect(sent).toHaveLength(1)
  })
})
