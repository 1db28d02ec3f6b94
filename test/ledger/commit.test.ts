import { randomUUID } from 'node:crypto'
import type { ApplicationFailure } from '@temporalio/activity'
import { MockActivityEnvironment } from '@temporalio/testing'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ledgerActivities } from '../../activities/ledger.ts'
import type { Database } from '../../src/db/pool.ts'
import { newRetainer } from '../../src/domain/state.ts'
import { expectBooksBalance } from '../support/books.ts'
import { createFirm, createMatter } from '../support/firm.ts'
import { deciding, invoicing, type Ledger, openLedger, saving, sqlStateOf } from './ledger.ts'

const CHECK_VIOLATION = '23514'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(async () => {
  await expectBooksBalance(ledger.database.owner)
  await ledger.end()
})

const rowOf = (matterId: string) =>
  ledger.database.owner.selectFrom('retainer').selectAll().where('matter_id', '=', matterId).executeTakeFirstOrThrow()

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

/** Rows of everything a commit writes. */
async function writtenSoFar() {
  const { rows } = await sql`select
    (select count(*) from command) as command, (select count(*) from posting) as posting, (select count(*) from entry) as entry,
    (select count(*) from decision) as decision, (select count(*) from invoice) as invoice, (select count(*) from effect) as effect,
    (select count(*) from request) as request, (select sum(version) from retainer) as versions`.execute(
    ledger.database.owner,
  )
  return rows[0]
}

describe('drawings', () => {
  test('R16: of many decided on the same state one is committed, and the others must decide again', async () => {
    const matter = await ledger.holding(100_000n)
    const drawings = times(40, () => ledger.commit(deciding(matter, invoicing(30_000n)).request))
    const outcomes = (await Promise.all(drawings)).map(({ outcome }) => outcome)
    expect(outcomes.toSorted()).toEqual(['committed', ...times(39, () => 'stale')])
    expect((await rowOf(matter.matterId)).balance_minor).toBe(70_000n)
  })

  test('R16: decided again and again over many connections, they pay out to the cent what there is', async () => {
    const matter = await ledger.holding(100_000n)
    await Promise.all(times(40, () => ledger.take(matter, invoicing(3_333n))))
    expect((await rowOf(matter.matterId)).balance_minor).toBe(0n)
    const paid = await ledger.database.owner
      .selectFrom('invoice')
      .select(({ fn }) => fn.sum<string>('paid_minor').as('sum'))
      .where('matter_id', '=', matter.matterId)
      .executeTakeFirstOrThrow()
    expect(BigInt(paid.sum)).toBe(100_000n)
  })

  test('R16: one that would take the retainer below zero is refused by the books, whoever decided it', async () => {
    const matter = await ledger.holding(100n)
    const believing = { ...matter, balanceMinor: 1_000_000n }
    const { request } = deciding(believing, invoicing(101n))
    expect(await sqlStateOf(ledger.commit(request))).toBe(CHECK_VIOLATION)
    expect((await rowOf(matter.matterId)).balance_minor).toBe(100n)
  })
})

describe('one key', () => {
  test('R12: posts once, however many connections bring it at the same moment', async () => {
    const matter = await ledger.holding(0n)
    const payment = {
      kind: 'recordOfflinePayment',
      paymentId: randomUUID(),
      currency: 'USD',
      amountMinor: 500n,
    } as const
    const { request } = deciding(matter, payment)
    const results = await Promise.all(times(20, () => ledger.commit(request)))
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(['committed', ...times(19, () => 'repeated')])
    const repeated = results.filter((result) => result.outcome === 'repeated')
    for (const { answer } of repeated) expect(answer).toEqual({ ok: true, id: payment.paymentId })
    expect((await rowOf(matter.matterId)).balance_minor).toBe(500n)
  })

  test('with other input, or from another matter of the firm, is refused and writes nothing', async () => {
    const [matter, other] = [await ledger.holding(0n), await ledger.holding(0n)]
    const key = randomUUID()
    await ledger.commit(deciding(matter, saving({ enabled: true }), key).request)
    const before = await writtenSoFar()
    const otherInput = { ...deciding(matter, saving({ enabled: true }), key).request, inputHash: 'other' }
    const otherMatter = deciding(other, saving({ enabled: true }), key).request
    for (const request of [otherInput, otherMatter])
      expect(await ledger.commit(request)).toEqual({ outcome: 'refused', refusal: { code: 'IdempotencyKeyReused' } })
    expect(await writtenSoFar()).toEqual(before)
  })
})

describe('what the firm’s settings or books forbid is refused by name and writes nothing', () => {
  test('R1: a firm that has the general retainer off, and a currency that is not the firm’s', async () => {
    const firm = await createFirm(ledger.database.owner)
    const fresh = newRetainer(firm.firmId, await createMatter(ledger.database.owner, firm), 'USD')
    const before = await writtenSoFar()
    const inEuro = deciding(fresh, saving({ enabled: true, currency: 'EUR' })).request
    const expected = { outcome: 'refused', refusal: { code: 'CurrencyMismatch', expected: 'USD' } }
    expect(await ledger.commit(inEuro)).toEqual(expected)
    await ledger.database.owner
      .updateTable('firm')
      .set({ general_retainer_enabled: false })
      .where('id', '=', firm.firmId)
      .execute()
    const off = { outcome: 'refused', refusal: { code: 'GeneralRetainerNotTurnedOn' } }
    expect(await ledger.commit(deciding(fresh, saving({ enabled: true })).request)).toEqual(off)
    expect(await writtenSoFar()).toEqual(before)
  })

  test('an invoice number the firm has used, on any matter', async () => {
    const [matter, other] = [await ledger.holding(500n), await ledger.holding(500n)]
    await ledger.take(matter, invoicing(100n, 'INV-2027-1'))
    const before = await writtenSoFar()
    const taken = { outcome: 'refused', refusal: { code: 'InvoiceNumberTaken' } }
    expect(await ledger.commit(deciding(other, invoicing(100n, 'INV-2027-1')).request)).toEqual(taken)
    expect(await writtenSoFar()).toEqual(before)
  })
})

test('R12: an event is done when all facts that it told are booked, whichever comes last; a repeated one counts', async () => {
  const matter = await ledger.holding(0n)
  const inboxId = `evt_${randomUUID()}`
  const inboxKeys = [`${inboxId}:first`, `${inboxId}:last`]
  const event = { id: inboxId, source: 'stripe', type: 'x', object_id: 'y' }
  await ledger.worker.insertInto('inbox').values(event).execute()
  const told = async (key = '') => {
    const before = await rowOf(matter.matterId)
    const state = { ...matter, version: Number(before.version), balanceMinor: before.balance_minor }
    const result = await ledger.commit({ ...deciding(state, invoicing(1n), key).request, inboxId, inboxKeys })
    const rows = ledger.database.owner.selectFrom('inbox').select('booked_at').where('id', '=', inboxId)
    return [result.outcome, (await rows.executeTakeFirstOrThrow()).booked_at !== null]
  }
  expect(await told(inboxKeys[1])).toEqual(['committed', false])
  expect(await told(inboxKeys[1])).toEqual(['repeated', false])
  expect(await told(inboxKeys[0])).toEqual(['committed', true])
})

test('entries that do not balance are refused, and nothing of their commit is written', async () => {
  const matter = await ledger.holding(0n)
  const payment = { kind: 'recordOfflinePayment', paymentId: randomUUID(), currency: 'USD', amountMinor: 500n } as const
  const { request } = deciding(matter, payment)
  const [posting] = request.plan.postings
  const [, credit] = posting?.entries ?? []
  if (!credit) throw new Error('A payment posts a debit and a credit.')
  credit.amountMinor = '499'
  const before = await writtenSoFar()
  expect(await sqlStateOf(ledger.commit(request))).toBe(CHECK_VIOLATION)
  expect(await writtenSoFar()).toEqual(before)
})

test('postings of different matters never wait for each other’s rows', async () => {
  const [matter, other] = [await ledger.holding(500n), await ledger.holding(500n)]
  let waiting: Promise<unknown> = Promise.resolve()
  await ledger.database.owner.transaction().execute(async (books) => {
    await books.selectFrom('retainer').select('version').where('matter_id', '=', matter.matterId).forUpdate().execute()
    waiting = ledger.take(matter, invoicing(100n))
    const order = await Promise.race([
      waiting.then(() => 'the locked matter'),
      ledger.take(other, invoicing(100n)).then(() => 'the other matter'),
    ])
    expect(order).toBe('the other matter')
    expect((await rowOf(matter.matterId)).balance_minor, 'its own matter waits').toBe(500n)
  })
  await waiting
  expect((await rowOf(matter.matterId)).balance_minor).toBe(400n)
})

test('a commit that the database gives up on is tried again a few times, then rejected: what waits behind it goes on', async () => {
  const matter = await ledger.holding(0n)
  const pool = new pg.Pool({ connectionString: ledger.database.workerUrl, statement_timeout: 50 })
  const db: Database = new Kysely({ dialect: new PostgresDialect({ pool }) })
  const { commitMatter } = ledgerActivities({ db, linkHash: () => Buffer.alloc(32), notify: () => undefined })
  const { request } = deciding(matter, invoicing(1n))
  const types: unknown[] = []
  await ledger.database.owner.transaction().execute(async (books) => {
    await books.selectFrom('retainer').select('version').where('matter_id', '=', matter.matterId).forUpdate().execute()
    for (const attempt of [1, 4, 5]) {
      const committing = new MockActivityEnvironment({ attempt }).run(commitMatter, request)
      types.push(await committing.catch((error: ApplicationFailure) => error.type))
    }
  })
  await db.destroy()
  expect(types).toEqual(['DatabaseUnavailable', 'DatabaseUnavailable', 'CommitRejected'])
})

describe('R15: a payment that no matter can take', () => {
  const unapplied = async (paymentId: string) => {
    const { firmId } = ledger.firm
    const payment = { paymentId, amountMinor: '700', providerAccount: 'platform', method: 'CARD', feeMinor: null }
    const { rows } = await sql<{ notice: { id: string } | null }>`
      select book_unapplied(${JSON.stringify({ firmId, ...payment, inboxId: 'none', atMs: 0 })}::jsonb) as notice`.execute(
      ledger.worker,
    )
    return rows[0]?.notice
  }
  const settled = (paymentId: string) =>
    ({
      kind: 'paymentSettled',
      paymentId,
      amountMinor: 700n,
      providerAccount: 'platform',
      requestId: null,
      attemptId: null,
      method: 'CARD',
      feeMinor: null,
    }) as const
  const accountsOf = async (paymentId: string) =>
    (
      await ledger.database.owner
        .selectFrom('entry')
        .innerJoin('posting', 'posting.id', 'entry.posting_id')
        .select('entry.account')
        .where('posting.key', '=', `payment:${paymentId}`)
        .where('entry.side', '=', 'CREDIT')
        .execute()
    ).map(({ account }) => account)

  test('is booked to unapplied funds once; the notice is given until it is sent', async () => {
    const notices = await Promise.all(times(5, () => unapplied('pi_nobody')))
    expect(new Set(notices.map((notice) => notice?.id))).toEqual(new Set(['unapplied.pi_nobody']))
    expect(await accountsOf('pi_nobody')).toEqual(['UNAPPLIED_FUNDS'])
  })

  test('is not booked again when its matter has it, nor by its matter when unapplied funds have it', async () => {
    const matter = await ledger.holding(0n)
    await ledger.take(matter, settled('pi_mine'), 'payment:pi_mine:settled')
    expect(await unapplied('pi_mine')).toBeNull()
    expect(await accountsOf('pi_mine')).toEqual(['RETAINER'])

    const late = await ledger.holding(0n)
    await unapplied('pi_theirs')
    const result = await ledger.commit(deciding(late, settled('pi_theirs'), 'payment:pi_theirs:settled').request)
    expect(result).toEqual({ outcome: 'refused', refusal: { code: 'IdempotencyKeyReused' } })
    expect(await accountsOf('pi_theirs')).toEqual(['UNAPPLIED_FUNDS'])
  })

  test('is booked in one place when both try at the same moment', async () => {
    const matters = await Promise.all(times(8, () => ledger.holding(0n)))
    const errors = await Promise.all(
      matters.flatMap((matter, n) => {
        const { request } = deciding(matter, settled(`pi_race_${n}`), `payment:pi_race_${n}:settled`)
        return [sqlStateOf(ledger.commit(request)), sqlStateOf(unapplied(`pi_race_${n}`))]
      }),
    )
    expect(errors, 'neither waits for ever for the other').not.toContain('40P01')
    for (const n of matters.keys()) expect((await accountsOf(`pi_race_${n}`)).length).toBe(1)
  })
})
