import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Online, startOnline } from './online.ts'

let online: Online
beforeAll(async () => {
  online = await startOnline()
})
afterAll(() => online.close())

describe('GraphQL over HTTP, as graphql-http audits a server', () => {
  const audits = serverAudits({
    url: () => online.url,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...online.headers } }),
  })

  test.each(audits)('$id $name', async ({ fn }) => {
    const { status, ...more } = await fn()
    const reason = 'reason' in more ? more.reason : undefined
    expect({ status, reason }).toEqual({ status: 'ok', reason: undefined })
  })

  test('no audit was left out', () => expect(audits).toHaveLength(61))
})
