import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { payByLink } from '../../src/demo/payer.ts'
import { reconcile } from '../practice/reconcile.ts'
import { expectBooksBalance } from '../support/books.ts'
import { FarSide } from '../support/far-side.ts'
import { askedMatter, startWholeStack, type WholeStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

/** Longer than the engine waits for an activity whose worker is gone. */
const ENGINE_NOTICES_MS = 45_000

let whole: WholeStack
let sandbox: FarSide
let db: Database
let matterId: string
beforeAll(async () => {
  whole = await startWholeStack()
  sandbox = new FarSide(whole.sandboxUrl)
  db = openDatabase(whole.stack.env.DATABASE_URL, { name: 'test', max: 1 })
  await killWorkerAtWork()
}, 300_000)
afterAll(async () => {
  await db?.destroy()
  await whole?.stack.stop()
})

/** A worker is killed while it waits for two answers of the provider, which has acted: on a refund, and for a payout's content. */
async function killWorkerAtWork(): Promise<void> {
  const asked = await askedMatter(whole.desk, '1000.00')
  matterId = asked.matterId
  await payByLink(asked.payUrl, '1000.00')
  await whole.desk.settled(matterId, { balance: '1000.00' })
  await waitingFor({ method: 'POST', path: '/v1/refunds' }, async () => {
    const input = { idempotencyKey: randomUUID(), matterId, amount: { amount: '400.00', currencyCode: 'USD' } }
    await whole.api.run('mutation ($input: RefundRetainerInput!) { refundRetainer(input: $input) { __typename } }', {
      input,
    })
  })
  await waitingFor({ method: 'GET', path: '/v1/balance_transactions' }, () => sandbox.payOut())
  const pid = whole.stack.pids()['worker']
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
}

async function waitingFor(
  call: { method: 'GET' | 'POST'; path: string },
  begin: () => Promise<unknown>,
): Promise<void> {
  await sandbox.failing({ ...call, times: 1, effect: { kind: 'hang', afterActing: true } })
  await begin()
  await until(`the worker waits for ${call.path}`, async () => (await sandbox.faultsLeft()) === 0)
}

const postings = async (kind: string) =>
  (await db.selectFrom('posting').select('key').where('kind', '=', kind).execute()).length

test('R17: a worker killed between the provider’s refund and the note of it makes no second refund', async () => {
  const part = await until(
    'the refund is noted and booked',
    () =>
      db
        .selectFrom('refund_part')
        .select(['payment_id', 'provider_id'])
        .where('status', '=', 'TAKEN')
        .where('provider_status', '=', 'TAKEN')
        .executeTakeFirst(),
    ENGINE_NOTICES_MS,
  )
  expect((await sandbox.refunds(part.payment_id)).map(({ id }) => id)).toEqual([part.provider_id])
  expect(await postings('REFUND_TAKEN')).toBe(1)
  await whole.desk.settled(matterId, { balance: '600.00' })
  await expectBooksBalance(db)
})

test('a worker killed while it reads a payout books the payout once, and then the books agree with the provider', async () => {
  await until('the payout is booked', async () => (await postings('PAYOUT')) > 0, ENGINE_NOTICES_MS)
  expect([await postings('PAYOUT'), await postings('PAYOUT_FEES')]).toEqual([1, 1])
  expect(await reconcile(whole)).toEqual({ status: 'CLEAN', differences: [] })
  await expectBooksBalance(db)
}, 300_000)
