import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refundables } from '../../src/books/refundable.ts'
import { expectBooksBalance } from '../support/books.ts'
import { deciding, type Ledger, openLedger } from './ledger.ts'
import { refunding, teller, transferring } from './teller.ts'

let ledger: Ledger
let tell: ReturnType<typeof teller>
beforeAll(async () => {
  ledger = await openLedger()
  tell = teller(ledger)
})
afterAll(async () => {
  await expectBooksBalance(ledger.database.owner)
  await ledger.end()
})

/** What the refund took of each payment, in order. */
async function sharesOf(refundId: string) {
  const { rows } = await tell.partsOf(refundId)
  return rows.map(({ payment_id, amount_minor, means }) => [payment_id, amount_minor, means])
}

async function refund(matterId: string, amountMinor: bigint | null): Promise<string> {
  const refundId = randomUUID()
  await tell.take(matterId, refunding(amountMinor, refundId))
  return refundId
}

const partsSentTo = async (matterId: string, amountMinor: bigint) => sharesOf(await refund(matterId, amountMinor))

describe('R17: a refund', () => {
  test('is reserved at the command and goes back to the payments, the newest first', async () => {
    const matter = await ledger.holding(0n)
    const [first, second, third] = [
      await tell.pay(matter, 300n),
      await tell.pay(matter, 200n),
      await tell.pay(matter, 100n),
    ]
    expect(await partsSentTo(matter.matterId, 250n)).toEqual([
      [third, 100n, 'ONLINE'],
      [second, 150n, 'ONLINE'],
    ])
    expect(await tell.balanceOf(matter.matterId)).toBe(350n)
    expect(await partsSentTo(matter.matterId, 350n)).toEqual([
      [second, 50n, 'ONLINE'],
      [first, 300n, 'ONLINE'],
    ])
  })

  test('of a cheque, and of a debit past its 180 days, is paid by other means, at once', async () => {
    const cheque = await ledger.holding(500n)
    expect((await partsSentTo(cheque.matterId, 200n)).map(([, ...rest]) => rest)).toEqual([[200n, 'OTHER']])

    const matter = await ledger.holding(0n)
    const debit = await tell.pay(matter, 400n, 'BANK_DEBIT')
    const row = await tell.payment(debit)
    expect(row.refundable_until?.getTime()).toBe(row.settled_at.getTime() + 180 * 86_400_000)
    await ledger.database.owner
      .updateTable('payment')
      .set({ refundable_until: new Date(0) })
      .where('id', '=', debit)
      .execute()
    expect(await partsSentTo(matter.matterId, 400n)).toEqual([[debit, 400n, 'OTHER']])
    expect(await tell.balanceOf(matter.matterId)).toBe(0n)
  })

  test('of a payment that the provider has refused to send back is paid by other means', async () => {
    const matter = await ledger.holding(0n)
    const card = await tell.pay(matter, 400n)
    await ledger.worker.updateTable('payment').set({ refundable_online: false }).where('id', '=', card).execute()
    expect(await partsSentTo(matter.matterId, 400n)).toEqual([[card, 400n, 'OTHER']])
  })

  test('goes online in multiples of what the provider refunds, the rest by other means', async () => {
    const matter = await ledger.holding(0n)
    const card = await tell.pay(matter, 1_000n)
    const refundId = randomUUID()
    const { request } = deciding(await tell.stateOf(matter.matterId), refunding(999n, refundId))
    if (request.plan.refund) request.plan.refund.stepMinor = '10'
    expect((await ledger.commit(request)).outcome).toBe('committed')
    expect(await sharesOf(refundId)).toEqual([
      [card, 990n, 'ONLINE'],
      [card, 9n, 'OTHER'],
    ])
    const shown = await refundables(ledger.database.owner, ledger.firm.firmId, [matter.matterId], 10n)
    expect(shown.get(matter.matterId)).toEqual({ refundableMinor: 1n, onlineMinor: 0n })
  })

  test('of more than the undisputed payments is refused, with what can be refunded, and writes nothing', async () => {
    const matter = await ledger.holding(0n)
    const disputed = await tell.pay(matter, 300n)
    await tell.pay(matter, 100n)
    await tell.dispute(disputed, `dp_${randomUUID()}`, 'disputeOpened')
    const { request } = deciding(await tell.stateOf(matter.matterId), refunding(null))
    const refusal = { code: 'AmountAboveRefundable', refundableMinor: '100' }
    expect(await ledger.commit(request)).toEqual({ outcome: 'refused', refusal })
    expect(await tell.balanceOf(matter.matterId)).toBe(400n)
    expect((await partsSentTo(matter.matterId, 100n)).length).toBe(1)
  })

  test('that failed before or after it was taken is where it came from, and can be refunded again', async () => {
    for (const wasTaken of [false, true]) {
      const matter = await ledger.holding(0n)
      const card = await tell.pay(matter, 500n)
      const refundId = await refund(matter.matterId, 500n)
      await tell.sent(refundId, () => (wasTaken ? 'TAKEN' : 'IN_FLIGHT'))
      expect((await tell.payment(card)).refunded_minor).toBe(500n)
      await tell.outcome(refundId, 0, 'refundFailed', wasTaken)
      expect((await tell.payment(card)).refunded_minor).toBe(0n)
      expect(await tell.balanceOf(matter.matterId)).toBe(500n)
      expect(await partsSentTo(matter.matterId, 500n)).toEqual([[card, 500n, 'ONLINE']])
      expect(await tell.differences()).toEqual([])
    }
  })

  test('made at the provider is kept as taken, and leaves so much less to refund', async () => {
    const matter = await ledger.holding(0n)
    const card = await tell.pay(matter, 500n)
    await tell.found(card, `re_${card}`, 200n)
    expect(await tell.balanceOf(matter.matterId)).toBe(300n)
    expect(await partsSentTo(matter.matterId, 300n)).toEqual([[card, 300n, 'ONLINE']])
    await tell.found(card, `re_${card}`, 200n)
    expect((await tell.payment(card)).refunded_minor, 'told twice').toBe(500n)
  })
})

test('R17: of a matter with 10,000 payments, a refund finds its 200 newest in no time, and is refused above them by what they carry', async () => {
  const { matterId } = await ledger.holding(0n)
  await sql`
    insert into payment (firm_id, id, matter_id, version, method, provider_account, amount_minor, settled_at)
    select ${ledger.firm.firmId}::uuid, 'pi_many_' || n, ${matterId}::uuid, 1, 'CARD', 'platform', 2, now() + n * interval '1 s'
    from generate_series(1, 10000) as n`.execute(ledger.database.owner)
  const shares = (amountMinor: number) =>
    sql<{ parts: number; ofPayments: string[] }>`
      select count(*)::int as parts, array_agg(payment_id order by length(payment_id), payment_id) as "ofPayments"
      from unnest(allocate_refund(${ledger.firm.firmId}::uuid, ${matterId}::uuid, ${amountMinor}))`.execute(
      ledger.worker,
    )
  await shares(1)
  const startedAt = performance.now()
  const { rows } = await shares(20_000)
  expect(performance.now() - startedAt, 'in ms').toBeLessThan(20_000)
  expect(rows[0]?.parts).toBe(200)
  expect(rows[0]?.ofPayments.at(0)).toBe('pi_many_9801')
  const state = { ...(await tell.stateOf(matterId)), balanceMinor: 20_000n }
  expect(await ledger.commit(deciding(state, refunding(null)).request)).toEqual({
    outcome: 'refused',
    refusal: { code: 'AmountAboveRefundable', refundableMinor: '400' },
  })
  await sql`delete from payment where matter_id = ${matterId}::uuid`.execute(ledger.database.owner)
})

describe('R17, R19: money that came by transfer', () => {
  test('goes back to the payments of the matters it came from, as far as it came from there', async () => {
    const [giver, middle, matter] = [await ledger.holding(0n), await ledger.holding(0n), await ledger.holding(0n)]
    const far = await tell.pay(giver, 1_000n)
    const near = await tell.pay(middle, 50n)
    await tell.take(giver.matterId, transferring(middle.matterId, 300n))
    await tell.take(middle.matterId, transferring(matter.matterId, 320n))
    const own = await tell.pay(matter, 10n)

    const refundId = await refund(matter.matterId, 330n)
    expect(await sharesOf(refundId)).toEqual([
      [own, 10n, 'ONLINE'],
      [near, 50n, 'ONLINE'],
      [far, 270n, 'ONLINE'],
    ])
    const { rows } = await tell.partsOf(refundId)
    expect(rows.at(-1)?.route).toEqual([matter.matterId, middle.matterId, giver.matterId])
    // What it took has used up the way: of the giver's 1,000 the matter between has a claim to 30 more.
    expect(await partsSentTo(middle.matterId, 30n)).toEqual([[far, 30n, 'ONLINE']])
    await tell.take(giver.matterId, transferring(matter.matterId, 100n))
    expect(await partsSentTo(matter.matterId, 100n)).toEqual([[far, 100n, 'ONLINE']])
  })

  test('is found through transfers back and forth, without going in circles', async () => {
    const [a, b, c] = [await ledger.holding(0n), await ledger.holding(0n), await ledger.holding(0n)]
    const paid = await tell.pay(a, 100n)
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, a],
      [a, c],
      [c, b],
    ] as const)
      await tell.take(from.matterId, transferring(to.matterId, 100n))
    expect(await partsSentTo(b.matterId, 100n)).toEqual([[paid, 100n, 'ONLINE']])
  })
})

test('R17: two matters at once never give more of a payment back than was paid', async () => {
  const payments = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const [giver, taker] = [await ledger.holding(0n), await ledger.holding(0n)]
      const payment = await tell.pay(giver, 1_000n)
      await tell.take(giver.matterId, transferring(taker.matterId, 600n))
      // Not refundable elsewhere: both refunds have this one payment to go back to, and the giver holds more than its rest.
      const cheque = await tell.pay(giver, 600n)
      await tell.dispute(cheque, `dp_${cheque}`, 'disputeOpened')
      return { giver, taker, payment }
    }),
  )
  for (const { giver, taker, payment } of payments) {
    const outcomes = await Promise.all([
      tell.take(giver.matterId, refunding(700n)).catch((error: Error) => error.message),
      tell.take(taker.matterId, refunding(600n)).catch((error: Error) => error.message),
    ])
    expect(outcomes.filter((outcome) => outcome === 'Refused: AmountAboveRefundable').length).toBe(1)
    expect((await tell.payment(payment)).refunded_minor).toBeLessThanOrEqual(1_000n)
  }
  expect(await tell.differences()).toEqual([])
})
