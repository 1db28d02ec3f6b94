import { describe, expect, test } from 'vitest'
import { enabled, paidUp } from './story.ts'

describe('R4: the amount due', () => {
  test('is the larger of what remains of the initial amount and what the balance is short of the minimum', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '600', trigger: '0' })
    expect(story.due).toBe('1000.00')
    story.cheque('700')
    expect(story.due).toBe('300.00')
    story.save({ minimum: '1500' })
    expect(story.due).toBe('800.00')
  })

  test('counts client money toward the initial amount whatever request it came through, or none', () => {
    const story = enabled({ initial: '1000' })
    story.cheque('100')
    story.createOnline()
    story.pays('200')
    story.withdraw()
    story.pays('300')
    expect([story.received, story.due]).toEqual(['600.00', '400.00'])
  })

  test('leaves out money from before the initial amount was set', () => {
    const story = enabled()
    story.cheque('700')
    story.save({ initial: '1000' })
    expect([story.balance, story.received, story.due]).toEqual(['700.00', '0.00', '1000.00'])
  })

  test('leaves out a debit from before the initial amount was set, until it settles', () => {
    const story = enabled()
    story.debit('700', 'debit')
    story.save({ initial: '1000' })
    expect([story.received, story.due]).toEqual(['0.00', '1000.00'])
    story.debitSettles('debit')
    expect([story.received, story.due]).toEqual(['700.00', '300.00'])
  })

  test('counts anew each time the initial amount is set from empty', () => {
    const story = enabled({ initial: '1000' })
    story.debit('400', 'first')
    story.debitFails('first')
    story.save({ initial: null })
    story.cheque('250')
    story.debit('50', 'second')
    expect([story.due, story.received]).toEqual(['0.00', '0.00'])
    story.save({ initial: '600' })
    expect([story.due, story.received, story.balance]).toEqual(['600.00', '0.00', '250.00'])
    story.cheque('100')
    expect([story.due, story.received]).toEqual(['500.00', '100.00'])
  })

  test('changing the initial amount without emptying it counts on', () => {
    const story = enabled({ initial: '1000' })
    story.save({ initial: '2000' })
    story.cheque('500')
    expect([story.received, story.due]).toEqual(['500.00', '1500.00'])
  })

  test('never counts more than the initial amount, and the rest still fills the minimum', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '1200', trigger: '0' })
    story.cheque('1100')
    expect([story.received, story.due]).toEqual(['1000.00', '100.00'])
  })

  test('spending the retainer does not make the initial amount due again', () => {
    const story = paidUp('1000')
    story.invoice('1000')
    expect([story.balance, story.received, story.due]).toEqual(['0.00', '1000.00', '0.00'])
  })

  test('leaves out money on its way, of the initial amount and of the minimum alike', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '1500', trigger: '0' })
    story.debit('300', 'debit')
    expect([story.due, story.live, story.pending]).toEqual(['1200.00', '1200.00', '300.00'])
    story.save({ replenishment: false })
    expect(story.due).toBe('700.00')
  })

  test('more on its way than is due leaves nothing due', () => {
    const story = enabled({ initial: '1000', replenishment: true, minimum: '500', trigger: '0' })
    story.debit('1500', 'debit')
    expect(story.due).toBe('0.00')
  })

  test('is zero without replenishment, however low the balance', () => {
    expect(enabled({ minimum: '500', trigger: '500' }).due).toBe('0.00')
  })
})

describe('R5: one open request', () => {
  test('Create online opens it for the amount due and mails the client', () => {
    const story = enabled({ initial: '1000' })
    expect(story.createOnline()).toBe('ok')
    expect(story.request).toEqual({ number: 1, kind: 'INITIAL', amount: '1000.00', received: '0.00' })
    expect(story.mails()).toEqual(['REQUEST 1000.00'])
    expect(story.last.answer).toEqual({ ok: true, id: 'matter-r1' })
  })

  test('after 900 of 1,000, pressed again, it asks for the 100 that remain, on the same request', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.pays('900')
    story.mails()
    story.createOnline()
    expect(story.request).toEqual({ number: 1, kind: 'INITIAL', amount: '1000.00', received: '900.00' })
    expect(story.mails()).toEqual(['REQUEST 100.00'])
    expect(story.last.answer).toEqual({ ok: true, id: 'matter-r1' })
  })

  test('pressed twice before the courier came by, it mails the client once', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.createOnline()
    expect(story.mails()).toEqual(['REQUEST 1000.00'])
  })

  test('with nothing live it is refused by name', () => {
    expect(enabled().createOnline()).toBe('NothingDue')
    expect(paidUp('1000').createOnline()).toBe('NothingDue')
  })

  test('with all of it on its way it is refused, and says how much is coming', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.debit('1000', 'debit')
    story.createOnline()
    expect(story.last.answer).toEqual({ ok: false, refusal: { code: 'NothingDue', onItsWayMinor: 100_000n } })
  })

  test('while disabled it is refused by name', () => {
    const story = enabled({ initial: '1000' })
    story.save({ enabled: false })
    expect(story.createOnline()).toBe('RetainerNotEnabled')
  })

  test('is a person’s act and ignores the trigger', () => {
    const story = paidUp('1000', { replenishment: true, minimum: '1500', trigger: '0' })
    story.createOnline()
    expect([story.request?.kind, story.mails()]).toEqual(['TOP_UP', ['REQUEST 500.00']])
  })

  test('a withdrawn request is followed by one of a new number', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.withdraw()
    story.createOnline()
    expect([story.request?.number, story.last.answer]).toEqual([2, { ok: true, id: 'matter-r2' }])
  })
})
