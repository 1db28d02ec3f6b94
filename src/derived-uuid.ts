import { createHash } from 'node:crypto'

/** The UUID that the same text always gives: what is made from it has one name however often it is made. */
export function derivedUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  // Version 8, variant 10: a UUID of our own making (RFC 9562).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
