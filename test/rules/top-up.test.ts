import { describe, expect, test } from 'vitest'
import { type Changes, usd } from './changes.ts'
import { enabled, type Story } from './story.ts'

const ASKED = (amount: string) => [`REQUEST ${amount}`, `TOP_UP_COPY ${amount}`]

/** A matter with `balance` and the rules' example of replenishment: minimum 5,000, trigger 3,000. */
function holding(balance: string, changes: Changes = {}): Story {
  const story = enabled()
  if (balance !== '0') story.cheque(balance)
  story.save({ replenishment: true, minimum: '5000', trigger: '3000', ...changes })
  story.mails()
  return story
}

describe('R7: top-up', () => {
  test('the example: minimum 5,000, trigger 3,000, balance 6,000, invoice 3,500: one request for 2,500', () => {
    const story = holding('6000')
    story.invoice('3500')
    expect([story.balance, story.request, story.mails()]).toEqual([
      '2500.00',
      { number: 1, kind: 'TOP_UP', amount: '2500.00', received: '0.00' },
      ASKED('2500.00'),
    ])
    expect(story.reminderDays).toEqual([7, 14, 28])
  })

  test.each([
    ['at the trigger', '3000', ASKED('2000.00')],
    ['a cent above it', '2999.99', []],
    ['a cent below it', '3000.01', ASKED('2000.01')],
  ])('the balance ends %s', (_, invoice, mails) => {
    const story = holding('6000')
    story.invoice(invoice)
    expect(story.mails()).toEqual(mails)
  })

  test('a trigger of 0 fires at an empty retainer, and not a cent earlier', () => {
    const story = holding('600', { minimum: '500', trigger: '0' })
    story.invoice('599.99')
    expect(story.mails()).toEqual([])
    story.invoice('0.01')
    expect(story.mails()).toEqual(ASKED('500.00'))
  })

  test('a trigger equal to the minimum fires only with a shortfall', () => {
    const story = holding('6000', { trigger: '5000' })
    story.invoice('1000')
    expect([story.balance, story.mails()]).toEqual(['5000.00', []])
    story.invoice('0.01')
    expect(story.mails()).toEqual(ASKED('0.01'))
  })

  test('an invoice larger than the balance uses it up and asks for the whole minimum', () => {
    const story = holding('4000')
    story.invoice('9000', 'invoice')
    expect([story.balance, story.openInvoices(), story.mails()]).toEqual([
      '0.00',
      { invoice: '5000.00' },
      ASKED('5000.00'),
    ])
  })

  test('an invoice that finds an empty retainer asks too, though no money left it', () => {
    const story = holding('0')
    story.invoice('100')
    expect([story.balance, story.mails()]).toEqual(['0.00', ASKED('5000.00')])
  })

  test('on MANUAL an invoice that the balance cannot pay in full asks when it is recorded', () => {
    const story = holding('2000', { payNewInvoices: 'MANUAL' })
    story.invoice('2000.01')
    expect([story.balance, story.mails()]).toEqual(['2000.00', ASKED('3000.00')])
  })

  test('on MANUAL an invoice that the balance can pay asks only when a person has paid it', () => {
    const story = holding('2000', { payNewInvoices: 'MANUAL' })
    story.invoice('500', 'invoice')
    expect([story.request, story.mails()]).toEqual([null, []])
    story.apply('invoice')
    expect(story.mails()).toEqual(ASKED('3500.00'))
  })

  test('on MANUAL an invoice above the balance asks nothing while the balance is above the trigger', () => {
    const story = holding('4000', { payNewInvoices: 'MANUAL' })
    story.invoice('9000')
    expect([story.request, story.mails()]).toEqual([null, []])
  })

  test('money on its way counts: above the trigger with it, nothing is asked', () => {
    const story = holding('6000')
    story.debit('600', 'debit')
    story.invoice('3500')
    expect([story.balance, story.request, story.mails()]).toEqual(['2500.00', null, []])
  })

  test('money on its way counts: at the trigger with it, only the rest is asked for', () => {
    const story = holding('6000')
    story.debit('500', 'debit')
    story.invoice('3500')
    expect(story.mails()).toEqual(ASKED('2000.00'))
  })

  test('a debit that fails sets it off, with no request open', () => {
    const story = holding('6000')
    story.debit('1000', 'debit')
    story.invoice('3500')
    story.debitFails('debit')
    expect([story.request?.kind, story.mails()]).toEqual(['TOP_UP', ASKED('2500.00')])
  })

  test('asks for the amount due, which the initial amount may decide', () => {
    const story = enabled({ initial: '8000', replenishment: true, minimum: '5000', trigger: '3000' })
    story.invoice('100')
    expect([story.request?.kind, story.mails()]).toEqual(['INITIAL', ASKED('8000.00')])
  })

  test('an open request follows the money instead of a second one', () => {
    const story = holding('6000')
    story.invoice('3500')
    story.mails()
    story.invoice('500')
    expect([story.request, story.mails()]).toEqual([
      { number: 1, kind: 'TOP_UP', amount: '3000.00', received: '0.00' },
      [],
    ])
    expect(story.codes).toContain('OPEN_REQUEST_FOLLOWS')
  })

  test('is not set off by saving options, a deposit, or taking an application back', () => {
    const story = holding('2000')
    story.save({ minimum: '6000', trigger: '6000' })
    story.cheque('100', 'cheque')
    story.reverse('automatic:invoice', 'invoice', '10')
    expect([story.request, story.due]).toEqual([null, '3890.00'])
    expect(story.mails()).toEqual(['RECEIPT 100.00', 'PAYMENT_RECEIVED 100.00'])
  })

  test('is not set off with replenishment off', () => {
    const story = holding('6000', { replenishment: false })
    story.invoice('6000')
    expect([story.request, story.mails(), story.codes]).toEqual([
      null,
      [],
      ['INVOICE_PAID_AUTOMATICALLY', 'NO_TOP_UP_NOT_REPLENISHING'],
    ])
  })

  test('is not set off while disabled or closing', () => {
    const disabled = holding('6000')
    disabled.save({ enabled: false })
    disabled.invoice('9000')
    const closing = holding('6000')
    closing.close()
    closing.invoice('3500')
    for (const story of [disabled, closing]) expect([story.request, story.mails()]).toEqual([null, []])
  })

  test('asks again, on a new request, after the earlier one was satisfied or withdrawn', () => {
    const story = holding('6000')
    story.invoice('3500')
    story.pays('2500')
    story.invoice('3000')
    expect([story.request?.number, story.balance]).toEqual([2, '2000.00'])
    story.withdraw()
    story.invoice('100')
    expect([story.request?.number, story.request?.amount]).toEqual([3, '3100.00'])
  })

  test('says why it did not ask, with the figures it saw', () => {
    const story = holding('6000')
    story.invoice('1000')
    const [, decision] = story.last.plan.decisions
    expect(decision).toMatchObject({ rule: 'R7', code: 'NO_TOP_UP_ABOVE_TRIGGER' })
    expect(decision?.inputs).toMatchObject({ balanceMinor: `${usd('5000')}`, triggerMinor: `${usd('3000')}` })
  })
})
