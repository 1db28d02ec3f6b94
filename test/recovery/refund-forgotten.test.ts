import { MockActivityEnvironment } from '@temporalio/testing'
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refundActivities } from '../../activities/refunds.ts'
import { openDatabase } from '../../src/db/pool.ts'
import type { Effect } from '../../src/domain/state.ts'
import type { Wire } from '../../src/domain/wire.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'

let life: Lifecycle

beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life.end())

test('R17: a refund that was made, and that restored books have as never tried, is not made again when its key is forgotten', async () => {
  const { database, sandbox } = life
  const matter = await life.matter()
  await matter.save({ initial: '900.00' })
  await matter.createOnline()
  const paymentId = await matter.paysOnline(null)
  await life.news.deliver()
  await matter.refund('300.00')
  await life.news.deliver()
  // Longer than the provider keeps a key.
  await life.days(2)

  const { body } = await database.owner
    .updateTable('effect')
    .set({ status: 'PLANNED', first_tried_at: null, prepared: null, finished_at: null })
    .where('kind', '=', 'REFUND')
    .returning('body')
    .executeTakeFirstOrThrow()
  await database.owner
    .updateTable('refund_part')
    .set({ status: 'PLANNED', provider_id: null, provider_status: null, taken_at: null })
    .execute()
  const db = openDatabase(database.workerUrl, { name: 'test-refund', max: 2 })
  const { hostname, port } = new URL(sandbox.url)
  const stripe = new Stripe('sk_test_simulation', { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 })
  try {
    const later = new MockActivityEnvironment({ currentAttemptScheduledTimestampMs: await life.now() })
    const { sendRefund } = refundActivities({ db, stripe })
    expect(await later.run(sendRefund, body as unknown as Wire<RefundEffect>, { firmKnows: false })).toMatchObject({
      outcome: 'done',
    })
  } finally {
    await db.destroy()
  }
  // What the refund's own event would bring back.
  await database.owner.updateTable('refund_part').set({ status: 'TAKEN', taken_at: new Date() }).execute()
  expect((await sandbox.refunds(paymentId)).map(({ amount }) => amount)).toEqual([30_000])
})

type RefundEffect = Extract<Effect, { kind: 'REFUND' }>
