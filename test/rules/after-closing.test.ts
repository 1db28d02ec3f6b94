import { describe, expect, test } from 'vitest'
import { enabled, paidUpBy, type Story } from './story.ts'

/** 1,000 was paid as `payment` and spent, then the matter was closed. */
function closed(): Story {
  const story = paidUpBy('payment', '1000')
  story.invoice('1000')
  story.close()
  story.mails()
  return story
}

describe('R20: closing waits', () => {
  test('for refunds on their way', () => {
    const story = paidUpBy('payment', '1000')
    story.close()
    story.refund(null, 'refund')
    story.refundSent('refund')
    expect(story.state.lifecycle).toBe('CLOSING')
    story.refundTaken('refund.1')
    expect(story.state.lifecycle).toBe('CLOSED')
  })

  test('and a refund that fails meanwhile keeps it open', () => {
    const story = paidUpBy('payment', '1000')
    story.close()
    story.refund(null, 'refund')
    story.refundSent('refund')
    story.refundFails('refund.1', { wasTaken: false })
    expect([story.state.lifecycle, story.balance]).toEqual(['CLOSING', '1000.00'])
  })

  test('for disputes; one lost below zero is owed from then on', () => {
    const story = paidUpBy('payment', '1000')
    story.invoice('1000')
    story.disputed('payment', '1000', 'dispute')
    story.close()
    story.reversed('payment', '1000', 'dispute')
    expect([story.state.lifecycle, story.balance, story.owed]).toEqual(['CLOSING', '-1000.00', '0.00'])
    story.disputeCloses('payment', 'dispute', 'LOST')
    expect([story.state.lifecycle, story.balance, story.owed]).toEqual(['CLOSED', '0.00', '1000.00'])
    expect(story.last.plan.postings).toMatchObject([{ key: 'closing:matter', kind: 'CLOSED_BELOW_ZERO' }])
    story.pays('999', 'late')
    expect([story.owed, story.needsAttention.includes('BELOW_ZERO')]).toEqual(['1.00', true])
    story.pays('1', 'last')
    expect([story.owed, story.needsAttention.includes('BELOW_ZERO')]).toEqual(['0.00', false])
  })

  test('for a bank debit on its way, which may settle and be returned (R13)', () => {
    const story = enabled({ initial: '1000' })
    story.debit('1000', 'debit')
    story.close()
    story.debitSettles('debit')
    story.reversed('debit', '1000', 'return')
    expect([story.state.lifecycle, story.owed]).toEqual(['CLOSED', '0.00'])
  })

  test('while closing no unapplied funds are taken on', () => {
    const story = paidUpBy('payment', '1000')
    story.close()
    story.books.homeless('homeless', 100n)
    expect(story.assign('homeless', '1')).toBe('MatterClosing')
  })
})

describe('R20: after closing', () => {
  test('a reversal is owed, and the firm is told', () => {
    const story = closed()
    story.reversed('payment', '1000', 'dispute')
    expect([story.balance, story.owed, story.account('REVERSED_PAYMENTS_RECEIVABLE')]).toEqual([
      '0.00',
      '1000.00',
      '-1000.00',
    ])
    expect(story.mails()).toEqual([
      'NEEDS_ATTENTION PAYMENT_REVERSED:dispute',
      'NEEDS_ATTENTION REVERSED_AFTER_CLOSING:dispute',
    ])
  })

  test('money in pays what is owed first; the rest is unapplied funds', () => {
    const story = closed()
    story.reversed('payment', '1000', 'dispute')
    story.pays('600', 'first')
    expect([story.owed, story.account('UNAPPLIED_FUNDS')]).toEqual(['400.00', '0.00'])
    story.pays('600', 'second')
    expect([story.owed, story.account('UNAPPLIED_FUNDS')]).toEqual(['0.00', '200.00'])
    expect(story.last.plan.unapplied).toEqual([{ paymentId: 'second', changeMinor: 20_000n }])
    expect(story.last.plan.payments).toMatchObject([{ id: 'second', amountMinor: 60_000n }])
    expect(story.mails().slice(-2)).toEqual([
      'NEEDS_ATTENTION UNAPPLIED_FUNDS:first',
      'NEEDS_ATTENTION UNAPPLIED_FUNDS:second',
    ])
  })

  test('a reversal takes what of the payment is still in unapplied funds; only the rest is owed', () => {
    const story = closed()
    story.pays('600', 'late')
    story.refundUnapplied('late', '500', 'refund')
    story.refundSent('refund', { 'refund.1': 'TAKEN' })
    story.reversed('late', '300', 'dispute')
    expect([story.account('UNAPPLIED_FUNDS'), story.owed]).toEqual(['0.00', '200.00'])
  })

  test('a win pays what is owed first, and the firm is told of the rest', () => {
    const story = closed()
    story.reversed('payment', '1000', 'dispute')
    story.pays('700', 'late')
    story.mails()
    story.won('payment', '1000', 'dispute')
    expect([story.owed, story.account('UNAPPLIED_FUNDS')]).toEqual(['0.00', '700.00'])
    expect(story.mails()).toEqual(['NEEDS_ATTENTION UNAPPLIED_FUNDS:payment'])
  })

  test('a refund that was taken and fails after closing is unapplied funds', () => {
    const story = paidUpBy('payment', '1000')
    story.refund(null, 'refund')
    story.refundSent('refund', { 'refund.1': 'TAKEN' })
    story.close()
    story.refundFails('refund.1', { wasTaken: true })
    expect([story.state.lifecycle, story.balance, story.account('UNAPPLIED_FUNDS')]).toEqual([
      'CLOSED',
      '0.00',
      '1000.00',
    ])
    expect([story.needsAttention, story.mails().slice(-2)]).toEqual([
      ['REFUND_FAILED', 'UNAPPLIED_FUNDS'],
      ['NEEDS_ATTENTION REFUND_FAILED:refund.1', 'NEEDS_ATTENTION UNAPPLIED_FUNDS:payment'],
    ])
    expect(story.refundUnapplied('payment', '1000')).toBe('ok')
  })

  test('one that pays no more than what is owed leaves nothing to tell of unapplied funds', () => {
    const story = paidUpBy('payment', '1000')
    story.pays('500', 'second')
    story.refund('500', 'refund')
    story.refundSent('refund', { 'refund.1': 'TAKEN' })
    story.invoice('1000')
    story.close()
    story.reversed('payment', '1000', 'dispute')
    story.refundFails('refund.1', { wasTaken: true })
    expect([story.owed, story.account('UNAPPLIED_FUNDS')]).toEqual(['500.00', '0.00'])
    expect(story.needsAttention).not.toContain('UNAPPLIED_FUNDS')
  })

  test('a refund made at the provider of money that is spent is owed', () => {
    const story = closed()
    story.refundFound('payment', '300')
    expect([story.balance, story.owed, story.needsAttention]).toEqual(['0.00', '300.00', ['REFUNDED_AT_PROVIDER']])
  })

  test('a dispute is still told with its deadline, and its end is heard', () => {
    const story = closed()
    story.disputed('payment', '1000', 'dispute')
    expect(story.mails()).toEqual(['NEEDS_ATTENTION PAYMENT_DISPUTED:dispute'])
    story.disputeCloses('payment', 'dispute', 'WON')
    expect([story.state.disputes, story.needsAttention]).toEqual([[], []])
  })
})

describe('R20: a person brings money and what a closed matter is owed together', () => {
  const owing = (): Story => {
    const story = closed()
    story.reversed('payment', '1000', 'dispute')
    story.mails()
    return story
  }

  test('by a cheque, which pays it without a receipt: nothing of it is in the retainer', () => {
    const story = owing()
    expect(story.cheque('400', 'cheque')).toBe('ok')
    expect([story.owed, story.balance, story.account('OPERATING')]).toEqual(['600.00', '0.00', '-400.00'])
    expect([story.mails(), story.codes]).toEqual([[], ['OWED_PAID']])
    expect(story.last.plan.payments).toMatchObject([{ id: 'cheque', method: 'OFFLINE', amountMinor: 40_000n }])
  })

  test('up to what is owed: above it the refusal says how much that is', () => {
    const story = owing()
    expect(story.cheque('1000.01')).toBe('AmountAboveReceivable')
    expect(story.last.answer).toMatchObject({ refusal: { receivableMinor: 100_000n } })
    expect([story.cheque('0'), story.cheque('1000'), story.cheque('1')]).toEqual([
      'AmountNotAcceptable',
      'ok',
      'MatterClosed',
    ])
  })

  test('by unapplied funds of its client, all that is left of the payment', () => {
    const story = owing()
    story.books.homeless('homeless', 60_000n)
    story.books.homeless('too much', 60_000n)
    expect(story.assign('homeless', '600')).toBe('ok')
    expect([story.owed, story.account('UNAPPLIED_FUNDS')]).toEqual(['400.00', '600.00'])
    expect(story.assign('too much', '600')).toBe('AmountAboveReceivable')
  })

  test('and a reversal of what paid it is owed again', () => {
    const story = owing()
    story.books.homeless('homeless', 60_000n)
    story.assign('homeless', '600')
    story.reversed('homeless', '600', 'again')
    expect([story.owed, story.account('UNAPPLIED_FUNDS')]).toEqual(['1000.00', '0.00'])
  })
})

describe('R15, R17: a late payment is refunded out of unapplied funds', () => {
  const late = (): Story => {
    const story = closed()
    story.pays('600', 'late')
    story.mails()
    return story
  }

  test('of that payment and no other, up to what lies there', () => {
    const story = late()
    expect([story.refundUnapplied('late', '600.01'), story.refundUnapplied('late', '0')]).toEqual([
      'NotInUnappliedFunds',
      'AmountNotAcceptable',
    ])
    expect(story.refundUnapplied('late', '600', 'refund')).toBe('ok')
    expect([story.account('UNAPPLIED_FUNDS'), story.account('REFUNDS_IN_FLIGHT')]).toEqual(['0.00', '600.00'])
    story.refundSent('refund')
    story.refundTaken('refund.1')
    expect([story.account('REFUNDS_IN_FLIGHT'), story.mails()]).toEqual(['0.00', ['REFUND_NOTICE refund']])
  })

  test('and fails back into them, whatever is owed meanwhile: a person took it from there, and decides again', () => {
    const story = late()
    story.refundUnapplied('late', '600', 'refund')
    story.refundSent('refund')
    story.reversed('payment', '100', 'dispute')
    story.refundFails('refund.1', { wasTaken: false })
    expect([story.owed, story.account('UNAPPLIED_FUNDS')]).toEqual(['100.00', '600.00'])
  })

  test('of a payment of an open matter too: another matter’s refund of it may have failed after that one closed', () => {
    const story = paidUpBy('payment', '1000')
    expect(story.refundUnapplied('payment', '1')).toBe('NotInUnappliedFunds')
    story.books.homeless('came back', 100n)
    expect([story.refundUnapplied('came back', '1', 'refund'), story.balance]).toEqual(['ok', '1000.00'])
    story.refundSent('refund')
    story.refundFails('refund.1', { wasTaken: false })
    expect([story.balance, story.account('UNAPPLIED_FUNDS')]).toEqual(['1000.00', '1.00'])
  })
})

describe('R15: a person assigns unapplied funds to a matter', () => {
  const homeless = (story: Story): Story => {
    story.books.homeless('homeless', 60_000n)
    return story
  }

  test('where they count like any deposit: request, receipt, notice, lock', () => {
    const story = homeless(enabled({ initial: '1000' }))
    story.createOnline()
    story.mails()
    expect(story.assign('homeless', '600')).toBe('ok')
    expect([story.balance, story.received, story.request?.received]).toEqual(['600.00', '600.00', '600.00'])
    expect([story.account('UNAPPLIED_FUNDS'), story.last.plan.unapplied]).toEqual(['0.00', []])
    expect(story.mails()).toEqual(['RECEIPT 600.00', 'PAYMENT_RECEIVED 600.00'])
    expect(story.save({ initial: '2000' })).toBe('InitialAmountLocked')
  })

  test('all that is left of the payment, once', () => {
    const story = homeless(enabled())
    expect([story.assign('homeless', '599'), story.assign('homeless', '600'), story.assign('homeless', '600')]).toEqual(
      ['NotInUnappliedFunds', 'ok', 'NotInUnappliedFunds'],
    )
  })

  test('a disabled matter takes them too', () => {
    const story = homeless(enabled())
    story.save({ enabled: false })
    expect([story.assign('homeless', '600'), story.balance]).toEqual(['ok', '600.00'])
  })

  test('a reversal then debits the matter that took them, and lowers what it received (R18)', () => {
    const story = homeless(enabled({ initial: '1000' }))
    story.assign('homeless', '600')
    story.reversed('homeless', '600', 'dispute')
    expect([story.balance, story.received, story.account('UNAPPLIED_FUNDS')]).toEqual(['0.00', '0.00', '0.00'])
  })
})
