import { describe, expect, test } from 'vitest'
import { enabled, paidUp, type Story } from './story.ts'

/** A top-up request of 500 on an empty retainer, mailed. */
function topUpRequested(): Story {
  const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
  story.createOnline()
  story.mails()
  return story
}

describe('R10: withdrawing', () => {
  test('a frozen request: frozen becomes 0, its link says that nothing is due', () => {
    const story = topUpRequested()
    story.off()
    expect(story.withdraw()).toBe('ok')
    expect([story.due, story.request, story.history]).toEqual(['0.00', null, ['WITHDRAWN 0.00']])
    expect(story.openPayment()).toBe('RequestNotOpen')
    expect(story.createOnline()).toBe('NothingDue')
  })

  test('expires the payment session that is still open', () => {
    const story = topUpRequested()
    story.off()
    story.openPayment(null, 'attempt')
    story.sessionOpens('attempt')
    story.withdraw()
    expect(story.expiring).toEqual(['session-attempt'])
    expect(story.attempts.get('attempt')?.status).toBe('SUPERSEDED')
  })

  test('expires a session that was being made meanwhile as soon as it is known', () => {
    const story = topUpRequested()
    story.openPayment(null, 'attempt')
    story.withdraw()
    expect(story.expiring).toEqual([])
    story.sessionOpens('attempt')
    expect(story.expiring).toEqual(['session-attempt'])
    expect(story.codes).toEqual(['SESSION_OPENED_TOO_LATE'])
  })

  test('with nothing open is refused by name', () => {
    expect(enabled({ initial: '1000' }).withdraw()).toBe('NoOpenRequest')
  })

  test('a live request leaves the amount due, to be asked for when a person wants', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.withdraw()
    expect([story.due, story.canCreateOnline, story.request]).toEqual(['1000.00', true, null])
  })
})

describe('R10: on again', () => {
  test('ends frozen and restates the request; cancelled reminders stay cancelled', () => {
    const story = topUpRequested()
    story.off()
    story.save({ replenishment: true, minimum: '900' })
    expect([story.due, story.live, story.request?.amount]).toEqual(['900.00', '900.00', '900.00'])
    expect([story.reminderDays, story.mails()]).toEqual([[], []])
    story.waitDays(365)
    expect(story.mails()).toEqual([])
  })

  test('with less to ask for than was frozen, the request is restated to less, or withdrawn', () => {
    const story = topUpRequested()
    story.off()
    story.save({ replenishment: true, minimum: '300' })
    expect(story.request?.amount).toBe('300.00')
    story.off()
    story.cheque('100')
    story.save({ replenishment: true, minimum: '100' })
    expect([story.request, story.history]).toEqual([null, ['SATISFIED 100.00']])
  })

  test('Create online asks again and reminders begin again', () => {
    const story = topUpRequested()
    story.off()
    story.save({ replenishment: true })
    story.createOnline()
    story.waitDays(7)
    expect(story.mails()).toEqual(['REQUEST 500.00', 'REMINDER 1 500.00'])
  })

  test('leaves the running reminders of an initial amount running', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '400', trigger: '0' })
    story.createOnline()
    story.off()
    story.waitDays(2)
    story.save({ replenishment: true })
    expect(story.reminderDays).toEqual([5, 12, 26])
  })

  test('top-ups set in again', () => {
    const story = paidUp('1000', { replenishment: true, minimum: '500', trigger: '500' })
    story.off()
    story.save({ replenishment: true })
    story.invoice('700')
    expect(story.mails()).toEqual(['REQUEST 200.00', 'TOP_UP_COPY 200.00'])
  })
})

describe('R11: the FAQ works literally', () => {
  test('initial received and used up; 500 more is asked for once, paid after off, and nothing is ever asked again', () => {
    const story = paidUp('1000')
    story.invoice('1000')
    story.save({ replenishment: true, minimum: '500', trigger: '0' })
    story.createOnline()
    expect(story.mails()).toEqual(['REQUEST 500.00'])
    story.off()
    expect(story.openPayment(null, 'attempt')).toBe('ok')
    story.sessionOpens('attempt')
    story.pays('500')
    expect([story.balance, story.request]).toEqual(['500.00', null])
    expect(story.mails()).toEqual(['RECEIPT 500.00', 'PAYMENT_RECEIVED 500.00'])
    story.invoice('500')
    story.waitDays(365)
    expect([story.due, story.balance, story.mails()]).toEqual(['0.00', '0.00', []])
    expect(story.createOnline()).toBe('NothingDue')
  })
})
