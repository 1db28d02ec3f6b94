import { describe, expect, test } from 'vitest'
import { type Changes, usd } from './changes.ts'
import { enabled, paidUpBy, type Story } from './story.ts'

/** The initial 1,000 was paid as `payment` and 700 of it is spent. */
function spent(changes: Changes = {}): Story {
  const story = paidUpBy('payment', '1000')
  story.invoice('700')
  story.save(changes)
  story.mails()
  return story
}

describe('R18: dispute', () => {
  test('the firm is told with the deadline while it can answer; nothing is posted yet', () => {
    const story = spent()
    story.disputed('payment', '1000', 'dispute', 99)
    expect(story.last.plan.postings).toEqual([])
    expect(story.last.plan.disputes).toEqual([
      {
        id: 'dispute',
        paymentId: 'payment',
        amountMinor: usd('1000'),
        status: 'OPEN',
        deadlineMs: 99,
        withdrawnMinor: 0n,
        reinstatedMinor: 0n,
      },
    ])
    expect(story.mails()).toEqual(['NEEDS_ATTENTION PAYMENT_DISPUTED:dispute'])
  })

  test('a new deadline is told anew: an inquiry that becomes a dispute proper gets one', () => {
    const story = spent()
    story.disputed('payment', '1000', 'dispute', 99)
    story.mails()
    story.disputeDue('payment', 'dispute', 99)
    expect([story.mails(), story.codes]).toEqual([[], ['DISPUTE_KNOWN_ALREADY']])
    story.disputeDue('payment', 'dispute', 199)
    expect(story.last.plan.disputes).toMatchObject([
      { id: 'dispute', deadlineMs: 199, amountMinor: null, status: null },
    ])
    expect([story.mails(), story.needsAttention]).toEqual([
      ['NEEDS_ATTENTION PAYMENT_DISPUTED:dispute'],
      ['PAYMENT_DISPUTED'],
    ])
    story.dismiss('PAYMENT_DISPUTED', 'dispute')
    story.disputeDue('payment', 'dispute', 299)
    expect([story.mails(), story.needsAttention]).toEqual([
      ['NEEDS_ATTENTION PAYMENT_DISPUTED:dispute'],
      ['PAYMENT_DISPUTED'],
    ])
  })

  test('so is the first deadline of what seemed beyond contest, but none of what is decided', () => {
    const story = spent()
    story.disputed('payment', '1000', 'dispute', null)
    expect(story.mails()).toEqual([])
    story.disputeDue('payment', 'dispute', 99)
    expect(story.mails()).toEqual(['NEEDS_ATTENTION PAYMENT_DISPUTED:dispute'])
    story.disputeCloses('payment', 'dispute', 'WON')
    story.disputeDue('payment', 'dispute', 199)
    expect([story.mails(), story.last.plan.disputes, story.needsAttention]).toEqual([[], [], []])
  })

  test('an inquiry opens and closes, and takes no money', () => {
    const story = spent()
    story.disputed('payment', '1000', 'dispute')
    story.disputeCloses('payment', 'dispute', 'WON')
    expect([story.balance, story.received, story.needsAttention]).toEqual(['300.00', '1000.00', []])
    expect(story.state.disputes).toEqual([])
  })

  test('the money taken debits the matter, may take it below zero, and lowers what was received', () => {
    const story = spent()
    story.disputed('payment', '1000', 'dispute')
    story.mails()
    story.reversed('payment', '1000', 'dispute')
    expect([story.balance, story.received, story.due]).toEqual(['-700.00', '0.00', '1000.00'])
    expect(story.account('PAYMENTS_HOLDING')).toBe('0.00')
    expect(story.mails()).toEqual(['NEEDS_ATTENTION PAYMENT_REVERSED:dispute', 'NEEDS_ATTENTION BELOW_ZERO:matter'])
  })

  test('below zero is not by itself due, and nothing of it is available (R4, R16)', () => {
    const story = enabled()
    story.pays('1000', 'payment')
    story.invoice('700')
    story.reversed('payment', '1000', 'dispute')
    expect([story.balance, story.due, story.canCreateOnline]).toEqual(['-700.00', '0.00', false])
    story.invoice('100', 'invoice')
    expect([story.openInvoices(), story.apply('invoice'), story.refund(), story.transfer('1')]).toEqual([
      { invoice: '100.00' },
      'InsufficientBalance',
      'NothingToRefund',
      'InsufficientBalance',
    ])
  })

  test('a win restores both, and needs no more attention', () => {
    const story = spent()
    story.disputed('payment', '1000', 'dispute')
    story.reversed('payment', '1000', 'dispute')
    story.won('payment', '1000', 'dispute')
    story.disputeCloses('payment', 'dispute', 'WON')
    expect([story.balance, story.received, story.due, story.needsAttention]).toEqual(['300.00', '1000.00', '0.00', []])
  })

  test('a loss leaves what was taken, and the firm’s attention', () => {
    const story = spent()
    story.disputed('payment', '1000', 'dispute')
    story.reversed('payment', '1000', 'dispute')
    story.disputeCloses('payment', 'dispute', 'LOST')
    expect([story.balance, story.needsAttention]).toEqual(['-700.00', ['PAYMENT_REVERSED', 'BELOW_ZERO']])
  })

  test('a part of a payment that is disputed takes that part only', () => {
    const story = spent()
    story.reversed('payment', '250', 'dispute')
    expect([story.balance, story.received]).toEqual(['50.00', '750.00'])
  })

  test('a retainer that is above zero again needs no more attention for it', () => {
    const story = spent()
    story.reversed('payment', '1000', 'dispute')
    story.cheque('699.99')
    expect(story.needsAttention).toContain('BELOW_ZERO')
    story.cheque('0.01')
    expect(story.needsAttention).not.toContain('BELOW_ZERO')
  })

  test('the lock of the initial amount stays, though nothing is received any more (R6)', () => {
    const story = spent()
    story.reversed('payment', '1000', 'dispute')
    expect([story.received, story.save({ initial: '2000' })]).toEqual(['0.00', 'InitialAmountLocked'])
  })
})

describe('R18 and R4: only what counted is uncounted', () => {
  /** 400 paid before the initial amount was set, 600 after. */
  function setFromEmpty(): Story {
    const story = enabled()
    story.pays('400', 'before')
    story.save({ initial: '1000' })
    story.pays('600', 'after')
    return story
  }

  test('a payment from before the initial amount was set from empty takes nothing from what was received', () => {
    const story = setFromEmpty()
    story.reversed('before', '400', 'dispute')
    expect([story.balance, story.received]).toEqual(['600.00', '600.00'])
    story.won('before', '400', 'dispute')
    expect([story.balance, story.received]).toEqual(['1000.00', '600.00'])
  })

  test('a payment from after it does', () => {
    const story = setFromEmpty()
    story.reversed('after', '600', 'dispute')
    expect([story.balance, story.received]).toEqual(['400.00', '0.00'])
  })

  test('what was paid beyond the initial amount covers a reversal first', () => {
    const story = enabled({ initial: '1000' })
    story.pays('1000', 'payment')
    story.cheque('300')
    story.reversed('payment', '1000', 'dispute')
    expect([story.received, story.due]).toEqual(['300.00', '700.00'])
  })

  /** Of a payment of 100, 40 was assigned to this matter while 60 was on its way back to the client; that refund failed. */
  function partlyAssigned(): Story {
    const story = enabled({ initial: '100' })
    story.books.homeless('homeless', usd('100'))
    story.books.refundElsewhere('homeless', usd('60'), 'elsewhere')
    story.assign('homeless', '40')
    story.books.failElsewhere('elsewhere')
    return story
  }

  test('what is taken out of unapplied funds never counted here, and lowers nothing', () => {
    const story = partlyAssigned()
    story.reversed('homeless', '100', 'dispute')
    expect([story.balance, story.received, story.account('UNAPPLIED_FUNDS')]).toEqual(['0.00', '0.00', '0.00'])
    story.pays('100', 'again')
    expect([story.balance, story.received, story.due]).toEqual(['100.00', '100.00', '0.00'])
  })

  test('a win counts what it puts into the retainer, where all of it now is', () => {
    const story = partlyAssigned()
    story.reversed('homeless', '100', 'dispute')
    story.won('homeless', '100', 'dispute')
    expect([story.balance, story.received, story.due]).toEqual(['100.00', '100.00', '0.00'])
    expect(story.account('UNAPPLIED_FUNDS')).toBe('0.00')
  })
})

describe('R18: then the top-up rules', () => {
  test('at or below the trigger the client is asked without anybody’s act (R7)', () => {
    const story = spent({ replenishment: true, minimum: '500', trigger: '100' })
    story.reversed('payment', '200', 'dispute')
    expect(story.request).toMatchObject({ kind: 'INITIAL', amount: '400.00' })
    expect(story.mails().slice(-2)).toEqual(['REQUEST 400.00', 'TOP_UP_COPY 400.00'])
  })

  test('above the trigger nobody is asked', () => {
    const story = spent({ replenishment: true, minimum: '500', trigger: '100' })
    story.reversed('payment', '199.99', 'dispute')
    expect([story.request, story.codes.at(-1)]).toEqual([null, 'NO_TOP_UP_ABOVE_TRIGGER'])
  })

  test('an open request follows the money up and, won back, down (R8)', () => {
    const story = spent({ replenishment: true, minimum: '500', trigger: '100' })
    story.createOnline()
    story.reversed('payment', '1000', 'dispute')
    expect([story.request?.number, story.request?.amount]).toEqual([2, '1200.00'])
    story.won('payment', '1000', 'dispute')
    expect(story.request?.amount).toBe('200.00')
  })

  test('off is off: a reversal asks for no top-up, whatever is missing (R10)', () => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '500' })
    story.pays('500', 'payment')
    story.off()
    story.mails()
    story.reversed('payment', '500', 'dispute')
    expect([story.due, story.request]).toEqual(['0.00', null])
    story.waitDays(365)
    expect(story.mails()).toEqual(['NEEDS_ATTENTION PAYMENT_REVERSED:dispute'])
  })

  test('a frozen request stays at what was frozen less what settled since, and is never sent again (R10)', () => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
    story.createOnline()
    story.off()
    story.pays('200', 'payment')
    story.mails()
    story.reversed('payment', '200', 'dispute')
    expect([story.due, story.live, story.request?.amount]).toEqual(['300.00', '0.00', '300.00'])
    story.waitDays(365)
    expect(story.mails()).toEqual(['NEEDS_ATTENTION PAYMENT_REVERSED:dispute'])
  })

  test('a frozen request asks again for the initial amount once a reversal makes it remain', () => {
    const story = paidUpBy('payment', '1000')
    story.save({ replenishment: true, minimum: '1500' })
    story.createOnline()
    story.off()
    story.reversed('payment', '1000', 'dispute')
    expect([story.due, story.live, story.request?.kind]).toEqual(['1000.00', '1000.00', 'INITIAL'])
  })
})

describe('R8, R18: an open request has received what came in for it and was not taken back', () => {
  test('of a payment that came in for it, and comes again when the dispute is won', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.pays('900', 'payment')
    story.reversed('payment', '900', 'dispute')
    expect([story.due, story.request?.received, story.request?.amount]).toEqual(['1000.00', '0.00', '1000.00'])
    story.won('payment', '900', 'dispute')
    expect([story.due, story.request?.received]).toEqual(['100.00', '900.00'])
  })

  test('but not of one that came in before it was opened', () => {
    const story = paidUpBy('payment', '1000')
    story.save({ replenishment: true, minimum: '1500' })
    story.createOnline()
    story.pays('200')
    story.reversed('payment', '1000', 'dispute')
    expect(story.request?.received).toBe('200.00')
  })
})

describe('R13: a bank debit returned after it settled is a reversal', () => {
  test('cannot be contested: no deadline, no attention but for the money that is gone', () => {
    const story = enabled({ initial: '1000' })
    story.debit('1000', 'debit')
    story.debitSettles('debit')
    story.mails()
    story.disputed('debit', '1000', 'return', null)
    expect(story.mails()).toEqual([])
    story.reversed('debit', '1000', 'return')
    story.disputeCloses('debit', 'return', 'LOST')
    expect([story.balance, story.due, story.state.disputes]).toEqual(['0.00', '1000.00', []])
    expect(story.mails()).toEqual(['NEEDS_ATTENTION PAYMENT_REVERSED:return'])
  })

  test('a debit can be sent back for 180 days from settling, a card as long as its issuer takes it (R17)', () => {
    const story = enabled({ initial: '1000' })
    story.debit('600', 'debit')
    story.debitSettles('debit')
    const refundableUntilMs = story.atMs + 180 * 24 * 60 * 60 * 1000
    expect(story.last.plan.payments).toMatchObject([{ id: 'debit', method: 'BANK_DEBIT', refundableUntilMs }])
    story.pays('400', 'card')
    expect(story.last.plan.payments).toMatchObject([{ id: 'card', method: 'CARD', refundableUntilMs: null }])
    story.cheque('1', 'cheque')
    expect(story.last.plan.payments).toMatchObject([{ id: 'cheque', method: 'OFFLINE', providerAccount: null }])
  })
})
