import { expect, test } from 'vitest'
import { toWire } from '../../src/domain/wire.ts'
import { currentDetails } from '../../workflows/details.ts'
import { attentionSummary, commitSummary, effectSummary } from '../../workflows/summaries.ts'
import { enabled, paidUp, paidUpBy, type Story } from './story.ts'

/** Codes, templates and kinds of the program, and ids of any length. */
const OF_THE_PROGRAM = /[A-Z]{2,}_[A-Z]|\b(MAIL|REFUND|REQUEST|REMINDER|RECEIPT)\b|[0-9a-f]{8}-[0-9a-f]{4}-|cs_|pi_/

const work = ({ state, last }: Story): string[] => last.plan.effects.map((effect) => effectSummary(effect, state))

test('R21: work of the courier says who gets what, by number and amount', () => {
  const story = enabled({ initial: '1000' })
  story.createOnline()
  expect(work(story)).toEqual(['Mail the client request 1 for 1000.00 USD'])
  story.waitDays(7)
  expect(work(story)).toEqual(['Mail the client reminder 1 of request 1 for 1000.00 USD'])
  story.pays('900')
  expect(work(story)).toEqual([
    'Mail the client a receipt for 900.00 USD',
    'Mail the firm that 900.00 USD was received',
  ])
  story.refund('100')
  expect(work(story)).toEqual(['Send the client a refund of 100.00 USD'])
})

test('R21: a commit says what it decided, and a refusal that it is one', () => {
  const story = enabled({ initial: '1000' })
  const summary = (kind: string, { last }: Story): string =>
    commitSummary({
      kind,
      currency: 'USD',
      plan: toWire(last.plan),
      answer: toWire(last.answer),
    } as Parameters<typeof commitSummary>[0])
  story.createOnline()
  expect(summary('createOnline', story)).toBe('Commit Create online, request 1, 1000.00 USD')
  const paid = paidUp('1000')
  paid.createOnline()
  expect(summary('createOnline', paid)).toBe('Commit a refusal: Create online')
})

test('a notice to a firm is named by its title, whatever its subject is', () => {
  expect(attentionSummary({ subjectId: 'PAYOUT_FAILED:po_1' })).toBe(
    'Mail the firm: A payout to your bank account failed',
  )
})

test('R18: the page of a disputed matter names the trouble in words, with its deadline, all in UTC', () => {
  const story = paidUpBy('payment', '1000', { replenishment: true, minimum: '500', trigger: '250' })
  story.disputed('payment', '1000', 'du_1', Date.parse('2030-01-15T23:59:00Z'))
  const details = currentDetails(story.state)
  expect(details).toMatch(
    /\| Attention \| \*\*A client disputes a payment\*\*, since [-\d]+ [:\d]+ UTC, answer by 2030-01-15 23:59 UTC \|/,
  )
  expect(details).toContain('| Disputes | **1000.00 USD** (du_1), answer by 2030-01-15 23:59 UTC |')
  expect(details).toContain('| Replenishment | topped up to 500.00 USD, when at or below 250.00 USD |')
  expect(details).toContain('Mail the firm: A client disputes a payment')
  const [aboveDecisions = ''] = details.split('**Last decisions**')
  expect(aboveDecisions.replace(/\*\*[A-Z_]+\*\*/, '')).not.toMatch(OF_THE_PROGRAM)
})
