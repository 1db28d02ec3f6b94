import { describe, expect, test } from 'vitest'
import { enabled, paidUp } from './story.ts'

describe('R6: the initial amount is locked', () => {
  const edits = { raised: '2000', lowered: '500', emptied: null, zero: '0' }

  test.each(Object.entries(edits))('from the first payment that counts it cannot be %s', (_, initial) => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.pays('0.50')
    expect(story.save({ initial })).toBe('InitialAmountLocked')
  })

  test('the refusal says since when, and by which payment', () => {
    const story = enabled({ initial: '1000' })
    const sinceMs = story.atMs
    story.cheque('100', 'cheque')
    story.waitDays(3)
    story.cheque('100', 'another')
    story.save({ initial: '2000' })
    const refusal = { code: 'InitialAmountLocked', sinceMs, paymentId: 'cheque' }
    expect(story.last.answer).toEqual({ ok: false, refusal })
  })

  test('until then it can be edited, with a request open or not', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    expect(story.save({ initial: '800' })).toBe('ok')
    expect(story.request?.amount).toBe('800.00')
    expect(story.save({ initial: null })).toBe('ok')
    expect(story.save({ initial: '900' })).toBe('ok')
  })

  test('saving the same amount again is no edit, and everything else can be edited', () => {
    const story = paidUp('1000')
    const changes = { replenishment: true, minimum: '500', trigger: '100', payNewInvoices: 'MANUAL' } as const
    expect(story.save({ initial: '1000', ...changes })).toBe('ok')
    expect(story.save({ enabled: false })).toBe('ok')
  })

  test('it is for good: spent, disabled and enabled again, it stays locked', () => {
    const story = paidUp('1000')
    story.invoice('1000')
    story.save({ enabled: false })
    story.save({ enabled: true })
    expect(story.save({ initial: null })).toBe('InitialAmountLocked')
  })

  test('money from before it was set does not lock it', () => {
    const story = enabled()
    story.cheque('700')
    story.debit('100', 'debit')
    story.save({ initial: '1000' })
    expect(story.save({ initial: '2000' })).toBe('ok')
    story.debitSettles('debit')
    expect(story.save({ initial: '3000' })).toBe('InitialAmountLocked')
  })

  test('a payment on a disabled retainer locks it too', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.save({ enabled: false })
    story.pays('100')
    expect(story.save({ enabled: true, initial: '2000' })).toBe('InitialAmountLocked')
  })

  test('a debit on its way locks it; failing with nothing else received unlocks it', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.debit('1000', 'debit')
    expect(story.save({ initial: '2000' })).toBe('InitialAmountLocked')
    story.debitFails('debit')
    expect(story.save({ initial: '2000' })).toBe('ok')
    expect(story.due).toBe('2000.00')
  })

  test('a debit that fails after another payment was received unlocks nothing', () => {
    const story = enabled({ initial: '1000' })
    story.debit('500', 'debit')
    story.cheque('100', 'cheque')
    story.debitFails('debit')
    story.save({ initial: '2000' })
    expect(story.last.answer).toMatchObject({ refusal: { code: 'InitialAmountLocked', paymentId: 'cheque' } })
  })

  test('a debit that settles locks it for good', () => {
    const story = enabled({ initial: '1000' })
    story.debit('500', 'first')
    story.debitSettles('first')
    story.debit('500', 'second')
    story.debitFails('second')
    expect(story.save({ initial: '2000' })).toBe('InitialAmountLocked')
  })

  test('of two debits on their way, only the last to fail unlocks it', () => {
    const story = enabled({ initial: '1000' })
    story.debit('400', 'first')
    story.debit('600', 'second')
    story.debitFails('first')
    story.save({ initial: '2000' })
    expect(story.last.answer).toMatchObject({ refusal: { code: 'InitialAmountLocked', paymentId: 'second' } })
    story.debitFails('second')
    expect(story.save({ initial: '2000' })).toBe('ok')
  })
})
