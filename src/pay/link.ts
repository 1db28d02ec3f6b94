import { createHash, createHmac } from 'node:crypto'

/**
 * Payment links. The token is an HMAC of the request's id: 256 bits that nobody can guess, the same each time a mail or a
 * biller needs it, and never stored. The database knows only its SHA-256.
 */

/** The token of a request's payment link: 43 characters of base64url. */
export function linkToken(secret: string, requestId: string): string {
  return createHmac('sha256', secret).update(requestId).digest('base64url')
}

/** What `request.link_hash` holds: the SHA-256 of the token's characters (32 bytes). */
export function linkHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

interface PayLinks {
  /** PAY_LINK_SECRET */
  secret: string
  /** PUBLIC_URL, without a slash at its end. */
  publicUrl: string
}

/** Gives the function from a request's id to the link its mails carry. */
export function payLink({ secret, publicUrl }: PayLinks): (requestId: string) => string {
  return (requestId) => `${publicUrl}${payPath(linkToken(secret, requestId))}`
}

/** The payment page of a link. */
export const payPath = (token: string): string => `/pay/${token}`

/** Where the provider's page sends the client back to, for one attempt at one request. */
export interface PayReturnUrls {
  /** After paying: shows the posting once it has happened. */
  successUrl: string
  /** After leaving without paying: the payment page again, which says so. */
  cancelUrl: string
}

/** The two addresses a payment session is made with. They depend on nothing else, so that every retry asks for the same. */
export function payReturnUrls(attempt: { publicUrl: string; token: string; attemptId: string }): PayReturnUrls {
  const page = `${attempt.publicUrl}${payPath(attempt.token)}`
  return { successUrl: `${page}/thanks/${attempt.attemptId}`, cancelUrl: `${page}?cancelled=1` }
}
