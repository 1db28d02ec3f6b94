import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startRealEngine } from '../support/engine.ts'
import { historiesOf } from '../support/histories.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import type { MatterDriver } from '../support/matter-driver.ts'
import { until } from '../support/until.ts'
import { ask, type Burst, burst } from './burst.ts'
import { openUnreliableNetwork, type UnreliableNetwork } from './unreliable-network.ts'

// What years would bring: the server suggests a new run after every few messages.
const startEngine = () => startRealEngine({ 'limit.historyCount.suggestContinueAsNew': '30' })
// Half of that on a machine that does nothing else.
const EACH_MS = 60_000

async function funded(life: Lifecycle): Promise<MatterDriver> {
  const matter = await life.matter()
  await matter.ask(matter.saving({ initial: '1000.00' }))
  await matter.ask({ kind: 'createOnline' })
  await matter.ask({ kind: 'recordOfflinePayment', paymentId: randomUUID(), currency: 'USD', amountMinor: 500_00n })
  return matter
}

/** Waits until the books have everything that was told and asked. */
async function allDecided({ database }: Lifecycle, { paymentIds, cheques, invoices }: Burst): Promise<void> {
  const asked = [...cheques, ...invoices].map(({ key }) => key)
  const keys = [...paymentIds.map((id) => `payment:${id}:settled`), ...asked]
  const decided = async () => {
    const rows = await database.owner.selectFrom('command').select('key').where('key', 'in', keys).execute()
    return rows.length === keys.length
  }
  await until('everything is decided', decided, EACH_MS)
}

/** Waits until all is told, too, then holds the matter to what was told and asked. */
async function expectEachOnce(life: Lifecycle, matter: MatterDriver, done: Burst): Promise<void> {
  const { owner } = life.database
  const { paymentIds, cheques, invoices } = done
  const asked = [...cheques, ...invoices]
  for (const { command, answers } of asked) {
    const id = command.kind === 'recordInvoice' ? command.invoiceId : (command as { paymentId: string }).paymentId
    expect(answers, 'every asker gets the answer').toEqual(answers.map(() => ({ ok: true, id })))
  }
  await allDecided(life, done)
  const told = async () =>
    !(await owner.selectFrom('effect').select('id').where('status', '=', 'PLANNED').limit(1).executeTakeFirst())
  await until('every mail is sent', told, EACH_MS)

  const postings = await owner.selectFrom('posting').select('kind').where('matter_id', '=', matter.id).execute()
  const counts = Object.fromEntries(
    [...Map.groupBy(postings, ({ kind }) => kind)].map(([kind, of]) => [kind, of.length]),
  )
  expect(counts).toEqual({
    PAYMENT_SETTLED: paymentIds.length,
    OFFLINE_PAYMENT: cheques.length + 1,
    INVOICE_RECORDED: invoices.length,
    INVOICE_PAID: invoices.length,
  })
  const balanceMinor = 500_00 + paymentIds.length * 1_00 + cheques.length * 2_00 - invoices.length * 3_00
  expect((await matter.liveState()).balanceMinor).toBe(String(balanceMinor))
  const payments = paymentIds.length + cheques.length + 1
  const sent = async (to: 'client' | 'firm', wanted: string) =>
    (await matter.templates(to)).filter((template) => template === wanted).length
  expect(await sent('client', 'RECEIPT'), 'one receipt a payment').toBe(payments)
  expect(await sent('firm', 'PAYMENT_RECEIVED'), 'one notice a payment').toBe(payments)

  for (const { key, command, answers } of asked.slice(0, 3))
    expect(await ask(matter, command, key), 'runs later, the same answer').toEqual(answers[0])
  expect((await historiesOf(life.engine.client, [matter])).length, 'runs').toBeGreaterThan(1)
}

describe('150 signals and 50 updates at once, on a matter that continues as new all the time', () => {
  let life: Lifecycle
  beforeAll(async () => {
    life = await startLifecycle({ startEngine, overrun: true })
  })
  afterAll(() => life?.end())

  test('R12: each acts once, and every asker gets the answer', { timeout: 4 * EACH_MS }, async () => {
    const matter = await funded(life)
    await expectEachOnce(life, matter, await burst(matter, 3))
  })
})

describe('the same while every tenth call of the database fails, and Stripe and Resend act and do not answer', () => {
  let network: UnreliableNetwork
  let life: Lifecycle
  beforeAll(async () => {
    network = await openUnreliableNetwork(10)
    life = await startLifecycle({ startEngine, overrun: true, throughNetwork: network.urlOf })
  })
  afterAll(async () => {
    await life?.end()
    await network?.close()
  })

  test('R12, R14: each acts once, every asker gets the answer, and one page is opened', {
    timeout: 4 * EACH_MS,
  }, async () => {
    const matter = await funded(life)
    const lost = { kind: 'disconnect', afterActing: true } as const
    const silent = { kind: 'hang', afterActing: true } as const
    await life.outbox.failing(
      { path: '/emails', times: 2, effect: silent },
      { path: '/emails', times: 15, effect: lost },
    )
    await life.sandbox.failing({ path: '/v1/checkout/sessions', times: 2, effect: lost })
    const { attemptId } = await matter.opensPayment('5.00')
    const done = await burst(matter, 5)
    await allDecided(life, done)
    // What waits between its retries would wait ever longer.
    network.calm()
    await expectEachOnce(life, matter, done)
    await matter.pageOpen(attemptId)
    expect((await life.sandbox.sessionsOf(matter.id)).length).toBe(1)
    expect([await life.outbox.faultsLeft(), await life.sandbox.faultsLeft()]).toEqual([0, 0])
    expect(network.broken.before).toBeGreaterThan(10)
    expect(network.broken.after).toBeGreaterThan(10)
  })
})
