import { describe, expect, test } from 'vitest'
import { usd } from './changes.ts'
import { enabled, Story } from './story.ts'

function requested(initial = '1000'): Story {
  const story = enabled({ initial })
  story.createOnline()
  story.mails()
  return story
}

describe('R14: part and over', () => {
  test('the client may pay less: the rest stays due', () => {
    const story = requested()
    expect(story.openPayment('900')).toBe('ok')
    story.pays('900')
    expect([story.due, story.request?.received]).toEqual(['100.00', '900.00'])
  })

  test('the client may pay more: all of it is deposited, and the request shows it', () => {
    const story = requested()
    expect(story.openPayment('1200')).toBe('ok')
    story.pays('1200')
    expect([story.balance, story.received, story.due]).toEqual(['1200.00', '1000.00', '0.00'])
    expect(story.history).toEqual(['SATISFIED 1200.00'])
  })

  test('the excess is what was paid beyond the amount due; what was on its way is none (R13)', () => {
    const excessOf = (story: Story) =>
      story.last.plan.decisions.find(({ code }) => code === 'DEPOSITED')?.inputs['excessMinor']
    const over = requested()
    over.pays('1200')
    expect(excessOf(over)).toBe('20000')

    const debits = requested()
    debits.debit('1000', 'first')
    debits.debit('300', 'second')
    debits.debitSettles('first')
    expect(excessOf(debits), 'it pays what is due').toBe('0')
    debits.debitSettles('second')
    expect(excessOf(debits), 'nothing was due any more').toBe('30000')
  })

  test('unless told an amount, all that is due is paid', () => {
    const story = requested()
    story.openPayment(null, 'attempt')
    expect(story.attempts.get('attempt')).toMatchObject({ amountMinor: usd('1000'), status: 'OPENING' })
    story.sessionOpens('attempt')
    expect(story.attempts.get('attempt')?.status).toBe('OPEN')
  })

  test('a part payment may not leave less than the smallest charge', () => {
    const story = requested()
    story.openPayment('999.51')
    const refusal = { code: 'RemainderTooSmall', dueMinor: usd('1000'), smallestMinor: 50n }
    expect(story.last.answer).toEqual({ ok: false, refusal })
    expect(story.openPayment('999.50')).toBe('ok')
    expect(story.openPayment('1000')).toBe('ok')
  })

  test('all that is due can be paid where it is a little more than the largest charge', () => {
    const story = enabled({ replenishment: true, minimum: '999999.99', trigger: '999999.99' })
    story.pays('10', 'payment')
    story.invoice('10')
    story.reversed('payment', '0.40', 'dispute')
    expect(story.due).toBe('1000000.39')
    expect([story.openPayment('999999.99'), story.openPayment(null, 'all')]).toEqual(['RemainderTooSmall', 'ok'])
    expect(story.attempts.get('all')).toMatchObject({ amountMinor: usd('999999.49') })
    story.pays('999999.49')
    expect([story.due, story.openPayment()]).toEqual(['0.90', 'ok'])
  })

  test('a payment is within what the provider can charge', () => {
    const story = requested()
    expect(['0', '-5', '0.49', '0.50', '999999.99', '1000000'].map((amount) => story.openPayment(amount))).toEqual([
      'PaymentTooSmall',
      'PaymentTooSmall',
      'PaymentTooSmall',
      'ok',
      'ok',
      'PaymentTooLarge',
    ])
  })

  test('a due smaller than the smallest charge is paid by that charge', () => {
    const story = requested('0.20')
    expect(story.openPayment('0.20')).toBe('PaymentTooSmall')
    expect(story.openPayment(null, 'attempt')).toBe('ok')
    expect(story.attempts.get('attempt')?.amountMinor).toBe(50n)
  })

  test('while money on its way covers it, there is nothing to pay', () => {
    const story = requested()
    story.debit('1000', 'debit')
    story.openPayment()
    expect(story.last.answer).toEqual({ ok: false, refusal: { code: 'NothingDue', onItsWayMinor: usd('1000') } })
  })

  test('a link that is unknown, satisfied or withdrawn is refused by name', () => {
    const satisfied = requested()
    satisfied.pays('1000')
    const withdrawn = requested()
    withdrawn.withdraw()
    const unknown = enabled({ initial: '1000' })
    for (const story of [satisfied, withdrawn, unknown]) expect(story.openPayment()).toBe('RequestNotOpen')
  })

  test('a newer attempt takes the place of the older, whose session is expired', () => {
    const story = requested()
    story.openPayment('900', 'older')
    story.sessionOpens('older')
    story.openPayment('1000', 'newer')
    expect(story.expiring).toEqual(['session-older'])
    expect(story.attempts.get('older')?.status).toBe('SUPERSEDED')
  })

  test('an attempt is paid once its payment settles, even when a newer one had taken its place', () => {
    const story = requested()
    story.openPayment('400', 'older')
    story.sessionOpens('older')
    story.openPayment('600', 'newer')
    story.sessionOpens('newer')
    story.pays('400', 'first', 'matter-r1', 'older')
    story.pays('600', 'second', 'matter-r1', 'newer')
    expect([...story.attempts.values()].map((attempt) => attempt.status)).toEqual(['PAID', 'PAID'])
    expect(story.state.attempts).toEqual([])
  })

  test('a session that could not be made is shown to the firm; the next that opens clears it', () => {
    const story = requested()
    story.openPayment(null, 'attempt')
    const effect = story.state.effects.find((open) => open.kind === 'OPEN_SESSION')
    story.take({ kind: 'effectFailed', effectId: effect?.id ?? '', reason: 'REFUSED' })
    expect(story.attempts.get('attempt')?.status).toBe('FAILED')
    expect(story.state.attention).toMatchObject([{ code: 'PAYMENT_SESSION_FAILED' }])
    story.openPayment(null, 'again')
    story.sessionOpens('again')
    expect(story.state.attention).toEqual([])
  })

  test('a cheque counts like any other payment', () => {
    const story = requested()
    expect(story.cheque('1000', 'cheque')).toBe('ok')
    expect([story.balance, story.request, story.history]).toEqual(['1000.00', null, ['SATISFIED 1000.00']])
    expect(story.mails()).toEqual(['RECEIPT 1000.00', 'PAYMENT_RECEIVED 1000.00'])
    expect(story.postings[0]?.entries.map((entry) => entry.account)).toEqual(['OPERATING', 'RETAINER'])
  })

  test('a cheque of nothing is refused by name', () => {
    expect(requested().cheque('0')).toBe('AmountNotAcceptable')
  })
})

describe('R15: no money is turned away or lost', () => {
  const afterRequestEnded = (story: Story) => story.attention.map(({ code, subjectId }) => `${code}:${subjectId}`)

  test('a payment for a withdrawn request is deposited on the matter, and the firm is told', () => {
    const story = requested()
    story.withdraw()
    story.pays('400', 'payment')
    expect([story.balance, story.due]).toEqual(['400.00', '600.00'])
    expect(afterRequestEnded(story)).toEqual(['PAYMENT_AFTER_REQUEST_ENDED:payment'])
    expect(story.mails()).toEqual([
      'RECEIPT 400.00',
      'PAYMENT_RECEIVED 400.00',
      'NEEDS_ATTENTION PAYMENT_AFTER_REQUEST_ENDED:payment',
    ])
  })

  test('a payment for a disabled retainer is deposited on the matter, and the firm is told', () => {
    const story = requested()
    story.save({ enabled: false })
    story.pays('400', 'payment')
    expect(story.balance).toBe('400.00')
    expect(afterRequestEnded(story)).toEqual(['PAYMENT_AFTER_REQUEST_ENDED:payment'])
  })

  test('a payment for an older request counts toward the one now open, and the firm is told', () => {
    const story = requested()
    story.withdraw()
    story.createOnline()
    story.pays('400', 'payment', 'matter-r1')
    expect(story.request).toEqual({ number: 2, kind: 'INITIAL', amount: '1000.00', received: '400.00' })
    expect(afterRequestEnded(story)).toEqual(['PAYMENT_AFTER_REQUEST_ENDED:payment'])
  })

  test('a debit that settles after a cheque satisfied its request is deposited, and the firm is told', () => {
    const story = requested()
    story.debit('1000', 'debit')
    story.cheque('1000')
    expect(story.history).toEqual(['SATISFIED 1000.00'])
    story.debitSettles('debit')
    expect(story.balance).toBe('2000.00')
    expect(afterRequestEnded(story)).toEqual(['PAYMENT_AFTER_REQUEST_ENDED:debit'])
  })

  test('a matter that never had options takes money too', () => {
    const story = new Story()
    story.pays('400')
    expect(story.balance).toBe('400.00')
  })
})
