import { describe, expect, test } from 'vitest'
import { sentenceOf } from '../../src/domain/explain.ts'
import { DECISION_CODES } from './codes.ts'
import { enabled, paidUp, paidUpBy, Story } from './story.ts'

const said = (story: Story): string[] =>
  story.last.plan.decisions.map((decision) => `${decision.rule}: ${sentenceOf(decision, story.state.currency)}`)

describe('R21: every decision is explained, with the rule and the figures it saw', () => {
  test('an invoice that sets off a top-up', () => {
    const story = paidUp('6000', { replenishment: true, minimum: '5000', trigger: '3000' })
    story.invoice('3500')
    expect(said(story)).toEqual([
      'R16: An invoice of 3500.00 USD was recorded; 3500.00 USD was paid from the retainer.',
      'R7: A top-up of 2500.00 USD was requested: the balance of 2500.00 USD is at or below the trigger of 3000.00 USD.',
    ])
  })

  test('an invoice that sets off none', () => {
    const story = paidUp('6000', { replenishment: true, minimum: '5000', trigger: '3000' })
    story.invoice('1000')
    expect(said(story).at(-1)).toBe('R7: No top-up: the balance of 5000.00 USD is above the trigger of 3000.00 USD.')
  })

  test('an invoice that sets off none because money is on its way (R13)', () => {
    const story = paidUp('600', { replenishment: true, minimum: '500', trigger: '100' })
    story.invoice('550')
    story.debit('450', 'on its way')
    story.invoice('10')
    expect(said(story)).toContain(
      'R7: No top-up: the balance of 40.00 USD and 450.00 USD on its way are above the trigger of 100.00 USD.',
    )
  })

  test('a payment that satisfies the request', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.pays('1000')
    expect(said(story)).toEqual([
      'R6: The initial amount can no longer be edited: a payment counts toward it.',
      'R12: 1000.00 USD was deposited; receipt and notice were mailed. Balance: 1000.00 USD.',
      'R8: Request 1 is satisfied; it received 1000.00 USD.',
    ])
  })

  test('a request withdrawn after a part payment does not claim to be unpaid', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.pays('900')
    story.withdraw()
    expect(said(story)).toEqual([
      'R10: Request 1 was withdrawn; it had received 900.00 USD. Its link says that nothing is due.',
    ])
  })

  test('why the client got no email: the reminder found nothing live', () => {
    const story = enabled({ initial: '1000' })
    story.createOnline()
    story.debit('1000', 'debit')
    story.waitDays(7)
    expect(said(story)).toEqual(['R9: Reminder 1 was skipped: nothing was live to ask for.'])
  })

  test('why the client got no email: replenishment was off', () => {
    const story = enabled({ replenishment: true, minimum: '500', trigger: '0' })
    story.createOnline()
    story.off()
    expect(said(story)).toEqual([
      'R10: Replenishment was turned off; request 1 stays payable for 500.00 USD and is never sent again.',
    ])
  })

  test('a refusal, with who asked for what', () => {
    const story = paidUp('1000')
    story.createOnline()
    expect(said(story)).toEqual(['R5: Create online sent nothing: nothing is due.'])
    expect(story.last.plan.decisions[0]?.inputs).toEqual({
      command: 'createOnline',
      dueMinor: '0',
      liveMinor: '0',
      pendingMinor: '0',
      balanceMinor: '100000',
    })
  })

  test('a refusal while money is on its way names it (R13)', () => {
    const story = enabled({ initial: '1000' })
    story.debit('1000', 'debit')
    story.createOnline()
    expect(said(story)).toEqual(['R5: Create online sent nothing: nothing is due beside the 1000.00 USD on its way.'])
  })

  test('a bank debit that is returned is not called disputed (R13), and an open matter owes nothing since closing', () => {
    const story = paidUpBy('debit', '1000')
    story.disputed('debit', '1000', 'return', null)
    expect(said(story)).toEqual(['R18: The client’s bank returns a payment of 1000.00 USD; that cannot be contested.'])
    const balances = { amountMinor: '100000', balanceMinor: '0' }
    const taken = (receivableMinor: string) =>
      sentenceOf({ code: 'PAYMENT_REVERSED', inputs: { ...balances, receivableMinor } }, 'USD')
    expect(taken('0')).toBe('1000.00 USD of a payment was taken back; the firm was told. Balance: 0.00 USD.')
    expect(taken('100000')).toContain('Owed since closing: 1000.00 USD.')
  })

  test.each(DECISION_CODES)('%s has a sentence, without the code', (code) => {
    const sentence = sentenceOf({ code, inputs: { command: 'createOnline', kind: 'MAIL' } }, 'USD')
    expect(sentence).not.toContain(code.replace('REFUSED_', ''))
    expect(sentence).toMatch(/^[^_]+\.$/)
  })

  test('amounts are told in the firm’s currency', () => {
    const story = new Story('JPY')
    story.save({ enabled: true, initial: '10.00' })
    expect(said(story)).toEqual(['R2: Billing options were saved; nothing was sent. Due now: 1000 JPY.'])
  })

  test('each carries its instant, and the state keeps the last few for the operator', () => {
    const story = enabled({ initial: '1000' })
    for (let pressed = 0; pressed < 20; pressed += 1) {
      story.waitDays(1)
      story.createOnline()
    }
    expect(story.last.plan.decisions[0]?.atMs).toBe(story.atMs)
    expect(story.state.recentDecisions).toEqual(story.decisions.slice(-8))
  })

  test('a code without a sentence of its own is still told, and a stranger’s input shows nothing of the code', () => {
    expect(sentenceOf({ code: 'SOMETHING_NEW', inputs: {} }, 'USD')).toBe('SOMETHING_NEW.')
    expect(sentenceOf({ code: 'REMINDER_SENT', inputs: {} }, 'USD')).toBe(
      'Reminder none of request none was sent for none.',
    )
  })
})
