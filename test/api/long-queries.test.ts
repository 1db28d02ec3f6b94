import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { startLiveRig } from './live-rig.ts'

let rig: Awaited<ReturnType<typeof startLiveRig>>
beforeAll(async () => {
  rig = await startLiveRig()
})
afterAll(() => rig?.close())

/** More than GraphQL has connections. */
const QUERIES = 40

test('R14: queries of a firm that take long keep no client from the payment page', async () => {
  const api = await rig.startProcess()
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${await rig.token(60, ['ADMIN'])}`,
  }
  const body = JSON.stringify({ query: '{ viewer { reconciliations(first: 1) { nodes { id } } } }' })
  const ask = () => fetch(api.url, { method: 'POST', headers, body })
  expect(await (await ask()).json()).toEqual({ data: { viewer: { reconciliations: { nodes: [] } } } })

  await rig.owner.transaction().execute(async (trx) => {
    await sql`lock table reconciliation in access exclusive mode`.execute(trx)
    // Each ends by itself, when it has waited as long as a query may, or when this is over.
    for (let nth = 0; nth < QUERIES; nth++) void ask().catch(() => undefined)
    await until('every connection of GraphQL waits', async () => (await rig.waitingForLocks()) >= 20)
    const page = await fetch(new URL('/pay/nobody-has-this-link', api.url))
    expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('link')])
  })
  await api.end('SIGKILL')
})
