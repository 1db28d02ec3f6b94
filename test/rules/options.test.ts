import { describe, expect, test } from 'vitest'
import { usd } from './changes.ts'
import { enabled, paidUp, Story } from './story.ts'

const LARGEST = '999999.99'

describe('R1: two switches', () => {
  test('enabling a matter makes the commit ask whether the firm has the general retainer on', () => {
    const story = new Story()
    story.save({ enabled: true, initial: '1000' })
    expect(story.last.plan.requiresPracticeRetainer).toBe(true)
    story.save({ enabled: false })
    expect(story.last.plan.requiresPracticeRetainer).toBe(false)
  })

  test('a matter never enabled takes the currency its firm has', () => {
    const story = new Story('USD')
    expect(story.save({ enabled: true, initial: '1000' }, 'GBP')).toBe('ok')
    expect(story.state.currency).toBe('GBP')
  })

  test('an enabled matter keeps its currency, and says which it expected', () => {
    const story = enabled()
    expect(story.save({ initial: '1000' }, 'GBP')).toBe('CurrencyMismatch')
    expect(story.last.answer).toEqual({ ok: false, refusal: { code: 'CurrencyMismatch', expected: 'USD' } })
  })

  test('a disabled matter with money, or with money on its way, keeps its currency', () => {
    const holding = enabled()
    holding.cheque('10')
    holding.save({ enabled: false })
    expect(holding.save({ enabled: true }, 'GBP')).toBe('CurrencyMismatch')

    const expecting = enabled()
    expecting.debit('10', 'debit')
    expecting.save({ enabled: false })
    expect(expecting.save({ enabled: true }, 'GBP')).toBe('CurrencyMismatch')
  })

  test('a matter that takes on a currency has the commit hold it to its firm’s', () => {
    const story = new Story()
    story.save({ enabled: false }, 'GBP')
    expect([story.state.currency, story.last.plan.takesCurrency]).toEqual(['GBP', true])
    story.save({ enabled: false }, 'GBP')
    expect(story.last.plan.takesCurrency).toBe(false)
  })

  test('money and invoices in another currency are refused by name', () => {
    const story = enabled()
    expect(story.cheque('10', 'cheque', 'EUR')).toBe('CurrencyMismatch')
    expect(story.invoice('10', 'invoice', 'EUR')).toBe('CurrencyMismatch')
  })

  test('a matter keeps the currency of its first invoice, though nothing else has happened', () => {
    const story = new Story()
    expect([story.invoice('10', 'invoice', 'GBP'), story.save({ enabled: false }, 'USD')]).toEqual([
      'ok',
      'CurrencyMismatch',
    ])
  })
})

describe('R2: options', () => {
  test('the minimum is above zero when replenishment is on', () => {
    const story = enabled()
    expect(story.save({ replenishment: true, minimum: '0', trigger: '0' })).toBe('MinimumBalanceRequired')
    expect(story.save({ replenishment: true, minimum: '0.01', trigger: '0' })).toBe('ok')
    expect(story.save({ replenishment: false, minimum: '0' })).toBe('ok')
  })

  test.each([true, false])('the trigger is at most the minimum, with replenishment on or off (%s)', (replenishment) => {
    const story = enabled()
    expect(story.save({ replenishment, minimum: '500', trigger: '500.01' })).toBe('TriggerAboveMinimum')
    expect(story.save({ replenishment, minimum: '500', trigger: '500' })).toBe('ok')
  })

  test.each([
    ['initialAmount', { initial: '-0.01' }, 'NEGATIVE'],
    ['minimumBalance', { minimum: '-0.01' }, 'NEGATIVE'],
    ['topUpTriggerAmount', { trigger: '-0.01' }, 'NEGATIVE'],
    ['initialAmount', { initial: '1000000.00' }, 'TOO_LARGE'],
    ['minimumBalance', { minimum: '1000000.00' }, 'TOO_LARGE'],
    ['topUpTriggerAmount', { minimum: LARGEST, trigger: '1000000.00' }, 'TOO_LARGE'],
  ])('%s of %j is refused: %s', (field, changes, reason) => {
    const story = enabled()
    story.save(changes)
    expect(story.last.answer).toEqual({ ok: false, refusal: { code: 'AmountNotAcceptable', field, reason } })
  })

  test('the largest charge of the provider is accepted everywhere', () => {
    expect(enabled().save({ initial: LARGEST, replenishment: true, minimum: LARGEST, trigger: LARGEST })).toBe('ok')
  })

  test('an initial amount of zero is the same as an empty one', () => {
    const story = enabled({ initial: '0' })
    expect(story.state.options.initialAmountMinor).toBeNull()
    expect(story.due).toBe('0.00')
  })

  test('what is refused leaves the options as they were', () => {
    const story = enabled({ initial: '1000' })
    story.save({ initial: '2000', minimum: '1', trigger: '2' })
    expect(story.state.options.initialAmountMinor).toBe(usd('1000'))
  })

  test('saving sends nothing to anyone, even when the balance falls below the new trigger', () => {
    const story = paidUp('1000')
    expect(story.save({ replenishment: true, minimum: '5000', trigger: '3000' })).toBe('ok')
    expect([story.due, story.request, story.mails()]).toEqual(['4000.00', null, []])
  })
})

describe('R2: disabling', () => {
  test('withdraws the open request and stops its reminders', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.mails()
    story.save({ enabled: false })
    expect([story.due, story.request, story.history]).toEqual(['0.00', null, ['WITHDRAWN 0.00']])
    story.waitDays(60)
    expect(story.mails()).toEqual([])
  })

  test('takes back a request that the courier has not mailed yet', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.save({ enabled: false })
    expect(story.mails()).toEqual([])
  })

  test('ends a payment that the client has opened', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.openPayment(null, 'attempt')
    story.sessionOpens('attempt')
    story.save({ enabled: false })
    expect(story.expiring).toEqual(['session-attempt'])
    expect(story.openPayment()).toBe('RequestNotOpen')
  })

  test('leaves the balance and stops automatic payment and top-ups', () => {
    const story = paidUp('1000', { replenishment: true, minimum: '500', trigger: '500' })
    story.save({ enabled: false })
    story.invoice('800', 'invoice')
    expect([story.balance, story.openInvoices(), story.request, story.mails()]).toEqual([
      '1000.00',
      { invoice: '800.00' },
      null,
      [],
    ])
  })

  test('ends what was frozen: on again, it is not asked for', () => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
    story.createOnline()
    story.off()
    story.save({ enabled: false })
    story.save({ enabled: true })
    expect([story.due, story.history]).toEqual(['0.00', ['WITHDRAWN 0.00']])
  })

  test('and enabling again sends nothing; what is live can be asked for again', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.mails()
    story.save({ enabled: false })
    story.save({ enabled: true })
    story.waitDays(60)
    expect([story.mails(), story.due, story.request]).toEqual([[], '1000.00', null])
    story.createOnline()
    expect([story.request?.number, story.mails()]).toEqual([2, ['REQUEST 1000.00']])
  })

  test('twice is no error', () => {
    const story = enabled({ initial: '1000' })
    story.save({ enabled: false })
    expect(story.save({ enabled: false })).toBe('ok')
  })
})

describe('R3: Create online is available while the retainer is enabled and something is live', () => {
  const requested = (): Story => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
    story.createOnline()
    return story
  }

  test.each<[string, boolean, Story]>([
    ['never enabled', false, new Story()],
    ['nothing to ask for', false, enabled()],
    ['an initial amount remains', true, enabled({ initial: '1000' })],
    ['all of it was received', false, paidUp('1000')],
    [
      'the balance is short of the minimum',
      true,
      paidUp('1000', { replenishment: true, minimum: '1500', trigger: '0' }),
    ],
    ['a request is open', true, requested()],
  ])('%s: %s', (_, available, story) => {
    expect(story.canCreateOnline).toBe(available)
  })

  test('not while disabled, covered by money on its way, frozen or closing', () => {
    const disabled = enabled({ initial: '1000' })
    disabled.save({ enabled: false })
    const covered = requested()
    covered.debit('500', 'debit')
    const frozen = requested()
    frozen.off()
    const closing = paidUp('1000', { replenishment: true, minimum: '1500', trigger: '0' })
    closing.close()
    expect([disabled, covered, frozen, closing].map((story) => story.canCreateOnline)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
