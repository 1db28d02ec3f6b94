import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectBooksBalance } from '../support/books.ts'
import { invoicing, type Ledger, openLedger } from './ledger.ts'
import { assigning, refunding, teller } from './teller.ts'

/** Every row of the books table of the rules: what is debited and credited. Each test reads only its own postings, by key. */

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

const posted = (key: string) => tell.posted(key)

async function closedMatter(): Promise<string> {
  const { matterId } = await ledger.holding(0n)
  await tell.take(matterId, { kind: 'closeMatter' })
  return matterId
}

describe('payments', () => {
  test('a settled payment and its row; one recorded by a person', async () => {
    const matter = await ledger.holding(0n)
    const paid = await tell.pay(matter, 500n)
    expect(await posted(`payment:${paid}`)).toEqual([
      'PAYMENT_SETTLED',
      'DEBIT PAYMENTS_HOLDING 500',
      'CREDIT RETAINER 500',
    ])
    const { matterId } = matter
    expect(await tell.payment(paid)).toMatchObject({
      matter_id: matterId,
      version: 2n,
      method: 'CARD',
      unapplied_minor: 0n,
    })
    const paymentId = randomUUID()
    await tell.take(matterId, { kind: 'recordOfflinePayment', paymentId, currency: 'USD', amountMinor: 70n })
    expect(await posted(`payment:${paymentId}`)).toEqual([
      'OFFLINE_PAYMENT',
      'DEBIT OPERATING 70',
      'CREDIT RETAINER 70',
    ])
    expect(await tell.payment(paymentId)).toMatchObject({ method: 'OFFLINE', provider_account: null })
  })

  test('R15: unapplied funds, and their assignment, which makes the matter the payment’s home', async () => {
    const paid = await tell.bookUnapplied(800n)
    expect(await posted(`payment:${paid}`)).toEqual([
      'UNAPPLIED_PAYMENT',
      'DEBIT PAYMENTS_HOLDING 800',
      'CREDIT UNAPPLIED_FUNDS 800',
    ])
    const { matterId } = await ledger.holding(0n)
    const { version } = await tell.take(matterId, assigning(paid, 800n))
    expect(await posted(`assignment:${paid}:${matterId}.${version}`)).toEqual([
      'UNAPPLIED_ASSIGNED',
      'DEBIT UNAPPLIED_FUNDS 800',
      'CREDIT RETAINER 800',
    ])
    expect(await tell.payment(paid)).toMatchObject({
      matter_id: matterId,
      version: BigInt(version),
      unapplied_minor: 0n,
    })
    const open = ledger.database.owner.selectFrom('firm_attention').select('code').where('subject_id', '=', paid)
    expect(await open.where('cleared_at', 'is', null).execute(), 'nobody has to assign it any more').toEqual([])
  })

  test('R20: money in after closing pays what is owed first, and the rest is unapplied funds', async () => {
    const matter = await ledger.holding(0n)
    const first = await tell.pay(matter, 500n)
    await tell.take(matter.matterId, invoicing(500n))
    await tell.take(matter.matterId, { kind: 'closeMatter' })
    await tell.dispute(first, `dp_${first}`, 'paymentReversed', { amountMinor: 300n })
    expect(await posted(`dispute:dp_${first}:withdrawn`)).toEqual([
      'REVERSAL',
      'DEBIT REVERSED_PAYMENTS_RECEIVABLE 300',
      'CREDIT PAYMENTS_HOLDING 300',
    ])
    const late = await tell.pay(matter, 450n)
    expect(await posted(`payment:${late}`)).toEqual([
      'UNAPPLIED_PAYMENT',
      'DEBIT PAYMENTS_HOLDING 450',
      'CREDIT REVERSED_PAYMENTS_RECEIVABLE 300',
      'CREDIT UNAPPLIED_FUNDS 150',
    ])
    expect((await tell.payment(late)).unapplied_minor).toBe(150n)

    // A part of it has paid what was owed here: only the rest moves, and can be refunded from where it is now.
    const other = await ledger.holding(0n)
    await tell.take(other.matterId, assigning(late, 150n))
    expect(await tell.payment(late)).toMatchObject({ matter_id: matter.matterId, unapplied_minor: 0n })
    const refundId = randomUUID()
    await tell.take(other.matterId, refunding(150n, refundId))
    expect((await tell.partsOf(refundId)).rows).toMatchObject([
      { payment_id: late, amount_minor: 150n, means: 'ONLINE' },
    ])
  })
})

describe('R17: refunds', () => {
  test('commanded, taken, and failed before or after that', async () => {
    const matter = await ledger.holding(0n)
    await tell.pay(matter, 500n)
    for (const wasTaken of [false, true]) {
      const refundId = randomUUID()
      await tell.take(matter.matterId, refunding(200n, refundId))
      expect(await posted(`refund:${refundId}`)).toEqual([
        'REFUND_COMMANDED',
        'DEBIT RETAINER 200',
        'CREDIT REFUNDS_IN_FLIGHT 200',
      ])
      await tell.sent(refundId)
      if (wasTaken) await tell.outcome(refundId, 0, 'refundTaken')
      await tell.outcome(refundId, 0, 'refundFailed', wasTaken)
      const taken = ['REFUND_TAKEN', 'DEBIT REFUNDS_IN_FLIGHT 200', 'CREDIT PAYMENTS_HOLDING 200']
      expect(await posted(`refund:${refundId}.1:taken`)).toEqual(wasTaken ? taken : [])
      expect(await posted(`refund:${refundId}.1:failed`)).toEqual([
        'REFUND_FAILED',
        `DEBIT ${wasTaken ? 'PAYMENTS_HOLDING' : 'REFUNDS_IN_FLIGHT'} 200`,
        'CREDIT RETAINER 200',
      ])
    }
  })

  test('by other means, out of unapplied funds, and at the provider', async () => {
    const matter = await ledger.holding(300n)
    const byCheque = randomUUID()
    await tell.take(matter.matterId, refunding(300n, byCheque))
    expect(await posted(`refund:${byCheque}:other-means`)).toEqual([
      'REFUND_BY_OTHER_MEANS',
      'DEBIT RETAINER 300',
      'CREDIT OPERATING 300',
    ])

    const matterId = await closedMatter()
    const late = await tell.pay({ matterId }, 400n)
    const refundId = randomUUID()
    const command = { kind: 'refundUnappliedFunds', refundId, paymentId: late, amountMinor: 150n } as const
    await tell.take(matterId, command)
    expect(await posted(`refund:${refundId}`)).toEqual([
      'REFUND_COMMANDED',
      'DEBIT UNAPPLIED_FUNDS 150',
      'CREDIT REFUNDS_IN_FLIGHT 150',
    ])
    expect(await tell.payment(late)).toMatchObject({ unapplied_minor: 250n, refunded_minor: 150n })
    const tooMuch = { ...command, refundId: randomUUID(), amountMinor: 251n }
    expect(await tell.refusalOf(matterId, tooMuch)).toBe('NotInUnappliedFunds')
    await tell.sent(refundId)
    await tell.outcome(refundId, 0, 'refundFailed')
    expect(await tell.payment(late)).toMatchObject({ unapplied_minor: 400n, refunded_minor: 0n })

    await tell.found(late, `re_${late}`, 400n)
    expect(await posted(`refund:re_${late}:found`)).toEqual([
      'REFUNDED_AT_PROVIDER',
      'DEBIT UNAPPLIED_FUNDS 400',
      'CREDIT PAYMENTS_HOLDING 400',
    ])
    expect(await tell.payment(late)).toMatchObject({ unapplied_minor: 0n, refunded_minor: 400n })
  })
})
