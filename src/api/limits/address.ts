import { isIPv6 } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/**
 * Where a request comes from, as limits count it: the address of the connection or, behind `trustedProxies` proxies of ours, the one
 * that the outermost of them saw. What stands further left in `x-forwarded-for` anybody can write.
 */
export function clientAddress(c: Context, trustedProxies: number): string {
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((each) => each.trim())
  const seen = trustedProxies > 0 ? forwarded.at(-trustedProxies) : undefined
  return countedAs(seen || connectionOf(c))
}

function connectionOf(c: Context): string {
  return getConnInfo(c).remote.address ?? ''
}

/** Whoever has an IPv6 address has the other 2^64 of its network too. */
export function countedAs(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':')
    groups.push(...Array<string>(8 - groups.length - after.length).fill('0'), ...after)
  }
  return `${groups.slice(0, 4).join(':')}::/64`
}
