import { describe, expect, test } from 'vitest'
import { usd } from './changes.ts'
import { enabled, type Story } from './story.ts'

function requested(initial = '1000'): Story {
  const story = enabled({ initial })
  story.createOnline()
  story.mails()
  return story
}

describe('R12: real time', () => {
  test('a payment posts to the retainer and mails firm and client, once each', () => {
    const story = requested()
    story.pays('1000', 'payment')
    expect(story.balance).toBe('1000.00')
    expect(story.mails()).toEqual(['RECEIPT 1000.00', 'PAYMENT_RECEIVED 1000.00'])
    expect(story.postings).toEqual([
      {
        key: 'payment:payment',
        kind: 'PAYMENT_SETTLED',
        entries: [
          { account: 'PAYMENTS_HOLDING', side: 'DEBIT', amountMinor: usd('1000'), providerAccount: 'acct' },
          { account: 'RETAINER', side: 'CREDIT', amountMinor: usd('1000') },
        ],
      },
    ])
  })

  test('a mail that bounces is shown; a corrected address gets the open request once more, by a person’s act', () => {
    const story = requested()
    story.take({ kind: 'mailBounced', mailId: 'mail', recipient: 'CLIENT' })
    expect(story.state.attention).toMatchObject([{ code: 'MAIL_BOUNCED', subjectId: 'mail' }])
    expect(story.mails()).toEqual(['NEEDS_ATTENTION MAIL_BOUNCED:mail'])
    story.createOnline()
    expect([story.state.attention, story.mails()]).toEqual([[], ['REQUEST 1000.00']])
  })

  test('a bounce of the firm’s own mail is shown, not mailed', () => {
    const story = requested()
    story.take({ kind: 'mailBounced', mailId: 'mail', recipient: 'FIRM' })
    expect([story.state.attention.length, story.mails()]).toEqual([1, []])
  })

  test('the same bounce told twice is shown and mailed once', () => {
    const story = requested()
    story.take({ kind: 'mailBounced', mailId: 'mail', recipient: 'CLIENT' })
    story.take({ kind: 'mailBounced', mailId: 'mail', recipient: 'CLIENT' })
    expect([story.state.attention.length, story.mails().length]).toEqual([1, 1])
  })

  test.each([
    ['REFUSED', 'MAIL_REFUSED'],
    ['FATE_UNKNOWN', 'MAIL_FATE_UNKNOWN'],
  ] as const)('a mail that the courier gave up (%s) becomes an attention and the matter goes on', (reason, code) => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    const [mail] = story.state.effects
    story.take({ kind: 'effectFailed', effectId: mail?.id ?? '', reason })
    expect(story.mails()).toEqual([`NEEDS_ATTENTION ${code}:${mail?.id}`])
    expect(story.dismiss(code, mail?.id ?? '')).toBe('ok')
    expect(story.state.attention).toEqual([])
    expect(story.dismiss(code, mail?.id ?? '')).toBe('NoSuchAttention')
    expect(story.createOnline()).toBe('ok')
  })

  test('a failed notice to the firm is not mailed to the firm', () => {
    const story = requested()
    story.pays('10')
    const notice = story.state.effects.find(
      (effect) => effect.kind === 'MAIL' && effect.template === 'PAYMENT_RECEIVED',
    )
    story.mails()
    story.state = { ...story.state, effects: notice ? [notice] : [] }
    story.take({ kind: 'effectFailed', effectId: notice?.id ?? '', reason: 'REFUSED' })
    expect([story.state.attention.length, story.mails()]).toEqual([1, []])
  })
})

describe('R13: pending is not available', () => {
  test('a bank debit shows as pending, posts nothing and mails nobody', () => {
    const story = requested()
    story.debit('600', 'debit')
    expect([story.pending, story.balance, story.due]).toEqual(['600.00', '0.00', '400.00'])
    expect([story.postings, story.mails()]).toEqual([[], []])
  })

  test('told twice it is pending once', () => {
    const story = requested()
    story.debit('600', 'debit')
    story.debit('600', 'debit')
    expect(story.pending).toBe('600.00')
  })

  test('it pays no invoice', () => {
    const story = requested()
    story.debit('600', 'debit')
    story.invoice('100', 'invoice')
    expect([story.openInvoices(), story.apply('invoice')]).toEqual([{ invoice: '100.00' }, 'InsufficientBalance'])
  })

  test('it becomes balance when it settles', () => {
    const story = requested()
    story.debit('600', 'debit')
    story.debitSettles('debit')
    expect([story.pending, story.balance, story.due]).toEqual(['0.00', '600.00', '400.00'])
  })

  test('what it suppressed is due again when it fails', () => {
    const story = requested()
    story.debit('1000', 'debit')
    expect(story.createOnline()).toBe('NothingDue')
    story.debitFails('debit')
    expect([story.due, story.createOnline()]).toEqual(['1000.00', 'ok'])
  })

  test('a card that is declined was never pending: nothing changes', () => {
    const story = requested()
    story.debitFails('declined')
    expect([story.due, story.codes]).toEqual(['1000.00', ['FAILED_PAYMENT_WAS_NOT_PENDING']])
  })
})
