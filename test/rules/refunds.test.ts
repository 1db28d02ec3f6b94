import { describe, expect, test } from 'vitest'
import { usd } from './changes.ts'
import { enabled, paidUp, type Story } from './story.ts'

/** 1,000 paid by card as `card`, 500 by cheque; both unused. */
function cardAndCheque(): Story {
  const story = enabled({ initial: '1000' })
  story.createOnline()
  story.pays('1000', 'card')
  story.cheque('500', 'cheque')
  story.mails()
  return story
}

const kinds = (story: Story): string[] => story.last.plan.postings.map(({ kind }) => kind)

describe('R17: refund of unused money', () => {
  test('is reserved at the command: the balance is down before the provider has heard of it', () => {
    const story = paidUp('1000')
    expect(story.refund('400', 'refund')).toBe('ok')
    expect([story.balance, story.account('REFUNDS_IN_FLIGHT'), story.mails()]).toEqual(['600.00', '400.00', []])
    expect(story.last.plan.refund).toEqual({
      id: 'refund',
      amountMinor: usd('400'),
      stepMinor: 1n,
      unappliedPaymentId: null,
    })
    expect(story.last.plan.effects.map(({ kind }) => kind)).toEqual(['REFUND'])
  })

  test('without an amount sends back all that is available', () => {
    const story = paidUp('1000')
    story.invoice('300')
    expect([story.refund(), story.balance, story.account('REFUNDS_IN_FLIGHT')]).toEqual(['ok', '0.00', '700.00'])
  })

  test('of more than is available, of nothing, and of an empty retainer is refused by name', () => {
    const story = paidUp('1000')
    story.invoice('300')
    expect([story.refund('700.01'), story.refund('0'), story.refund('700')]).toEqual([
      'InsufficientBalance',
      'AmountNotAcceptable',
      'ok',
    ])
    expect([story.refund(), story.refund('1')]).toEqual(['NothingToRefund', 'NothingToRefund'])
    expect(story.last.plan.decisions[0]?.rule).toBe('R17')
  })

  test('of more than the undisputed payments can return is refused, and a disputed payment returns nothing', () => {
    const story = cardAndCheque()
    story.disputed('card', '1000', 'dispute')
    expect(story.refund()).toBe('AmountAboveRefundable')
    expect(story.last.answer).toEqual({
      ok: false,
      refusal: { code: 'AmountAboveRefundable', refundableMinor: usd('500') },
    })
    expect([story.balance, story.refund('500')]).toEqual(['1500.00', 'ok'])
  })

  test('while a bank debit is on its way returns only what has settled (R13)', () => {
    const story = paidUp('1000')
    story.debit('500', 'debit')
    expect([story.refund('1000.01'), story.refund()]).toEqual(['InsufficientBalance', 'ok'])
    expect([story.balance, story.pending]).toEqual(['0.00', '500.00'])
  })

  test('lowers nothing that was received, locks and unlocks nothing, and sets off no top-up (R4, R6, R7)', () => {
    const story = paidUp('1000', { replenishment: true, minimum: '800', trigger: '800' })
    story.refund('900')
    expect([story.received, story.request, story.mails()]).toEqual(['1000.00', null, []])
    expect([story.due, story.canCreateOnline]).toEqual(['700.00', true])
    expect(story.save({ initial: '2000' })).toBe('InitialAmountLocked')
  })

  test('a disabled or closing retainer can still be refunded (R2, R20)', () => {
    const story = paidUp('1000')
    story.save({ enabled: false })
    expect(story.refund('100')).toBe('ok')
    story.close()
    expect([story.refund(), story.balance, story.state.lifecycle]).toEqual(['ok', '0.00', 'CLOSING'])
  })

  test('the provider takes three-decimal currencies to two decimals: the commit is told so', () => {
    const story = enabled()
    story.save({ enabled: false })
    story.cheque('10', 'cheque', 'KWD')
    story.refund()
    expect(story.last.plan.refund?.stepMinor).toBe(10n)
  })
})

describe('R17: what becomes of a refund', () => {
  test('the client gets one notice, and the firm is told what it must pay itself', () => {
    const story = cardAndCheque()
    story.refund('1500', 'refund')
    expect(story.mails()).toEqual([])
    story.refundSent('refund')
    expect(story.mails()).toEqual(['REFUND_NOTICE refund', 'NEEDS_ATTENTION REFUND_BY_OTHER_MEANS:refund'])
    expect([story.account('REFUNDS_IN_FLIGHT'), story.account('OPERATING')]).toEqual(['1000.00', '0.00'])
    expect(story.state.refunds).toMatchObject([{ id: 'refund', amountMinor: usd('1000') }])
  })

  test('a refund that goes back by other means alone is done when it is sent', () => {
    const story = cardAndCheque()
    story.refund('500', 'refund')
    story.refundSent('refund')
    expect([story.state.refunds, story.mails().length]).toEqual([[], 2])
  })

  // Every way the same outcome can be told: by the call's answer and by events, in any order.
  const taken = {
    'told by the answer': (story: Story) => story.refundSent('refund', { 'refund.1': 'TAKEN' }),
    'told by an event after the answer': (story: Story) => {
      story.refundSent('refund')
      story.refundTaken('refund.1')
    },
    'told by an event before the answer': (story: Story) => {
      story.refundTaken('refund.1')
      story.refundSent('refund')
    },
    'told by both': (story: Story) => {
      story.refundSent('refund', { 'refund.1': 'TAKEN' })
      story.refundTaken('refund.1')
    },
    'told by both, the event first': (story: Story) => {
      story.refundTaken('refund.1')
      story.refundSent('refund', { 'refund.1': 'TAKEN' })
    },
  }
  test.each(Object.entries(taken))('taken, %s: it is booked once and the refund is done', (_, tell) => {
    const story = paidUp('1000')
    story.refund('400', 'refund')
    tell(story)
    expect([story.account('REFUNDS_IN_FLIGHT'), story.account('PAYMENTS_HOLDING')]).toEqual(['0.00', '-600.00'])
    expect([story.balance, story.state.refunds, story.mails()]).toEqual(['600.00', [], ['REFUND_NOTICE refund']])
  })

  const failed = {
    'refused by the provider': (story: Story) => story.refundSent('refund', { 'refund.1': 'REFUSED' }),
    'before it was taken': (story: Story) => {
      story.refundSent('refund')
      story.refundFails('refund.1', { wasTaken: false })
    },
    'before it was taken, and before the answer': (story: Story) => {
      story.refundFails('refund.1', { wasTaken: false })
      story.refundSent('refund')
    },
    'after it was taken': (story: Story) => {
      story.refundSent('refund', { 'refund.1': 'TAKEN' })
      story.refundFails('refund.1', { wasTaken: true })
    },
    'after it was taken, which nobody has told': (story: Story) => {
      story.refundSent('refund')
      story.refundFails('refund.1', { wasTaken: true })
    },
    'after it was taken, all before the answer': (story: Story) => {
      story.refundTaken('refund.1')
      story.refundFails('refund.1', { wasTaken: true })
      story.refundSent('refund', { 'refund.1': 'TAKEN' })
    },
    'and its being taken is told last': (story: Story) => {
      story.refundFails('refund.1', { wasTaken: true })
      story.refundSent('refund')
      story.refundTaken('refund.1')
    },
    'refused, and told again by an event': (story: Story) => {
      story.refundSent('refund', { 'refund.1': 'REFUSED' })
      story.refundFails('refund.1', { wasTaken: false })
    },
  }
  test.each(Object.entries(failed))('failed, %s: the money is back once, and the firm is told', (_, tell) => {
    const story = paidUp('1000')
    story.refund('400', 'refund')
    tell(story)
    expect([story.account('REFUNDS_IN_FLIGHT'), story.account('PAYMENTS_HOLDING')]).toEqual(['0.00', '-1000.00'])
    expect([story.balance, story.state.refunds]).toEqual(['1000.00', []])
    expect(story.mails().filter((mail) => mail.startsWith('NEEDS'))).toEqual(['NEEDS_ATTENTION REFUND_FAILED:refund.1'])
    expect([story.refund(), story.received]).toEqual(['ok', '1000.00'])
  })

  test('a refund that was refused altogether mails the client nothing', () => {
    const story = paidUp('1000')
    story.refund('400', 'refund')
    story.refundSent('refund', { 'refund.1': 'REFUSED' })
    expect(story.mails()).toEqual(['NEEDS_ATTENTION REFUND_FAILED:refund.1'])
  })

  test('it is not given up: when its fate is unknown its money stays reserved and the next run asks again', () => {
    const story = paidUp('1000')
    story.refund('400', 'refund')
    const [effect] = story.state.effects
    story.take({ kind: 'effectFailed', effectId: effect?.id ?? '', reason: 'FATE_UNKNOWN' })
    expect(story.mails()).toEqual(['NEEDS_ATTENTION REFUND_FATE_UNKNOWN:refund'])
    expect([story.state.effects, story.balance]).toEqual([[effect], '600.00'])
    story.refundSent('refund', { 'refund.1': 'TAKEN' })
    expect([story.state.effects.length, story.state.refunds]).toEqual([1, []])
    expect(story.needsAttention).toEqual([])
  })

  test('one that the provider does not make now is told once, until it has answered', () => {
    const story = paidUp('1000')
    story.refund('400', 'refund')
    story.refundWaits('refund')
    story.refundWaits('refund')
    expect([story.mails(), story.needsAttention]).toEqual([['NEEDS_ATTENTION REFUND_WAITS:refund'], ['REFUND_WAITS']])
    story.refundSent('refund')
    expect(story.needsAttention).toEqual([])
    story.refundWaits('refund')
    expect([story.needsAttention, story.codes]).toEqual([[], ['REFUND_KNOWN_ALREADY']])
  })

  test('a bounced or refused notice to the client is told to the firm', () => {
    const story = paidUp('1000')
    story.refund('400', 'refund')
    story.refundSent('refund')
    const [notice] = story.state.effects
    story.take({ kind: 'effectFailed', effectId: notice?.id ?? '', reason: 'REFUSED' })
    expect(story.mails()).toEqual([`NEEDS_ATTENTION MAIL_REFUSED:${notice?.id}`])
  })
})

describe('R17: a refund made at the provider', () => {
  test('is taken from the retainer, kept as taken, and told to the firm', () => {
    const story = cardAndCheque()
    story.refundFound('card', '300', 're_1')
    expect([story.balance, story.account('PAYMENTS_HOLDING'), kinds(story)]).toEqual([
      '1200.00',
      '-700.00',
      ['REFUNDED_AT_PROVIDER'],
    ])
    expect(story.last.plan.refundFound).toEqual({
      providerRefundId: 're_1',
      paymentId: 'card',
      amountMinor: usd('300'),
    })
    expect(story.mails()).toEqual(['NEEDS_ATTENTION REFUNDED_AT_PROVIDER:re_1'])
  })

  test('of money that is spent takes the retainer below zero, and asks the client for nothing', () => {
    const story = paidUp('1000', { replenishment: true, minimum: '500', trigger: '0' })
    story.invoice('900')
    const [payment] = story.books.payments.keys()
    story.refundFound(payment ?? '', '1000')
    expect([story.balance, story.received, story.request]).toEqual(['-900.00', '1000.00', null])
    expect(story.needsAttention).toEqual(['REFUNDED_AT_PROVIDER', 'BELOW_ZERO'])
  })

  test('that fails later puts the money back', () => {
    const story = cardAndCheque()
    story.refundFound('card', '300', 're_1')
    story.refundFails('re_1.1', { wasTaken: true })
    expect([story.balance, story.account('PAYMENTS_HOLDING')]).toEqual(['1500.00', '-1000.00'])
  })
})
