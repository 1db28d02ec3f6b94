import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { quiet } from '../support/quiet.ts'
import { until } from '../support/until.ts'

const SESSIONS = '/v1/checkout/sessions'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

async function requested(): Promise<MatterDriver> {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  return matter
}

/** The provider's events about a session reach the inbox, each twice. */
async function delivered(sessionId: string): Promise<void> {
  for (const { id, type } of await life.sandbox.eventsAbout(sessionId)) {
    const event = { id, source: 'stripe', type, account: null, objectId: sessionId } as const
    await life.inbox.file(event)
    await life.inbox.file(event)
  }
}

async function statuses(matter: MatterDriver) {
  return (await life.sandbox.sessionsOf(matter.id)).map(({ status }) => status)
}

const allExpired = (matter: MatterDriver) =>
  until('no session can be paid', async () => (await statuses(matter)).every((status) => status === 'expired'))

describe('R12, R14: paying on the provider’s page', () => {
  test('the client pays what was asked; the provider’s word books it once', async () => {
    const matter = await requested()
    const { attemptId } = await matter.opensPayment('900.00')
    const session = await matter.pageOpen(attemptId)
    expect(await life.sandbox.pay(session)).toBe(303)
    await delivered(session)
    await until('it is booked', async () => (await matter.figures()).balance === '900.00')
    await quiet(life.database)
    expect(await matter.templates('client')).toEqual(['REQUEST', 'RECEIPT'])
    expect((await matter.attempt(attemptId)).status).toBe('PAID')
    expect(await matter.attention()).toEqual([])
    const open = await life.database.owner.selectFrom('inbox').select('id').where('booked_at', 'is', null).execute()
    expect(open, 'the events are done').toEqual([])
  })

  test('a newer attempt expires the older one: only one page can be paid', async () => {
    const matter = await requested()
    const first = await matter.pageOpen((await matter.opensPayment('400.00')).attemptId)
    const second = await matter.pageOpen((await matter.opensPayment('600.00')).attemptId)
    await quiet(life.database)
    expect(await life.sandbox.pay(first)).toBe(410)
    expect(await life.sandbox.pay(second)).toBe(303)
  })

  test('refunds that wait for the provider’s balance keep no page from opening, and none from being taken away (R10, R17)', async () => {
    const matter = await requested()
    await matter.paysOnline('100.00')
    await life.news.deliver()
    await life.sandbox.behaves({ withoutBalance: [''] })
    for (let nth = 0; nth < 9; nth += 1) {
      const refund = { kind: 'refundRetainer', refundId: randomUUID(), amountMinor: 100n } as const
      expect(await matter.ask(refund)).toMatchObject({ ok: true })
    }
    const session = await matter.pageOpen((await matter.opensPayment('900.00')).attemptId)
    expect(await matter.ask({ kind: 'withdrawRequest' })).toMatchObject({ ok: true })
    await until('it is taken away', async () => (await statuses(matter)).includes('expired'))
    expect(await life.sandbox.pay(session)).toBe(410)
    await life.sandbox.behaves({ withoutBalance: [] })
    await life.days(1)
    expect((await matter.figures()).balance).toBe('91.00')
  })

  test('a page that nobody pays ends by the clock, and the request can still be paid', async () => {
    const matter = await requested()
    const session = await matter.pageOpen((await matter.opensPayment()).attemptId)
    await life.days(1)
    expect(await life.sandbox.pay(session)).toBe(410)
    await delivered(session)
    const again = await matter.pageOpen((await matter.opensPayment()).attemptId)
    expect(await life.sandbox.pay(again)).toBe(303)
  })
})

describe('a provider in trouble', () => {
  test('that answers too late, after having acted, makes one page all the same', async () => {
    const matter = await requested()
    await life.sandbox.failing({ path: SESSIONS, times: 2, effect: { kind: 'disconnect', afterActing: true } })
    const { attemptId } = await matter.opensPayment()
    await life.hoursOfTrouble(0.01)
    const session = await matter.pageOpen(attemptId)
    const sessions = await life.sandbox.sessionsOf(matter.id)
    expect(sessions.map(({ id, status }) => ({ id, status }))).toEqual([{ id: session, status: 'open' }])
  })

  test('that refuses the page: the firm is told, and the client can try again', async () => {
    const matter = await requested()
    await life.sandbox.failing({ path: SESSIONS, times: 1, effect: { kind: 'fail', status: 400 } })
    const { attemptId } = await matter.opensPayment()
    await matter.needsAttention('PAYMENT_SESSION_FAILED')
    expect((await matter.attempt(attemptId)).status).toBe('FAILED')
    expect(await matter.templates('firm')).toEqual(['NEEDS_ATTENTION'])
    await matter.pageOpen((await matter.opensPayment()).attemptId)
    expect(await matter.attention(), 'a page that opens clears it').toEqual([])
  })

  test('that is away for as long as a page could live: given up, the firm is told, no page is left', async () => {
    const matter = await requested()
    await life.sandbox.failing({ path: SESSIONS, times: 500, effect: { kind: 'fail', status: 503, afterActing: true } })
    const { attemptId } = await matter.opensPayment()
    await life.hoursOfTrouble(3)
    await matter.needsAttention('PAYMENT_SESSION_FAILED')
    await life.sandbox.healed()
    expect((await matter.attempt(attemptId)).status).toBe('FAILED')
    await allExpired(matter)
  })
})

describe('R10: a withdrawal that races with the opening of a page leaves none that can be paid', () => {
  test('withdrawn while the provider is making it', async () => {
    const matter = await requested()
    await life.sandbox.failing({ path: SESSIONS, times: 1, effect: { kind: 'delay', delayMs: 5_000 } })
    const { attemptId } = await matter.opensPayment()
    await until('the provider is at it', async () => (await life.sandbox.faultsLeft()) === 0)
    await matter.withdraw()
    await allExpired(matter)
    expect((await statuses(matter)).length).toBe(1)
    expect((await matter.attempt(attemptId)).status).toBe('SUPERSEDED')
    expect(await matter.decisions()).toContain('R10 SESSION_OPENED_TOO_LATE')
  })

  test('withdrawn after the provider made it and before anybody knew', async () => {
    const matter = await requested()
    await life.sandbox.failing({ path: SESSIONS, times: 3, effect: { kind: 'fail', status: 503, afterActing: true } })
    await matter.opensPayment()
    await until('the provider has acted', async () => (await life.sandbox.sessionsOf(matter.id)).length === 1)
    await matter.ask({ kind: 'withdrawRequest' })
    await life.hoursOfTrouble(0.1)
    await allExpired(matter)
  })
})
