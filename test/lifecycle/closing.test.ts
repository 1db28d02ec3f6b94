import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { quiet } from '../support/quiet.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

const refused = (code: string) => ({ ok: false, refusal: { code } })
const ended = (matter: MatterDriver) =>
  until('the workflow has ended', async () => (await matter.status()) === 'COMPLETED')

describe('R20: closing', () => {
  test('a command to a closed matter is answered MatterClosed, and nothing starts', async () => {
    const matter = await closed()
    expect(await matter.cheque('10.00')).toMatchObject(refused('MatterClosed'))
    expect(await matter.save({})).toMatchObject(refused('MatterClosed'))
    expect(await matter.status()).toBe('COMPLETED')
  })

  test('should the engine let a closed id start again, the books make the new run refuse and end', async () => {
    const matter = await closed()
    life.otherRuns.push(await matter.newestRun())
    await matter.start()
    await ended(matter)
    expect((await matter.figures()).phase).toBe('CLOSED')

    life.otherRuns.push(await matter.newestRun())
    await matter.startTelling('paymentSettled', {
      paymentId: 'pi_late',
      amountMinor: '7000',
      providerAccount: 'platform',
      method: 'CARD',
      feeMinor: null,
      requestId: null,
      attemptId: null,
    })
    await matter.decided('payment:pi_late:settled')
    await ended(matter)
    expect((await matter.figures()).balance, 'it belongs to no matter').toBe('0.00')
    expect(await matter.attention()).toEqual(['UNAPPLIED_FUNDS'])
  })

  test('a payment whose news comes after closing goes to unapplied funds, once, and the firm is told (R15)', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    await matter.createOnline()
    const session = await matter.pageOpen((await matter.opensPayment()).attemptId)
    expect(await life.sandbox.pay(session)).toBe(303)
    await matter.close()
    await ended(matter)
    const unapplied = () =>
      life.database.owner.selectFrom('posting').selectAll().where('kind', '=', 'UNAPPLIED_PAYMENT').execute()
    const earlier = (await unapplied()).length
    const [event] = await life.sandbox.eventsAbout(session)
    for (const id of [event?.id ?? '', 'evt_told_again']) {
      await life.inbox.file({
        id,
        source: 'stripe',
        type: 'checkout.session.completed',
        account: null,
        objectId: session,
      })
      await until('the event is done', () =>
        life.database.owner
          .selectFrom('inbox')
          .select('id')
          .where('id', '=', id)
          .where('booked_at', 'is not', null)
          .executeTakeFirst(),
      )
      await quiet(life.database)
    }
    const booked = (await unapplied()).slice(earlier)
    expect(booked, 'it stays known whose it was').toMatchObject([{ matter_id: matter.id }])
    await ended(matter)
    const paymentId = booked[0]?.key.replace('payment:', '') ?? ''
    const told = (await life.outbox.emails(life.firm.firmEmail)).filter(({ text }) => text?.includes(paymentId))
    expect(told.length).toBe(1)
  })
})

async function closed(): Promise<MatterDriver> {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await matter.close()
  await ended(matter)
  return matter
}
