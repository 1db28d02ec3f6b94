import { describe, expect, test } from 'vitest'
import { decide } from '../../src/domain/decide.ts'
import type { Answer, Refusal } from '../../src/domain/events.ts'
import { usd } from './changes.ts'
import { enabled, paidUp, type Story } from './story.ts'

const refused = (refusal: Refusal): Answer => ({ ok: false, refusal })

describe('R20: closing', () => {
  const closing = (): Story => {
    const story = paidUp('1000', { payNewInvoices: 'MANUAL', replenishment: true, minimum: '1500', trigger: '1500' })
    story.invoice('300', 'invoice')
    story.createOnline()
    story.openPayment(null, 'attempt')
    story.sessionOpens('attempt')
    story.close()
    return story
  }

  test('withdraws the request, expires its payment session and asks for nothing more', () => {
    const story = closing()
    expect([story.due, story.request, story.history.at(-1)]).toEqual(['0.00', null, 'WITHDRAWN 0.00'])
    expect(story.expiring).toEqual(['session-attempt'])
    story.waitDays(60)
    expect(story.mails()).toEqual([])
  })

  test('an empty retainer is closed at once', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    expect(story.close()).toBe('ok')
    expect([story.state.lifecycle, story.codes]).toEqual(['CLOSED', ['REQUEST_WITHDRAWN', 'CLOSING', 'CLOSED']])
  })

  test('is CLOSING until the balance is used up; a person can apply meanwhile', () => {
    const story = closing()
    expect(story.apply('invoice')).toBe('ok')
    expect([story.state.lifecycle, story.balance]).toEqual(['CLOSING', '700.00'])
    story.invoice('700', 'last')
    story.apply('last')
    expect([story.state.lifecycle, story.mails()]).toEqual(['CLOSED', []])
  })

  test('is CLOSING until the bank debits on their way are done', () => {
    const failing = enabled({ initial: '1000' })
    failing.debit('1000', 'debit')
    failing.close()
    expect(failing.state.lifecycle).toBe('CLOSING')
    failing.debitFails('debit')
    expect(failing.state.lifecycle).toBe('CLOSED')

    const settling = enabled({ initial: '1000' })
    settling.debit('1000', 'debit')
    settling.close()
    settling.debitSettles('debit')
    expect([settling.state.lifecycle, settling.balance]).toEqual(['CLOSING', '1000.00'])
  })

  test('deposits land while closing', () => {
    const story = closing()
    expect(story.cheque('50')).toBe('ok')
    story.pays('100', 'payment')
    expect([story.balance, story.due]).toEqual(['1150.00', '0.00'])
    expect(story.attention.at(-1)?.code).toBe('PAYMENT_AFTER_REQUEST_ENDED')
  })

  test('what asks the client, and closing again, is refused by name', () => {
    const story = closing()
    const asked = [story.save({ enabled: false }), story.createOnline(), story.off(), story.withdraw(), story.close()]
    expect(asked).toEqual(Array(5).fill('MatterClosing'))
    expect(story.openPayment()).toBe('RequestNotOpen')
  })

  test('the refusals say since when; of a matter that older code closed they do not', () => {
    const story = closing()
    const closingSinceMs = story.atMs
    story.waitDays(3)
    expect(story.take({ kind: 'createOnline' })).toEqual(refused({ code: 'MatterClosing', sinceMs: closingSinceMs }))
    story.apply('invoice')
    story.invoice('700', 'last')
    story.apply('last')
    const closedAtMs = story.atMs
    story.waitDays(3)
    expect(story.take({ kind: 'createOnline' })).toEqual(refused({ code: 'MatterClosed', sinceMs: closedAtMs }))
    const { closingSinceMs: _, closedAtMs: __, ...older } = story.state
    const { answer } = decide(older, { kind: 'createOnline', atMs: story.atMs })
    expect(answer).toEqual(refused({ code: 'MatterClosed' }))
  })

  test('a closed matter refuses every command by name, but for what needs no more attention', () => {
    const story = enabled()
    story.take({ kind: 'mailBounced', mailId: 'mail', recipient: 'FIRM' })
    story.close()
    const asked = [
      story.save({ enabled: true }),
      story.createOnline(),
      story.off(),
      story.withdraw(),
      story.cheque('10'),
      story.invoice('10'),
      story.apply('invoice'),
      story.reverse('application', 'invoice', '10'),
      story.openPayment(),
      story.close(),
    ]
    expect(asked).toEqual(Array(10).fill('MatterClosed'))
    expect(story.dismiss('MAIL_BOUNCED', 'mail')).toBe('ok')
  })

  test('money after closing goes to unapplied funds, and the firm is told', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.mails()
    story.close()
    story.pays('1000', 'payment')
    expect(story.balance).toBe('0.00')
    expect(story.postings).toEqual([
      {
        key: 'payment:payment',
        kind: 'UNAPPLIED_PAYMENT',
        entries: [
          { account: 'PAYMENTS_HOLDING', side: 'DEBIT', amountMinor: usd('1000'), providerAccount: 'acct' },
          { account: 'UNAPPLIED_FUNDS', side: 'CREDIT', amountMinor: usd('1000') },
        ],
      },
    ])
    expect(story.mails()).toEqual(['NEEDS_ATTENTION UNAPPLIED_FUNDS:payment'])
  })
})
