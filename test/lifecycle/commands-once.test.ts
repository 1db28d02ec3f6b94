import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer, Command } from '../../src/domain/events.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import { minor } from '../support/matter-driver.ts'
import { quiet } from '../support/quiet.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

const cheque = (amount: string, paymentId: string): Command => ({
  kind: 'recordOfflinePayment',
  paymentId,
  currency: 'USD',
  amountMinor: minor(amount),
})

describe('one idempotency key', () => {
  test('with the same input is acted on once and answered alike, at once or years later', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    const key = randomUUID()
    const command = cheque('400.00', 'cheque-1')
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => matter.send(command, key)))
    await life.days(700)
    answers.push(await matter.send(command, key))
    expect(answers).toEqual(answers.map(() => ({ ok: true, id: 'cheque-1' })))
    expect((await matter.figures()).balance).toBe('400.00')
    expect(await matter.templates('client')).toEqual(['RECEIPT'])
  })

  test('with other input is refused by name, and the first answer stands', async () => {
    const matter = await life.matter()
    const other = await life.matter()
    await matter.save({ initial: '1000.00' })
    await other.save({ initial: '1000.00' })
    const key = randomUUID()
    await matter.send(cheque('400.00', 'cheque-2'), key)
    const reused = { ok: false, refusal: { code: 'IdempotencyKeyReused' } }
    expect(await matter.send(cheque('400.01', 'cheque-2'), key)).toEqual(reused)
    expect(await other.send(cheque('400.00', 'cheque-2'), key)).toEqual(reused)
    const both = await Promise.all(
      ['500.00', '600.00'].map((amount) => matter.send(cheque(amount, 'cheque-3'), 'raced')),
    )
    expect(new Set(both.map(({ ok }) => ok))).toEqual(new Set([true, false]))
    expect(await matter.send(cheque('400.00', 'cheque-2'), key)).toEqual({ ok: true, id: 'cheque-2' })
  })

  test('of a refusal answers the refusal again, although it would be granted now', async () => {
    const matter = await life.matter()
    await matter.save({})
    const key = randomUUID()
    const refusal = { ok: false, refusal: { code: 'NothingDue', onItsWayMinor: 0n } }
    expect(await matter.send({ kind: 'createOnline' }, key)).toEqual(refusal)
    await matter.save({ initial: '1000.00' })
    expect(await matter.send({ kind: 'createOnline' }, key)).toEqual(refusal)
    expect(await matter.templates('client')).toEqual([])
  })
})

test('R12: a fact that comes together with a command is booked before it is decided, and the history replays', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  const requestId = (await matter.row()).open_request_id
  await matter.loseEngine()
  let asked: Promise<Answer> | undefined
  await life.workerAway(async () => {
    asked = matter.ask({ kind: 'createOnline' })
    await until('the engine has a task for the command', () => matter.awaitsWorker())
    const paid = {
      paymentId: 'pi_together',
      amountMinor: '100000',
      providerAccount: 'platform',
      method: 'CARD',
    } as const
    await matter.tell('paymentSettled', { ...paid, feeMinor: null, requestId, attemptId: null })
  })
  expect(await asked).toEqual({ ok: false, refusal: { code: 'NothingDue', onItsWayMinor: 0n } })
  await quiet(life.database)
  expect(await matter.templates('client'), 'nobody is asked for what is paid').toEqual(['REQUEST', 'RECEIPT'])
})

describe('a matter whose engine was lost goes on from its books', () => {
  test('R9: reminders still come on their days, and a repeated command is answered without acting twice', async () => {
    await life.until('2057-03-01T12:00:00Z')
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    await matter.createOnline()
    const key = randomUUID()
    const answer = await matter.send(cheque('250.00', 'cheque-4'), key)
    await matter.loseEngine()
    await life.days(1)

    expect(await matter.send(cheque('250.00', 'cheque-4'), key)).toEqual(answer)
    expect(await matter.status(), 'the books answer for it').toBe('TERMINATED')
    await matter.turnOff()
    expect(await matter.status()).toBe('RUNNING')
    expect(await matter.figures()).toEqual({ balance: '250.00', due: '750.00', phase: 'REQUESTED' })
    await life.until('2057-05-01T00:00:00Z')
    expect(await matter.mailed('client')).toEqual([
      'REQUEST 2057-03-01 12:00',
      'RECEIPT 2057-03-01 12:00',
      'REMINDER 2057-03-08 14:00',
      'REMINDER 2057-03-15 13:00',
      'REMINDER 2057-03-29 13:00',
    ])
  })
})

describe('the database in trouble', () => {
  test('is away for some seconds: commands wait and are carried out once, and the history replays', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    let asked: Promise<Answer> | undefined
    await life.database.awayFromWorker(async () => {
      asked = matter.ask(cheque('300.00', 'cheque-5'))
      await until('the matter waits for the database', () => matter.waitsForDatabase())
    })
    expect(await asked).toEqual({ ok: true, id: 'cheque-5' })
    await quiet(life.database)
    expect((await matter.figures()).balance).toBe('300.00')
  })

  test('a commit that the books reject fails its asker only: the matter goes on, and the history replays', async () => {
    const matter = await life.matter()
    await matter.save({ initial: '1000.00' })
    await expect(matter.invoice('300.00', 'not an id of the books')).rejects.toThrow()
    expect(await matter.send(cheque('200.00', 'cheque-6'))).toMatchObject({ ok: true })
    expect((await matter.figures()).balance).toBe('200.00')
  })
})

test('R12: a payment starts a matter that the engine lost, and is booked; the mail in flight is sent once', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await life.outbox.failing({ path: '/emails', times: 100, effect: { kind: 'fail', status: 500, afterActing: true } })
  await matter.ask({ kind: 'createOnline' })
  await life.hoursOfTrouble(0.1)
  await matter.loseEngine({ atWork: true })
  await life.outbox.healed()
  const requestId = (await matter.row()).open_request_id
  const paid = {
    paymentId: 'pi_meanwhile',
    amountMinor: '60000',
    providerAccount: 'platform',
    method: 'CARD' as const,
    feeMinor: null,
    requestId,
    attemptId: null,
  }
  await matter.startTelling('paymentSettled', paid)
  await matter.decided('payment:pi_meanwhile:settled')
  expect(await matter.figures()).toEqual({ balance: '600.00', due: '400.00', phase: 'REQUESTED' })
  expect(await matter.templates('client')).toEqual(['REQUEST', 'RECEIPT'])
})
