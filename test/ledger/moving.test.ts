import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RetainerState } from '../../src/domain/state.ts'
import { expectBooksBalance } from '../support/books.ts'
import { createFirm, createMatter } from '../support/firm.ts'
import { invoicing, type Ledger, openLedger, saving, sqlStateOf } from './ledger.ts'
import { assigning, teller, transferring } from './teller.ts'

const CHECK_VIOLATION = '23514'

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

async function otherClient() {
  const clientId = randomUUID()
  const { firmId } = ledger.firm
  await ledger.database.owner
    .insertInto('client')
    .values({ id: clientId, firm_id: firmId, name: 'Charles Babbage', email: 'charles@babbage.example' })
    .execute()
  return { ...ledger.firm, clientId }
}

describe('R19: a transfer', () => {
  test('is on both matters at once: balance, version, event stream, and word to the receiver by way of the inbox', async () => {
    const [giver, receiver] = [await ledger.holding(500n), await ledger.holding(100n)]
    const transferId = randomUUID()
    const after = await tell.take(giver.matterId, transferring(receiver.matterId, 200n, transferId))
    expect(after.balanceMinor).toBe(300n)
    const arrived = await tell.stateOf(receiver.matterId)
    expect(arrived).toMatchObject({
      version: receiver.version + 1,
      balanceMinor: 300n,
      arrivals: [{ transferId, fromMatterId: giver.matterId, amountMinor: 200n }],
    })
    const word = await ledger.database.owner
      .selectFrom('inbox')
      .select(['source', 'type', 'firm_id', 'matter_id', 'booked_at'])
      .where('object_id', '=', transferId)
      .execute()
    const { firmId } = ledger.firm
    expect(word).toEqual([
      { source: 'books', type: 'transfer.arrived', firm_id: firmId, matter_id: receiver.matterId, booked_at: null },
    ])
    // Its workflow decides on what it knew: it is told to decide again, and then counts the arrival.
    const counted = await ledger.take(receiver, invoicing(250n))
    expect(counted).toMatchObject({ balanceMinor: 50n, arrivals: [], countedMinor: receiver.countedMinor + 200n })
  })

  test('is refused to another client’s, an unknown, a disabled, a closing and a closed matter', async () => {
    const giver = await ledger.holding(500n)
    const [disabled, closing, closed] = [await ledger.holding(0n), await ledger.holding(5n), await ledger.holding(0n)]
    await tell.take(disabled.matterId, saving({ enabled: false }))
    for (const { matterId } of [closing, closed]) await tell.take(matterId, { kind: 'closeMatter' })
    const others = await ledger.holding(0n, await otherClient())
    const strangers = await createFirm(ledger.database.owner)
    const expected: [string, string][] = [
      [others.matterId, 'OtherClientsMatter'],
      [randomUUID(), 'OtherClientsMatter'],
      [await createMatter(ledger.database.owner, strangers), 'OtherClientsMatter'],
      [await createMatter(ledger.database.owner, ledger.firm), 'ReceivingMatterNotEnabled'],
      [disabled.matterId, 'ReceivingMatterNotEnabled'],
      [closing.matterId, 'ReceivingMatterClosed'],
      [closed.matterId, 'ReceivingMatterClosed'],
    ]
    for (const [matterId, code] of expected)
      expect(await tell.refusalOf(giver.matterId, transferring(matterId, 1n)), matterId).toBe(code)
    expect(await tell.balanceOf(giver.matterId)).toBe(500n)
  })

  test('a hundred that cross each other at once neither wait for ever nor lose a cent', async () => {
    const [a, b] = [await ledger.holding(10_000n), await ledger.holding(10_000n)]
    const crossing = Array.from({ length: 100 }, (_, n) => {
      const [from, to]: [RetainerState, RetainerState] = n % 2 === 0 ? [a, b] : [b, a]
      return ledger.take(from, transferring(to.matterId, BigInt(n + 1)))
    })
    await Promise.all(crossing)
    // 50 more came back than went: each answer is one cent larger.
    expect(await tell.balanceOf(a.matterId)).toBe(10_050n)
    expect(await tell.balanceOf(b.matterId)).toBe(9_950n)
    expect((await tell.stateOf(a.matterId)).version).toBe(a.version + 100)
  })

  test('racing invoices never takes out what is no longer there', async () => {
    const [giver, receiver] = [await ledger.holding(1_000n), await ledger.holding(0n)]
    const racing = Array.from({ length: 10 }, (_, n) =>
      n % 2 === 0
        ? ledger.take(giver, transferring(receiver.matterId, 150n)).catch((error: Error) => error.message)
        : ledger.take(giver, invoicing(150n)),
    )
    await Promise.all(racing)
    expect(await tell.balanceOf(giver.matterId)).toBeGreaterThanOrEqual(0n)
    expect(await tell.differences()).toEqual([])
  })
})

describe('R15: unapplied funds', () => {
  test('are taken on by one of many matters', async () => {
    const paid = await tell.bookUnapplied(700n)
    const matters = await Promise.all(Array.from({ length: 6 }, () => ledger.holding(0n)))
    const results = await Promise.all(
      matters.map(({ matterId }) => tell.take(matterId, assigning(paid, 700n)).catch((error: Error) => error.message)),
    )
    expect(results.filter((result) => result === 'Refused: NotInUnappliedFunds').length).toBe(5)
  })

  test('are not taken on in another amount than there is, nor by another client’s matter', async () => {
    const home = await ledger.holding(0n)
    await tell.take(home.matterId, { kind: 'closeMatter' })
    const paid = await tell.pay(home, 700n)
    const [matter, others] = [await ledger.holding(0n), await ledger.holding(0n, await otherClient())]
    expect(await tell.refusalOf(matter.matterId, assigning(paid, 699n))).toBe('NotInUnappliedFunds')
    expect(await tell.refusalOf(matter.matterId, assigning('pi_unknown', 700n))).toBe('NotInUnappliedFunds')
    expect(await tell.refusalOf(others.matterId, assigning(paid, 700n))).toBe('OtherClientsMatter')
    expect(await tell.refusalOf(matter.matterId, assigning(paid, 700n))).toBeNull()
  })

  test('R18: are neither taken on nor refunded while the payment is disputed, whose home would not learn of the end', async () => {
    const [home, matter] = [await ledger.holding(0n), await ledger.holding(0n)]
    await tell.take(home.matterId, { kind: 'closeMatter' })
    for (const paid of [await tell.pay(home, 700n), await tell.bookUnapplied(700n)]) {
      await tell.dispute(paid, `dp_${paid}`, 'disputeOpened')
      expect(await tell.refusalOf(matter.matterId, assigning(paid, 700n))).toBe('PaymentDisputed')
      const refund = { kind: 'refundUnappliedFunds', refundId: randomUUID(), paymentId: paid, amountMinor: 1n } as const
      const { matter_id: homeId } = await tell.payment(paid)
      if (homeId) expect(await tell.refusalOf(homeId, refund)).toBe('PaymentDisputed')
      await tell.dispute(paid, `dp_${paid}`, 'disputeClosed', { outcome: 'WON' })
      expect(await tell.refusalOf(matter.matterId, assigning(paid, 700n))).toBeNull()
    }
  })

  test('raced by a refund of them are either assigned or refunded', async () => {
    for (let n = 0; n < 6; n += 1) {
      const [home, taker] = [await ledger.holding(0n), await ledger.holding(0n)]
      await tell.take(home.matterId, { kind: 'closeMatter' })
      const paid = await tell.pay(home, 700n)
      const refund = {
        kind: 'refundUnappliedFunds',
        refundId: randomUUID(),
        paymentId: paid,
        amountMinor: 100n,
      } as const
      const outcomes = await Promise.all(
        [tell.take(taker.matterId, assigning(paid, 700n)), tell.take(home.matterId, refund)].map((taken) =>
          taken.then(() => 'done').catch((error: Error) => error.message),
        ),
      )
      expect(outcomes.toSorted()).toEqual(['Refused: NotInUnappliedFunds', 'done'])
    }
    expect(await tell.differences()).toEqual([])
  })

  test('R18: raced by a reversal are either assigned or reversed; told again, the reversal finds the new home', async () => {
    for (let n = 0; n < 6; n += 1) {
      const [home, taker] = [await ledger.holding(0n), await ledger.holding(0n)]
      await tell.take(home.matterId, { kind: 'closeMatter' })
      const paid = await tell.pay(home, 700n)
      const as = await tell.payment(paid)
      const reversal = tell.dispute(paid, `dp_${paid}`, 'paymentReversed', { as })
      const [assigned, reversed] = await Promise.all([
        tell.take(taker.matterId, assigning(paid, 700n)).then(
          () => 'done',
          (error: Error) => error.message,
        ),
        sqlStateOf(reversal),
      ])
      if (assigned === 'done') expect(reversed).toBe(CHECK_VIOLATION)
      else expect([assigned, reversed]).toEqual(['Refused: NotInUnappliedFunds', 'it was done'])
      await tell.dispute(paid, `dp_${paid}`, 'paymentReversed')
      expect((await tell.payment(paid)).reversed_minor).toBe(700n)
      expect(await tell.balanceOf(taker.matterId)).toBe(0n)
    }
    expect(await tell.differences()).toEqual([])
  })
})
