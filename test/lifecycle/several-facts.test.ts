import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

/** An event that only this file tells; its facts' keys. */
async function eventOf(disputeId: string): Promise<{ inboxId: string; inboxKeys: string[] }> {
  const inboxId = `evt_${disputeId}`
  // Late enough for the dispatcher to leave it alone.
  const next_try_at = new Date((await life.now()) + 1e10)
  const event = { id: inboxId, source: 'stripe', type: 'charge.dispute.closed', object_id: disputeId, next_try_at }
  await life.database.owner.insertInto('inbox').values(event).execute()
  return { inboxId, inboxKeys: ['withdrawn', 'closed'].map((end) => `dispute:${disputeId}:${end}`) }
}

const isDone = async (inboxId: string): Promise<boolean> => {
  const inbox = life.database.owner.selectFrom('inbox').select('booked_at').where('id', '=', inboxId)
  return (await inbox.executeTakeFirstOrThrow()).booked_at !== null
}

async function ended(matter: MatterDriver): Promise<void> {
  await until('the run has ended', async () => (await matter.status()) === 'COMPLETED')
}

test('R12: an event of which the books rejected a fact is not done with the last one, though a later run books that', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '100.00' })
  await matter.close()
  const paymentId = 'pi_late'
  const settled = {
    paymentId,
    amountMinor: '10000',
    providerAccount: 'platform',
    method: 'CARD',
    feeMinor: null,
  } as const
  await matter.startTelling('paymentSettled', { ...settled, requestId: null, attemptId: null })
  await matter.decided(`payment:${paymentId}:settled`)
  await ended(matter)

  const told = await eventOf('dp_rejected')
  const about = { paymentId, providerAccount: 'platform', paymentVersion: 3, disputeId: 'dp_rejected', ...told }
  // Told as the payment stood a moment ago: more of it in unapplied funds than there is.
  const stale = { ...about, amountMinor: '20000', unappliedMinor: '20000' }
  await matter.startTelling('paymentReversed', stale)
  await ended(matter)
  life.otherRuns.push(await matter.newestRun())
  await matter.startTelling('disputeClosed', { disputeId: 'dp_rejected', paymentId, outcome: 'LOST', ...told })
  await matter.decided('dispute:dp_rejected:closed')
  expect(await isDone(told.inboxId)).toBe(false)

  await ended(matter)
  life.otherRuns.push(await matter.newestRun())
  await matter.startTelling('paymentReversed', { ...about, amountMinor: '10000', unappliedMinor: '10000' })
  await matter.decided('dispute:dp_rejected:withdrawn')
  expect(await isDone(told.inboxId)).toBe(true)
})

test('R12: an event of which a fact was malformed is not done with the last one', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '100.00' })
  await matter.createOnline()
  const paymentId = await matter.clientPays('100.00')
  const told = await eventOf('dp_malformed')
  const about = { paymentId, providerAccount: 'platform', paymentVersion: 3, disputeId: 'dp_malformed', ...told }
  await matter.tell('paymentReversed', { ...about, amountMinor: '1234567890123456', unappliedMinor: '0' })
  await matter.tell('disputeClosed', { disputeId: 'dp_malformed', paymentId, outcome: 'LOST', ...told })
  await matter.decided('dispute:dp_malformed:closed')
  expect(await isDone(told.inboxId)).toBe(false)
})

test('R18: a dispute that is decided is not opened by news that comes late', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '100.00' })
  await matter.createOnline()
  const paymentId = await matter.clientPays('100.00')
  const { inboxId } = await eventOf('dp_late')
  const about = { paymentId, disputeId: 'dp_late' }
  await matter.tell('disputeClosed', { ...about, outcome: 'WON' })
  await matter.decided('dispute:dp_late:closed')
  const inBooks = { providerAccount: 'platform', paymentVersion: 3, unappliedMinor: '0', inboxId }
  await matter.tell('disputeOpened', { ...about, amountMinor: '100', deadlineMs: 0, ...inBooks })
  await until('the event is done', () => isDone(inboxId))
  expect((await matter.row()).disputed_minor).toBe(0n)
  expect(await matter.attention()).toEqual([])
})
