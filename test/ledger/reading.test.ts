import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type JournalRow, journalRows } from '../../src/books/journal.ts'
import { refundables } from '../../src/books/refundable.ts'
import { statement } from '../../src/books/statement.ts'
import { trialBalance } from '../../src/books/trial-balance.ts'
import { asFirm, type Database, openDatabase } from '../../src/db/pool.ts'
import { newRetainer, type RetainerState } from '../../src/domain/state.ts'
import { createFirm, createMatter } from '../support/firm.ts'
import { deciding, invoicing, type Ledger, openLedger, saving } from './ledger.ts'
import { refunding, teller, transferring } from './teller.ts'

let ledger: Ledger
let tell: ReturnType<typeof teller>
let api: Database
beforeAll(async () => {
  ledger = await openLedger()
  tell = teller(ledger)
  api = openDatabase(ledger.database.apiUrl, { name: 'test-api', max: 3 })
})
afterAll(async () => {
  await api.destroy()
  await ledger.end()
})

async function journal(firmId: string, from: string | null, to: string | null): Promise<JournalRow[]> {
  const rows: JournalRow[] = []
  for await (const row of journalRows(api, firmId, { from, to })) rows.push(row)
  return rows
}

describe('as the API’s login, of its own firm', () => {
  let firmId: string
  let matter: RetainerState

  /** A firm in Auckland, 12 hours ahead of UTC: its days are not UTC's. */
  beforeAll(async () => {
    const firm = await createFirm(ledger.database.owner, { timeZone: 'Pacific/Auckland' })
    firmId = firm.firmId
    matter = newRetainer(firmId, await createMatter(ledger.database.owner, firm), 'USD')
    const at = async (instant: string, event: Parameters<typeof deciding>[1]) => {
      const { request } = deciding(matter, event, randomUUID(), Date.parse(instant))
      expect((await ledger.commit(request)).outcome).toBe('committed')
      matter = await tell.stateOf(matter.matterId)
    }
    const cheque = (amountMinor: bigint) =>
      ({ kind: 'recordOfflinePayment', paymentId: randomUUID(), currency: 'USD', amountMinor }) as const
    await at('2027-06-01T00:00:00Z', saving({ enabled: true }))
    await at('2027-06-01T11:59:59.999Z', cheque(1_000n)) // 23:59 on 1 June in Auckland
    await at('2027-06-01T12:00:00Z', cheque(200n)) // midnight: 2 June
    await at('2027-06-03T11:59:59Z', invoicing(350n, 'INV-1')) // the last second of 3 June
    await at('2027-06-03T12:00:00Z', cheque(1n)) // 4 June
  })

  test('a statement of some days begins and ends with what the liability account held', async () => {
    const shown = await asFirm(api, firmId, (trx) =>
      statement(trx, firmId, matter.matterId, { from: '2027-06-02', to: '2027-06-03' }),
    )
    expect(shown).toMatchObject({ openingMinor: 1_000n, closingMinor: 850n })
    expect(
      shown.lines.map(({ day, kind, amountMinor, balanceMinor }) => [day, kind, amountMinor, balanceMinor]),
    ).toEqual([
      ['2027-06-02', 'OFFLINE_PAYMENT', 200n, 1_200n],
      ['2027-06-03', 'INVOICE_PAID', -350n, 850n],
    ])
  })

  test('one of a single day, of a day without movements, and of the whole life (R20)', async () => {
    const of = (from: string | null, to: string | null) =>
      asFirm(api, firmId, (trx) => statement(trx, firmId, matter.matterId, { from, to }))
    expect(await of('2027-06-01', '2027-06-01')).toMatchObject({ openingMinor: 0n, closingMinor: 1_000n })
    expect(await of('2027-06-20', '2027-06-21')).toEqual({ openingMinor: 851n, lines: [], closingMinor: 851n })
    expect(await of('2027-05-01', '2027-05-31')).toEqual({ openingMinor: 0n, lines: [], closingMinor: 0n })
    const whole = await of(null, null)
    const balances = await asFirm(api, firmId, (trx) => trialBalance(trx, firmId))
    const liability = balances.find(({ account }) => account === 'RETAINER')
    expect(whole).toMatchObject({ openingMinor: 0n, closingMinor: 851n })
    expect(liability?.balanceMinor).toBe(-851n)
  })

  test('the journal has the days asked for, balances, and names entry, matter and reference', async () => {
    const rows = await journal(firmId, '2027-06-03', '2027-06-03')
    const { number } = await ledger.database.owner
      .selectFrom('matter')
      .select('number')
      .where('id', '=', matter.matterId)
      .executeTakeFirstOrThrow()
    expect(rows.map(({ date, account, debit, credit, matter: of }) => [date, account, debit, credit, of])).toEqual([
      ['2027-06-03', 'ACCOUNTS_RECEIVABLE', '3.50', '', number],
      ['2027-06-03', 'BILLINGS_CONTROL', '', '3.50', number],
      ['2027-06-03', 'RETAINER', '3.50', '', number],
      ['2027-06-03', 'ACCOUNTS_RECEIVABLE', '', '3.50', number],
    ])
    expect(new Set(rows.map(({ entry }) => entry)).size).toBe(2)
    expect(rows[0]?.reference).toMatch(/^invoice:/)
    expect((await journal(firmId, null, null)).length).toBe(10)
    expect((await journal(firmId, '2027-06-02', null)).length).toBe(8)
  })

  test('of another firm it reads nothing', async () => {
    const shown = await asFirm(api, ledger.firm.firmId, async (trx) => ({
      balances: await trialBalance(trx, firmId),
      statement: await statement(trx, firmId, matter.matterId, { from: null, to: null }),
      refundable: await refundables(trx, firmId, [matter.matterId], 1n),
    }))
    expect(shown).toEqual({
      balances: [],
      statement: { openingMinor: 0n, lines: [], closingMinor: 0n },
      refundable: new Map(),
    })
  })
})

test('R17: what is refundable is what a refund of all would give back, and how much of it online', async () => {
  const [giver, matter] = [await ledger.holding(0n), await ledger.holding(400n)]
  await tell.pay(giver, 1_000n)
  await tell.take(giver.matterId, transferring(matter.matterId, 300n))
  const disputed = await tell.pay(matter, 50n)
  await tell.dispute(disputed, `dp_${disputed}`, 'disputeOpened')
  const { firmId } = ledger.firm
  const shown = await asFirm(api, firmId, (trx) => refundables(trx, firmId, [matter.matterId], 1n))
  expect(shown.get(matter.matterId)).toEqual({ refundableMinor: 700n, onlineMinor: 300n })
  expect(await tell.refusalOf(matter.matterId, refunding(701n))).toBe('AmountAboveRefundable')
  expect(await tell.refusalOf(matter.matterId, refunding(700n))).toBeNull()
})

test('the trial balance has every account per account at the provider, and sums to zero', async () => {
  const balances = await trialBalance(ledger.worker, ledger.firm.firmId)
  expect(balances.map(({ account, providerAccount }) => `${account} ${providerAccount}`)).toContain(
    'PAYMENTS_HOLDING platform',
  )
  expect(balances.reduce((sum, { balanceMinor }) => sum + balanceMinor, 0n)).toBe(0n)
  for (const { debitsMinor, creditsMinor, balanceMinor } of balances)
    expect(balanceMinor).toBe(debitsMinor - creditsMinor)
})

test('a journal longer than a page comes whole, each line once, in the order it was written', async () => {
  // One of three lines, so that a page of 1,000 ends in the middle of a posting.
  const homeless = await tell.bookUnapplied(5n)
  await tell.found(homeless, 're_homeless', 2n)
  await tell.dispute(homeless, 'dp_homeless', 'paymentReversed')
  let state = await ledger.holding(0n)
  const count = await ledger.database.owner
    .selectFrom('entry')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('firm_id', '=', ledger.firm.firmId)
    .executeTakeFirstOrThrow()
  for (let left = 1_010 - Number(count.count); left > 0; left -= 2) state = await ledger.take(state, invoicing(1n))
  const rows = await journal(ledger.firm.firmId, null, null)
  expect(rows.length).toBeGreaterThan(1_000)
  expect(rows[999]?.entry).toBe(rows[1_000]?.entry)
  const written = rows.map(({ entry }) => Number(entry))
  expect(written).toEqual(written.toSorted((a, b) => a - b))
  const signed = rows.map(({ debit, credit }) => Math.round(Number(debit) * 100) - Math.round(Number(credit) * 100))
  expect(signed.reduce((sum, amount) => sum + amount, 0)).toBe(0)
})
