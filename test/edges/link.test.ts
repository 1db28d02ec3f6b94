import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linkHash, linkToken, payLink, payReturnUrls } from '../../src/pay/link.ts'

const SECRET = 'a secret of at least thirty-two characters'

test('a request’s link is the same each time it is needed', () => {
  const link = payLink({ secret: SECRET, publicUrl: 'https://pay.example' })
  expect(link('m-r1')).toBe(link('m-r1'))
  expect(link('m-r1')).toBe(`https://pay.example/pay/${linkToken(SECRET, 'm-r1')}`)
})

test('tokens are 43 characters that need no escaping, and differ by request and by secret', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(linkToken(SECRET, one)).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(linkToken(SECRET, one) === linkToken(SECRET, other)).toBe(one === other)
      expect(linkToken(SECRET, one)).not.toBe(linkToken(`${SECRET}!`, one))
    }),
  )
})

test('what the database keeps is 32 bytes and leads back to no token', () => {
  const token = linkToken(SECRET, 'm-r1')
  expect(linkHash(token)).toHaveLength(32)
  expect(linkHash(token).equals(linkHash(token))).toBe(true)
  expect(linkHash(token).toString('base64url')).not.toBe(token)
})

test('the provider’s page leads back to the thank-you page of its attempt, or to the payment page', () => {
  expect(payReturnUrls({ publicUrl: 'https://pay.example', token: 't', attemptId: 'a' })).toEqual({
    successUrl: 'https://pay.example/pay/t/thanks/a',
    cancelUrl: 'https://pay.example/pay/t?cancelled=1',
  })
})
