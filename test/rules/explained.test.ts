import { describe, expect, test } from 'vitest'
import { sentenceOf } from '../../src/domain/explain.ts'
import { enabled, paidUp, Story } from './story.ts'

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
    expect(said(story)).toEqual(['R5: Refused (createOnline): NothingDue.'])
    expect(story.last.plan.decisions[0]?.inputs).toEqual({
      command: 'createOnline',
      dueMinor: '0',
      liveMinor: '0',
      pendingMinor: '0',
      balanceMinor: '100000',
    })
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
