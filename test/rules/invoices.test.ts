import { describe, expect, test } from 'vitest'
import { usd } from './changes.ts'
import { enabled, paidUp } from './story.ts'

describe('R16: AUTOMATIC', () => {
  test('pays a new invoice when it is recorded', () => {
    const story = paidUp('1000')
    story.invoice('400', 'invoice')
    expect([story.balance, story.openInvoices()]).toEqual(['600.00', {}])
    expect(story.postings.slice(-2)).toEqual([
      {
        key: 'invoice:invoice',
        kind: 'INVOICE_RECORDED',
        entries: [
          { account: 'ACCOUNTS_RECEIVABLE', side: 'DEBIT', invoiceId: 'invoice', amountMinor: usd('400') },
          { account: 'BILLINGS_CONTROL', side: 'CREDIT', amountMinor: usd('400') },
        ],
      },
      {
        key: 'application:automatic:invoice',
        kind: 'INVOICE_PAID',
        entries: [
          { account: 'RETAINER', side: 'DEBIT', amountMinor: usd('400') },
          { account: 'ACCOUNTS_RECEIVABLE', side: 'CREDIT', invoiceId: 'invoice', amountMinor: usd('400') },
        ],
      },
    ])
  })

  test('pays what is available of a larger invoice', () => {
    const story = paidUp('1000')
    story.invoice('1500', 'invoice')
    expect([story.balance, story.openInvoices()]).toEqual(['0.00', { invoice: '500.00' }])
  })

  test('pays nothing from an empty retainer', () => {
    const story = enabled()
    story.invoice('1500', 'invoice')
    expect([story.balance, story.openInvoices(), story.postings.length]).toEqual(['0.00', { invoice: '1500.00' }, 1])
  })

  test('later deposits pay no older invoice by themselves', () => {
    const story = paidUp('1000')
    story.invoice('1500', 'invoice')
    story.cheque('5000')
    expect([story.balance, story.openInvoices()]).toEqual(['5000.00', { invoice: '500.00' }])
  })

  test('an invoice of nothing is refused by name', () => {
    expect(enabled().invoice('0')).toBe('AmountNotAcceptable')
  })
})

describe('R16: a person pays an invoice', () => {
  const waiting = () => {
    const story = paidUp('1000', { payNewInvoices: 'MANUAL' })
    story.invoice('400', 'invoice')
    return story
  }

  test('MANUAL waits for it', () => {
    expect([waiting().balance, waiting().openInvoices()]).toEqual(['1000.00', { invoice: '400.00' }])
  })

  test('in full, in parts, and never more than its rest', () => {
    const story = waiting()
    expect(story.apply('invoice', '150')).toBe('ok')
    expect([story.balance, story.openInvoices()]).toEqual(['850.00', { invoice: '250.00' }])
    story.apply('invoice', '250.01')
    expect(story.last.answer).toEqual({
      ok: false,
      refusal: { code: 'AmountAboveInvoiceRest', restMinor: usd('250') },
    })
    expect(story.apply('invoice')).toBe('ok')
    expect([story.balance, story.openInvoices()]).toEqual(['600.00', {}])
    expect(story.apply('invoice')).toBe('InvoiceNotOpen')
  })

  test('without an amount, as much as the retainer can', () => {
    const story = paidUp('1000', { payNewInvoices: 'MANUAL' })
    story.invoice('1500', 'invoice')
    story.apply('invoice')
    expect([story.balance, story.openInvoices()]).toEqual(['0.00', { invoice: '500.00' }])
  })

  test('never more than is available: the refusal says what is missing', () => {
    const story = paidUp('1000', { payNewInvoices: 'MANUAL' })
    story.invoice('1500', 'invoice')
    story.apply('invoice', '1200')
    const refusal = { code: 'InsufficientBalance', availableMinor: usd('1000'), missingMinor: usd('200') }
    expect(story.last.answer).toEqual({ ok: false, refusal })
  })

  test('an empty retainer pays nothing, and says what is missing', () => {
    const story = enabled()
    story.invoice('400', 'invoice')
    story.apply('invoice')
    const refusal = { code: 'InsufficientBalance', availableMinor: 0n, missingMinor: usd('400') }
    expect(story.last.answer).toEqual({ ok: false, refusal })
  })

  test('an amount of nothing, or of an unknown invoice, is refused by name', () => {
    expect(waiting().apply('invoice', '0')).toBe('AmountNotAcceptable')
    expect(waiting().apply('invoice', '-5')).toBe('AmountNotAcceptable')
    expect(waiting().apply('unknown', '5')).toBe('InvoiceNotOpen')
  })

  test('an application can be reversed: the money is back, the invoice is owed again', () => {
    const story = waiting()
    story.apply('invoice', '400', 'application')
    expect(story.reverse('application', 'invoice', '400')).toBe('ok')
    expect([story.balance, story.openInvoices()]).toEqual(['1000.00', { invoice: '400.00' }])
    expect(story.postings.at(-1)?.key).toBe('application-reversal:application')
    expect(story.apply('invoice')).toBe('ok')
  })

  test('reversing one of two applications owes only that part again, and AUTOMATIC does not pay it again', () => {
    const story = paidUp('1000')
    story.invoice('1500', 'invoice')
    story.cheque('200')
    story.apply('invoice', '200', 'application')
    story.reverse('application', 'invoice', '200')
    expect([story.balance, story.openInvoices()]).toEqual(['200.00', { invoice: '500.00' }])
  })
})
