import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectBooksBalance } from '../support/books.ts'
import { invoicing, type Ledger, openLedger, saving } from './ledger.ts'
import { assigning, teller, transferring } from './teller.ts'

/** The rows of the books table for money that comes back, moves or is owed: what is debited and credited. */

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

const DEADLINE_MS = Date.parse('2027-07-01T00:00:00Z')

const posted = (key: string) => tell.posted(key)

describe('R18: reversals', () => {
  test('debit the matter, below zero if need be, and a win restores it; the row keeps what it took and gave back', async () => {
    const matter = await ledger.holding(0n)
    const paid = await tell.pay(matter, 500n)
    await tell.take(matter.matterId, invoicing(400n))
    const id = `dp_${paid}`
    await tell.dispute(paid, id, 'disputeOpened')
    await tell.dispute(paid, id, 'paymentReversed')
    expect(await posted(`dispute:${id}:withdrawn`)).toEqual([
      'REVERSAL',
      'DEBIT RETAINER 500',
      'CREDIT PAYMENTS_HOLDING 500',
    ])
    expect(await tell.balanceOf(matter.matterId)).toBe(-400n)
    expect((await tell.payment(paid)).reversed_minor).toBe(500n)
    await tell.dispute(paid, id, 'reversalWon')
    await tell.dispute(paid, id, 'disputeClosed', { outcome: 'WON' })
    expect(await posted(`dispute:${id}:reinstated`)).toEqual([
      'REVERSAL_WON',
      'DEBIT PAYMENTS_HOLDING 500',
      'CREDIT RETAINER 500',
    ])
    const row = await ledger.database.owner.selectFrom('dispute').selectAll().where('id', '=', id).executeTakeFirst()
    expect(row).toMatchObject({ status: 'WON', amount_minor: 500n, withdrawn_minor: 500n, reinstated_minor: 500n })
    expect((await tell.payment(paid)).reversed_minor).toBe(0n)
  })

  test('told in the wrong order leave the row that the right one would have left', async () => {
    const matter = await ledger.holding(0n)
    const paid = await tell.pay(matter, 500n)
    const id = `dp_${paid}`
    for (const step of ['disputeClosed', 'paymentReversed', 'disputeOpened'] as const)
      await tell.dispute(paid, id, step)
    const row = await ledger.database.owner.selectFrom('dispute').selectAll().where('id', '=', id).executeTakeFirst()
    expect(row).toMatchObject({ status: 'LOST', amount_minor: 500n, withdrawn_minor: 500n })
    expect(row?.deadline).not.toBeNull()
  })

  test('and refunds made at the provider, of a payment without a home: whichever comes back first pays what is owed', async () => {
    const paid = await tell.bookUnapplied(500n)
    await tell.found(paid, `re_${paid}`, 300n)
    await tell.dispute(paid, `dp_${paid}`, 'paymentReversed')
    expect((await posted(`dispute:dp_${paid}:withdrawn`)).slice(1, 3)).toEqual([
      'DEBIT UNAPPLIED_FUNDS 200',
      'DEBIT REVERSED_PAYMENTS_RECEIVABLE 300',
    ])
    const failed = { fact: 'refundFailed', paymentId: paid, partId: `re_${paid}.1`, amountMinor: '300' } as const
    await tell.bookUnappliedFact(failed)
    await tell.bookUnappliedFact(failed)
    expect(await posted(`refund:re_${paid}.1:failed`)).toEqual([
      'REFUND_FAILED',
      'DEBIT PAYMENTS_HOLDING 300',
      'CREDIT REVERSED_PAYMENTS_RECEIVABLE 300',
    ])
    expect((await tell.payment(paid)).refunded_minor).toBe(0n)
    await tell.dispute(paid, `dp_${paid}`, 'reversalWon')
    expect((await posted(`dispute:dp_${paid}:reinstated`)).slice(2)).toEqual(['CREDIT UNAPPLIED_FUNDS 500'])
    expect(await tell.differences()).toEqual([])
  })

  test('of a payment without a home that get another deadline tell the firm again', async () => {
    const paid = await tell.bookUnapplied(500n)
    const disputeId = `dp_${paid}`
    await tell.dispute(paid, disputeId, 'disputeOpened')
    const due = { fact: 'disputeDue', paymentId: paid, disputeId, deadlineMs: DEADLINE_MS } as const
    expect(await tell.bookUnappliedFact(due)).toMatchObject({ notice: { subjectId: `PAYMENT_DISPUTED:${disputeId}` } })
    const row = ledger.database.owner.selectFrom('dispute').select('deadline').where('id', '=', disputeId)
    expect(await row.executeTakeFirst()).toEqual({ deadline: new Date(DEADLINE_MS) })
  })

  test('of a payment without a home debit unapplied funds, and what is gone from there is owed', async () => {
    const paid = await tell.bookUnapplied(500n)
    await tell.found(paid, `re_${paid}`, 200n)
    await tell.dispute(paid, `dp_${paid}`, 'disputeOpened')
    await tell.dispute(paid, `dp_${paid}`, 'paymentReversed')
    await tell.dispute(paid, `dp_${paid}`, 'paymentReversed')
    expect(await posted(`dispute:dp_${paid}:withdrawn`)).toEqual([
      'REVERSAL',
      'DEBIT UNAPPLIED_FUNDS 300',
      'DEBIT REVERSED_PAYMENTS_RECEIVABLE 200',
      'CREDIT PAYMENTS_HOLDING 500',
    ])
    await tell.dispute(paid, `dp_${paid}`, 'reversalWon')
    await tell.dispute(paid, `dp_${paid}`, 'disputeClosed', { outcome: 'WON' })
    expect(await posted(`dispute:dp_${paid}:reinstated`)).toEqual([
      'REVERSAL_WON',
      'DEBIT PAYMENTS_HOLDING 500',
      'CREDIT REVERSED_PAYMENTS_RECEIVABLE 200',
      'CREDIT UNAPPLIED_FUNDS 300',
    ])
    expect(await tell.payment(paid)).toMatchObject({ unapplied_minor: 300n, refunded_minor: 200n, reversed_minor: 0n })
    const told = await ledger.database.owner
      .selectFrom('effect')
      .select('id')
      .where('id', 'like', `%${paid}%`)
      .orderBy('id')
      .execute()
    expect(told.map(({ id }) => id)).toEqual(
      [
        `unapplied.dispute:dp_${paid}:opened`,
        `unapplied.dispute:dp_${paid}:withdrawn`,
        `unapplied.${paid}`,
        `unapplied.refund:re_${paid}:found`,
      ].toSorted(),
    )
  })

  test('go to the matter that has taken the payment on', async () => {
    const paid = await tell.bookUnapplied(500n)
    const { matterId } = await ledger.holding(0n)
    await tell.take(matterId, assigning(paid, 500n))
    const fact = { fact: 'paymentReversed', paymentId: paid, disputeId: `dp_${paid}`, amountMinor: '500' } as const
    expect(await tell.bookUnappliedFact(fact)).toEqual({ outcome: 'hasHome' })
    await tell.dispute(paid, `dp_${paid}`, 'paymentReversed')
    expect(await tell.balanceOf(matterId)).toBe(0n)
  })
})

test('R19: a transfer, and R20: closing below zero', async () => {
  const [giver, receiver] = [await ledger.holding(500n), await ledger.holding(0n)]
  const transferId = randomUUID()
  await tell.take(giver.matterId, transferring(receiver.matterId, 200n, transferId))
  expect(await posted(`transfer:${transferId}`)).toEqual(['TRANSFER', 'DEBIT RETAINER 200', 'CREDIT RETAINER 200'])

  const matter = await ledger.holding(0n)
  const paid = await tell.pay(matter, 500n)
  await tell.take(matter.matterId, invoicing(500n))
  await tell.dispute(paid, `dp_${paid}`, 'paymentReversed')
  await tell.take(matter.matterId, saving({ enabled: false }))
  await tell.take(matter.matterId, { kind: 'closeMatter' })
  expect(await posted(`closing:${matter.matterId}`)).toEqual([
    'CLOSED_BELOW_ZERO',
    'DEBIT REVERSED_PAYMENTS_RECEIVABLE 500',
    'CREDIT RETAINER 500',
  ])
})
