import { describe, expect, test } from 'vitest'
import { DAY_MS } from './lived-matter.ts'
import { enabled, paidUp, type Story } from './story.ts'

function requested(initial = '1000'): Story {
  const story = enabled({ initial })
  story.createOnline()
  story.mails()
  return story
}

describe('R9: reminders', () => {
  test('re-request the remainder on the firm’s days, without a person', () => {
    const story = requested()
    expect(story.reminderDays).toEqual([7, 14, 28])
    story.waitDays(6)
    expect(story.mails()).toEqual([])
    story.waitDays(1)
    expect(story.mails()).toEqual(['REMINDER 1 1000.00'])
    story.waitDays(21)
    expect(story.mails()).toEqual(['REMINDER 2 1000.00', 'REMINDER 3 1000.00'])
    story.waitDays(365)
    expect(story.mails()).toEqual([])
  })

  test('each asks for the amount due at its moment', () => {
    const story = requested()
    story.waitDays(7)
    expect(story.mails()).toEqual(['REMINDER 1 1000.00'])
    story.pays('900')
    story.mails()
    story.waitDays(7)
    expect(story.mails()).toEqual(['REMINDER 2 100.00'])
  })

  test('count from the last sending', () => {
    const story = requested()
    story.waitDays(10)
    expect(story.reminderDays).toEqual([4, 18])
    story.createOnline()
    expect(story.reminderDays).toEqual([7, 14, 28])
  })

  test('count from the last upward restatement, not from a downward one', () => {
    const story = paidUp('1000', { replenishment: true, minimum: '1500', trigger: '0' })
    story.createOnline()
    story.waitDays(2)
    story.save({ minimum: '1400' })
    expect(story.reminderDays).toEqual([5, 12, 26])
    story.save({ minimum: '1450' })
    expect(story.reminderDays).toEqual([7, 14, 28])
  })

  test('a part payment does not start them anew', () => {
    const story = requested()
    story.waitDays(2)
    story.pays('900')
    expect(story.reminderDays).toEqual([5, 12, 26])
  })

  test('one that finds nothing live is skipped, not postponed', () => {
    const story = requested()
    story.debit('1000', 'debit')
    story.waitDays(7)
    expect([story.mails(), story.codes]).toEqual([[], ['REMINDER_SKIPPED']])
    expect(story.reminderDays).toEqual([7, 21])
    story.debitSettles('debit')
    expect(story.reminderDays).toEqual([])
  })

  test('a debit that fails makes the amount due rise, so they count from then', () => {
    const story = requested()
    story.debit('1000', 'debit')
    story.waitDays(7)
    story.debitFails('debit')
    expect(story.reminderDays).toEqual([7, 14, 28])
  })

  test('end with the request: satisfied or withdrawn', () => {
    const satisfied = requested()
    satisfied.pays('1000')
    const withdrawn = requested()
    withdrawn.withdraw()
    for (const story of [satisfied, withdrawn]) {
      story.mails()
      story.waitDays(60)
      expect(story.mails()).toEqual([])
    }
  })

  test('one that was cancelled while its timer fired sends nothing', () => {
    const story = requested()
    const [first] = story.state.reminders
    story.withdraw()
    story.atMs += 7 * DAY_MS
    story.take({ kind: 'reminderDue', nth: 1, dueAtMs: first?.atMs ?? 0 })
    expect([story.mails(), story.codes]).toEqual([[], ['REMINDER_NO_LONGER_PLANNED']])
  })

  test('one that was counted afresh while its timer fired is not sent early', () => {
    const story = requested()
    const [first] = story.state.reminders
    story.waitDays(6)
    story.createOnline()
    story.mails()
    story.atMs += DAY_MS
    story.take({ kind: 'reminderDue', nth: 1, dueAtMs: first?.atMs ?? 0 })
    expect([story.mails(), story.reminderDays]).toEqual([[], [6, 13, 27]])
  })

  test('the same one twice sends once', () => {
    const story = requested()
    const [first] = story.state.reminders
    story.waitDays(7)
    story.take({ kind: 'reminderDue', nth: 1, dueAtMs: first?.atMs ?? 0 })
    expect(story.mails()).toEqual(['REMINDER 1 1000.00'])
  })

  test('of a top-up go on while replenishment is on', () => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
    story.invoice('10')
    story.mails()
    story.waitDays(14)
    expect(story.mails()).toEqual(['REMINDER 1 500.00', 'REMINDER 2 500.00'])
  })

  test('a sent reminder is explained with the amount due', () => {
    const story = requested()
    story.waitDays(7)
    expect(story.last.plan.decisions).toMatchObject([
      { rule: 'R9', code: 'REMINDER_SENT', inputs: { nth: 1, requestNumber: 1, dueMinor: '100000' } },
    ])
  })
})
