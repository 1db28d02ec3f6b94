import { describe, expect, test } from 'vitest'
import { phaseOf } from '../../src/domain/projection.ts'
import { usd } from './changes.ts'
import { enabled, paidUp, type Story } from './story.ts'

describe('R19: transfer out', () => {
  test('takes the money at the command; both sides are the commit’s one entry', () => {
    const story = paidUp('1000')
    expect(story.transfer('400', 'sister', 'transfer')).toBe('ok')
    expect(story.last.plan.transfer).toEqual({ id: 'transfer', toMatterId: 'sister', amountMinor: usd('400') })
    expect([story.balance, story.last.plan.postings, story.mails()]).toEqual(['600.00', [], []])
  })

  test('to the same matter, of nothing, of more than is available, to another client: refused by name', () => {
    const story = paidUp('1000')
    const asked = [
      story.transfer('1', 'matter'),
      story.transfer('0'),
      story.transfer('1000.01'),
      story.transfer('1', 'stranger'),
    ]
    expect(asked).toEqual(['SameMatter', 'AmountNotAcceptable', 'InsufficientBalance', 'OtherClientsMatter'])
    expect([story.balance, story.last.plan.decisions[0]?.rule]).toEqual(['1000.00', 'R19'])
  })

  test('lowers nothing that was received (R4), and sets off a top-up (R7)', () => {
    const story = paidUp('1000', { replenishment: true, minimum: '800', trigger: '600' })
    story.transfer('400')
    expect([story.received, story.request?.kind]).toEqual(['1000.00', 'TOP_UP'])
    expect(story.mails()).toEqual(['REQUEST 200.00', 'TOP_UP_COPY 200.00'])
  })

  test('a disabled or closing matter may give what it has (R2, R20)', () => {
    const story = paidUp('1000')
    story.save({ enabled: false })
    expect(story.transfer('100')).toBe('ok')
    story.close()
    expect([story.transfer('900'), story.state.lifecycle]).toEqual(['ok', 'CLOSED'])
    expect(story.transfer('1')).toBe('MatterClosed')
  })
})

describe('R19: transfer in', () => {
  const asked = (): Story => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.mails()
    return story
  }

  test('counts toward initial amount and open request, locks, and mails nobody', () => {
    const story = asked()
    story.arrives(story.transferIn('400', 'transfer'))
    expect([story.balance, story.received, story.due]).toEqual(['400.00', '400.00', '600.00'])
    expect(story.request).toMatchObject({ amount: '1000.00', received: '400.00' })
    expect(story.mails()).toEqual([])
    story.save({ initial: '2000' })
    expect(story.last.answer).toMatchObject({ refusal: { code: 'InitialAmountLocked', paymentId: 'transfer' } })
  })

  test('is counted by whichever message comes first, once', () => {
    const story = asked()
    const transferId = story.transferIn('400')
    story.cheque('100')
    expect([story.received, story.request?.received]).toEqual(['500.00', '500.00'])
    story.arrives(transferId)
    expect([story.balance, story.received, story.codes]).toEqual(['500.00', '500.00', []])
  })

  test('several at once are all counted', () => {
    const story = asked()
    story.transferIn('400')
    story.arrives(story.transferIn('600'))
    expect([story.received, story.history]).toEqual(['1000.00', ['SATISFIED 1000.00']])
  })

  test('ends the request that it satisfies before the next event is looked at: a new one is opened and sent', () => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '100' })
    story.createOnline()
    story.mails()
    story.transferIn('500')
    story.invoice('450')
    expect(story.history).toEqual(['SATISFIED 500.00', 'OPEN 450.00'])
    expect(story.mails()).toEqual(['REQUEST 450.00', 'TOP_UP_COPY 450.00'])
  })

  test('pays the invoice that comes next (R16)', () => {
    const story = enabled()
    story.transferIn('500')
    story.invoice('450')
    expect([story.balance, story.openInvoices()]).toEqual(['50.00', {}])
  })

  test('a refused command leaves it for the next message', () => {
    const story = asked()
    story.transferIn('1000')
    expect(story.createOnline()).toBe('NothingDue')
    expect([story.balance, story.state.arrivals.length]).toEqual(['1000.00', 1])
    story.arrives('transfer')
    expect([story.received, story.state.arrivals, story.request]).toEqual(['1000.00', [], null])
  })

  test('is asked for no more, from the moment it is booked (R4)', () => {
    const story = asked()
    story.transferIn('600')
    expect([story.received, story.due, story.live]).toEqual(['600.00', '400.00', '400.00'])
    expect(phaseOf(story.state)).toBe('REQUESTED')
    story.arrives('transfer')
    expect([story.received, story.due, story.live]).toEqual(['600.00', '400.00', '400.00'])
  })

  test('nor is it of what is frozen (R10)', () => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
    story.createOnline()
    story.off()
    story.transferIn('200')
    expect([story.due, story.live]).toEqual(['300.00', '0.00'])
  })

  test('lessens what is frozen (R10)', () => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
    story.createOnline()
    story.off()
    story.arrives(story.transferIn('200'))
    expect([story.due, story.live]).toEqual(['300.00', '0.00'])
  })

  test('can be refunded: it goes back to the payments behind it (R17)', () => {
    const story = enabled()
    story.arrives(story.transferIn('200', 'transfer'))
    story.refund('200', 'refund')
    expect([...story.books.parts.values()]).toMatchObject([{ paymentId: 'behind-transfer', amountMinor: usd('200') }])
  })

  test('a matter that closes counts it first, and keeps it until it is given away (R20)', () => {
    const story = asked()
    story.transferIn('200')
    story.close()
    expect([story.state.lifecycle, story.received, story.balance]).toEqual(['CLOSING', '200.00', '200.00'])
  })
})
