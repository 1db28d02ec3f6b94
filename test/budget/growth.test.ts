import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Command, Fact } from '../../src/domain/events.ts'
import { newRetainer, type RetainerState } from '../../src/domain/state.ts'
import { fromWire, toWire, type Wire } from '../../src/domain/wire.ts'
import { deciding, invoicing, type Ledger, openLedger } from '../ledger/ledger.ts'
import { expectBooksBalance } from '../support/books.ts'
import { repeatLastDeposit } from './books-of-ten-years.ts'
import { rowsRead } from './rows-read.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger?.end())

const deposit = (): Fact => ({
  kind: 'paymentSettled',
  paymentId: `pi_${randomUUID()}`,
  amountMinor: 100n,
  providerAccount: 'platform',
  requestId: null,
  attemptId: null,
  method: 'CARD',
  feeMinor: 3n,
})
const cheque = (): Command => ({
  kind: 'recordOfflinePayment',
  paymentId: randomUUID(),
  currency: 'USD',
  amountMinor: 100n,
})

/** The matter as its workflow would have it: with its mails sent. */
async function current({ matterId }: RetainerState): Promise<RetainerState> {
  const row = await ledger.database.owner
    .selectFrom('retainer')
    .select('state')
    .where('matter_id', '=', matterId)
    .executeTakeFirstOrThrow()
  return { ...fromWire<RetainerState>(row.state as Wire<RetainerState>), effects: [] }
}

async function commit(event: Command | Fact, matter: RetainerState): Promise<Record<string, number>> {
  const { request } = deciding(await current(matter), event)
  return rowsRead(ledger.worker, (trx) => sql`select commit_matter(${JSON.stringify(request)}::jsonb)`.execute(trx))
}

const sizeOf = async (matter: RetainerState) => JSON.stringify(toWire(await current(matter))).length

test('a matter’s 10,000th deposit reads as many rows as its first, and its state is no larger', async () => {
  const { owner } = ledger.database
  const matter = await ledger.holding(0n)
  await sql`
    insert into invoice (id, firm_id, matter_id, number, amount_minor, paid_minor, recorded_at)
      select gen_random_uuid(), ${matter.firmId}, ${matter.matterId}, 'OLD-' || n, 100, 100, now()
      from generate_series(1, 1000) as n`.execute(owner)
  await sql`analyze invoice`.execute(owner)
  const each = async () => ({
    cheque: await commit(cheque(), matter),
    invoice: await commit(invoicing(100n), matter),
    deposit: await commit(deposit(), matter),
  })
  // The last few decisions are part of the state: as many in the first as in the last.
  for (let n = 0; n < 8; n += 1) await commit(deposit(), matter)
  const first = { reads: await each(), bytes: await sizeOf(matter) }
  await repeatLastDeposit(owner, matter.matterId, 10_000)
  await expectBooksBalance(owner)
  expect(await each()).toEqual(first.reads)
  // Amounts and version have more digits.
  expect(await sizeOf(matter)).toBeLessThan(first.bytes + 200)
}, 300_000)

test('R16: ten years of weekly invoices that nobody pays from the retainer leave the state as small as a few do', () => {
  let matter = newRetainer(randomUUID(), randomUUID(), 'USD')
  const sizes: number[] = []
  for (let week = 0; week < 520; week += 1) {
    matter = deciding(matter, invoicing(100n)).after
    sizes.push(JSON.stringify(toWire(matter)).length)
  }
  // The last few decisions are part of the state, and its version has more digits.
  expect(sizes.at(-1)).toBeLessThan((sizes[8] ?? 0) + 10)
})

test('a task that is done again is answered in a few bytes a commit: the state comes once, to who is behind', async () => {
  const matter = await ledger.holding(0n)
  const requests = []
  let state = matter
  for (let n = 0; n < 3; n += 1) {
    const decided = deciding(state, deposit())
    requests.push(decided.request)
    await ledger.commit(decided.request)
    state = decided.after
  }
  const again = []
  for (const [n, request] of requests.entries()) {
    const expectedVersion = n === 0 ? matter.version : state.version
    again.push(await ledger.commit({ ...request, expectedVersion }))
  }
  expect(again).toMatchObject([
    { outcome: 'repeated', state: { version: state.version } },
    { outcome: 'repeated', state: null },
    { outcome: 'repeated', state: null },
  ])
})
