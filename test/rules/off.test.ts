import { describe, expect, test } from 'vitest'
import { type Changes } from './changes.ts'
import { enabled, paidUp, type Story } from './story.ts'

/** A top-up request of 500 on an empty retainer, mailed. */
function topUpRequested(): Story {
  const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
  story.createOnline()
  story.mails()
  return story
}

const ways: [string, (story: Story, changes?: Changes) => void][] = [
  ['by mutation', (story) => expect(story.off()).toBe('ok')],
  ['by saved options', (story) => expect(story.save({ replenishment: false })).toBe('ok')],
]

describe.each(ways)('R10: off is off, %s', (_, turnOff) => {
  test('however many reminders were scheduled, none is sent', () => {
    const story = topUpRequested()
    turnOff(story)
    story.waitDays(365)
    expect(story.mails()).toEqual([])
  })

  test('a mail that is still queued is overtaken', () => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
    story.createOnline()
    turnOff(story)
    expect(story.mails()).toEqual([])
  })

  test('a queued reminder is overtaken too', () => {
    const story = topUpRequested()
    story.waitDays(7)
    turnOff(story)
    expect(story.mails()).toEqual([])
  })

  test('the open request is frozen: payable by its link, never sent again', () => {
    const story = topUpRequested()
    turnOff(story)
    expect([story.due, story.live]).toEqual(['500.00', '0.00'])
    expect(story.request).toEqual({ number: 1, kind: 'TOP_UP', amount: '500.00', received: '0.00' })
    expect(story.createOnline()).toBe('ReplenishmentOff')
    expect(story.openPayment()).toBe('ok')
    story.pays('500')
    expect([story.due, story.request, story.history]).toEqual(['0.00', null, ['SATISFIED 500.00']])
  })

  test('while the initial amount remains the request lives on, restated to it, with its reminders', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '5000', trigger: '0' })
    story.createOnline()
    story.mails()
    turnOff(story)
    expect(story.request).toEqual({ number: 1, kind: 'INITIAL', amount: '1000.00', received: '0.00' })
    story.waitDays(7)
    expect(story.mails()).toEqual(['REMINDER 1 1000.00'])
    expect(story.createOnline()).toBe('ok')
    expect(story.mails()).toEqual(['REQUEST 1000.00'])
    story.pays('1000')
    expect([story.request, story.history]).toEqual([null, ['SATISFIED 1000.00']])
  })

  test('with nothing open, nothing stays payable', () => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
    turnOff(story)
    expect([story.due, story.request]).toEqual(['0.00', null])
    expect(story.createOnline()).toBe('NothingDue')
  })

  test('invoices no longer ask for anything', () => {
    const story = paidUp('1000', { replenishment: true, minimum: '500', trigger: '500' })
    turnOff(story)
    story.invoice('1000')
    expect([story.due, story.request, story.mails()]).toEqual(['0.00', null, []])
  })
})

describe('R10: what is frozen', () => {
  test('is what was due, less what settled since', () => {
    const story = topUpRequested()
    story.off()
    story.cheque('200')
    expect([story.due, story.request?.amount]).toEqual(['300.00', '500.00'])
    story.pays('300')
    expect(story.request).toBeNull()
  })

  test('is what was due not counting pending, less what is pending now', () => {
    const story = topUpRequested()
    story.debit('200', 'debit')
    story.off()
    expect(story.due).toBe('300.00')
    story.debit('300', 'other')
    expect([story.due, story.request?.amount]).toEqual(['0.00', '0.00'])
    story.debitFails('other')
    expect(story.due).toBe('300.00')
    story.debitSettles('debit')
    expect([story.due, story.request?.amount]).toEqual(['300.00', '500.00'])
  })

  test('a debit that fails makes it payable again, and still nothing is sent', () => {
    const story = topUpRequested()
    story.debit('500', 'debit')
    story.off()
    expect([story.due, story.request !== null]).toEqual(['0.00', true])
    story.debitFails('debit')
    story.waitDays(60)
    expect([story.due, story.mails()]).toEqual(['500.00', []])
  })

  test('stands while the balance moves and other options are saved', () => {
    const story = topUpRequested()
    story.off()
    story.save({ minimum: '9000', trigger: '10', payNewInvoices: 'MANUAL' })
    story.invoice('100')
    expect([story.due, story.request?.amount, story.mails()]).toEqual(['500.00', '500.00', []])
  })

  test('an initial amount set meanwhile is live beside it: the larger is due, and Create online asks again', () => {
    const story = topUpRequested()
    story.off()
    story.save({ initial: '800' })
    expect([story.due, story.live, story.request?.kind]).toEqual(['800.00', '800.00', 'INITIAL'])
    expect(story.createOnline()).toBe('ok')
    expect([story.request?.number, story.mails()]).toEqual([1, ['REQUEST 800.00']])
    story.pays('800')
    expect([story.due, story.request]).toEqual(['0.00', null])
  })

  test('a debit covers the initial amount when off comes; it fails, and the initial amount is live again', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '500', trigger: '0' })
    story.createOnline()
    story.debit('1000', 'debit')
    story.off()
    story.mails()
    expect([story.due, story.live]).toEqual(['0.00', '0.00'])
    story.debitFails('debit')
    expect([story.due, story.live, story.request?.kind]).toEqual(['1000.00', '1000.00', 'INITIAL'])
    story.waitDays(7)
    expect(story.mails()).toEqual(['REMINDER 1 1000.00'])
  })

  test('a reminder of the initial amount that finds only the frozen rest is skipped', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '5000', trigger: '0' })
    story.createOnline()
    story.debit('1000', 'first')
    story.off()
    story.debitFails('first')
    expect(story.reminderDays).toEqual([7, 14, 28])
    story.mails()
    story.debit('1000', 'second')
    expect([story.live, story.due]).toEqual(['0.00', '4000.00'])
    story.waitDays(60)
    expect(story.mails()).toEqual([])
  })

  test('off again changes nothing', () => {
    const story = topUpRequested()
    story.off()
    story.cheque('200')
    expect(story.off()).toBe('ok')
    expect([story.due, story.codes]).toEqual(['300.00', ['ALREADY_OFF']])
  })

  test('off of a matter that is not enabled is refused by name', () => {
    const story = topUpRequested()
    story.save({ enabled: false })
    expect(story.off()).toBe('RetainerNotEnabled')
  })
})
