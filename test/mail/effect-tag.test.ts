import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { effectOfTags, effectTag } from '../../src/mail/effect-tag.ts'

/** What the provider takes in a tag. */
const TAG = /^[A-Za-z0-9_-]{1,256}$/

test.each([
  `${randomUUID()}.12.3`,
  `${randomUUID()}.payout.po_1LHPtAuRXGFRuvLb55NbDf0U.PAYOUT_CURRENCY`,
  'unapplied.pi_3l7Vv9wDGLMJTYTCPcMQ5H9it',
  'unapplied.dispute:dp_1LHPtAuRXGFRuvLb55NbDf0U:withdrawn',
])('R12: the tag of a mail is one that the provider takes, and names the effect %s', (effectId) => {
  const { name, value } = effectTag(effectId)
  expect(value).toMatch(TAG)
  expect(effectOfTags({ [name]: value })).toBe(effectId)
})

test.each([[undefined], [{ kind: 'request' }], [{ effect: '' }], [{ effect: 'AAAA' }]])('%s name no effect', (tags) => {
  expect(effectOfTags(tags)).toBeNull()
})
