import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import { until } from '../support/until.ts'
import { recovered } from './as-operator.ts'
import { mortalBooks } from './mortal-books.ts'
import { type MortalEngine, startMortalEngine } from './mortal-engine.ts'

let mortal: MortalEngine
let life: Lifecycle

beforeAll(async () => {
  mortal = await startMortalEngine()
  life = await startLifecycle({ startEngine: async () => mortal.engine, reconciles: true, backfills: true })
})
afterAll(() => life.end())

test('books from an older backup: matters stand where the books stand, and no money that came in since is lost', async () => {
  const books = mortalBooks(life.database)
  const asked = await life.matter()
  await asked.save({ initial: '1000.00' })
  await asked.createOnline()
  const { attemptId } = await asked.opensPayment()
  const session = await asked.pageOpen(attemptId)
  const later = await life.matter()
  await later.save({ initial: '50.00' })
  await later.createOnline()
  const refunding = await life.matter()
  await refunding.save({ initial: '80.00' })
  await refunding.createOnline()
  await refunding.paysOnline(null)
  await life.news.deliver()
  const undecided = await life.matter()
  await life.workerAway(books.backUp)

  await life.sandbox.pay(session)
  await life.news.deliver()
  await asked.invoice('250.00')
  const unknownSession = await later.paysOnline(null)
  await life.news.deliver()
  await refunding.refund('30.00')
  await life.news.deliver()
  await undecided.save({ initial: '10.00' })
  const unknown = await life.matter()
  await unknown.save({ initial: '10.00' })
  expect(await asked.figures()).toMatchObject({ balance: '750.00' })

  await life.workerAway(async () => {
    await books.restore()
    expect(await recovered(life, 'restart')).toMatchObject({ matters: '0 3 0 0', ended: 2 })
  })

  // R12: the provider is asked for all events since; what the restored books know the session of is booked where it was meant to go,
  // and what they do not, to unapplied funds (R15).
  await until('the payment is booked again', async () => (await asked.figures()).balance === '1000.00')
  await until('the other is in unapplied funds', async () => {
    const rows = await life.database.owner.selectFrom('payment').select(['id', 'unapplied_minor']).execute()
    return rows.some(({ id, unapplied_minor }) => id === unknownSession && unapplied_minor === 5000n)
  })
  expect(await later.assign(unknownSession, '50.00')).toMatchObject({ ok: true })
  expect(await later.figures()).toMatchObject({ balance: '50.00', due: '0.00' })
  // R17: nobody remembers that the refund was commanded; it is booked as one that was made at the provider, and not made again.
  await refunding.needsAttention('REFUNDED_AT_PROVIDER')
  expect(await refunding.figures()).toMatchObject({ balance: '50.00' })
  // The invoice is lost, and is recorded again.
  await asked.invoice('250.00')
  expect(await life.reconcile()).toEqual([])
  expect(await undecided.status()).toBe('TERMINATED')
  expect(await unknown.status()).toBe('TERMINATED')
})

test('an engine from an older backup: matters stand where the books stand, and nothing is done twice', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '300.00' })
  await life.workerAway(mortal.backUp)

  await matter.createOnline()
  await matter.paysOnline('100.00')
  await life.news.deliver()
  const since = await life.matter()
  await since.save({ initial: '10.00' })

  await life.workerAway(async () => {
    await mortal.restore()
    // One is new to the engine, the others were older.
    expect(await recovered(life, 'restart')).toMatchObject({ matters: '1 4 0 0' })
  })
  expect(await matter.figures()).toEqual({ balance: '100.00', due: '200.00', phase: 'REQUESTED' })
  expect(await matter.templates('client')).toEqual(['REQUEST', 'RECEIPT'])
  expect(await life.reconcile()).toEqual([])
})
