import { expect, test } from 'vitest'
import { attentionWording } from '../../src/domain/attention-wording.ts'
import { renderMail } from '../../src/mail/render.tsx'

const CODES = [
  'MAIL_BOUNCED',
  'MAIL_FATE_UNKNOWN',
  'MAIL_REFUSED',
  'PAYMENT_SESSION_FAILED',
  'SESSION_NOT_EXPIRED',
  'PAYMENT_AFTER_REQUEST_ENDED',
  'UNAPPLIED_FUNDS',
  'REFUND_FAILED',
  'REFUND_FATE_UNKNOWN',
  'REFUND_WAITS',
  'REFUND_BY_OTHER_MEANS',
  'REFUNDED_AT_PROVIDER',
  'PAYMENT_DISPUTED',
  'PAYMENT_REVERSED',
  'REVERSED_AFTER_CLOSING',
  'BELOW_ZERO',
  'PAYOUT_FAILED',
  'PAYOUT_DIFFERS',
  'PAYOUT_CURRENCY',
  'PAYOUT_UNKNOWN',
  'ACCOUNT_UNREACHABLE',
  'RECONCILIATION_DIFFERENCE',
  'RECONCILIATION_FAILED',
  'COMMIT_REJECTED',
]

test.each(CODES)('%s tells what happened and what can be done, in words of its own', async (code) => {
  const wording = attentionWording(code)
  const { subject, text } = await renderMail({
    template: 'needsAttention',
    firmName: 'Ashworth & Lane LLP',
    code,
    matterNumber: '2026-0142',
  })
  expect(wording).not.toEqual(attentionWording('SOMETHING_NEW'))
  expect(subject).toBe(`Needs attention, matter 2026-0142: ${wording.title}`)
  for (const part of [wording.title, wording.whatHappened, wording.whatToDo]) expect(text).toContain(part)
  expect(text.includes(code), 'the code where it is asked for').toBe(wording.whatToDo.includes('the code below'))
})

test.each(['SOMETHING_NEW', 'constructor', '__proto__', ''])(
  'a code without wording (%j) still reaches the firm',
  async (code) => {
    const { subject, text } = await renderMail({ template: 'needsAttention', firmName: 'Ashworth & Lane LLP', code })
    expect(subject).toBe('Needs attention: A step could not be finished')
    expect(text).toContain(code)
  },
)

test('R15: unapplied funds belong to no matter, and the mail names the amount and no matter', async () => {
  const { subject, text } = await renderMail({
    template: 'needsAttention',
    firmName: 'Ashworth & Lane LLP',
    code: 'UNAPPLIED_FUNDS',
    amount: '$40.00',
  })
  expect(subject).toBe('Needs attention, $40.00: A payment belongs to no open matter')
  expect(text).toContain('held in your firm’s unapplied funds')
  expect(text).not.toContain('Matter number')
})

test('R18: each reference says what it is of', async () => {
  const { text } = await renderMail({
    template: 'needsAttention',
    firmName: 'Ashworth & Lane LLP',
    code: 'PAYMENT_DISPUTED',
    payment: 'pi_1',
    reference: 'du_1',
  })
  expect(text).toMatch(/Payment reference +pi_1\nReference of the dispute +du_1/)
})

test('R18: a deadline is the first fact', async () => {
  const { text } = await renderMail({
    template: 'needsAttention',
    firmName: 'Ashworth & Lane LLP',
    code: 'BELOW_ZERO',
    matterNumber: '2026-0142',
    balance: '-$250.00',
    deadline: 'April 9, 2026',
  })
  expect(text).toMatch(/Act by +April 9, 2026\nMatter number/)
  expect(text).toMatch(/Retainer balance +-\$250\.00/)
})
