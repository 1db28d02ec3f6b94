import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Firmly } from '../../schema/reading.ts'
import { readTogether } from '../../schema/reads/together.ts'
import { openDatabase } from '../../src/db/pool.ts'
import { type Api, startApi } from './support.ts'

let api: Api
let read: ReturnType<typeof readTogether>
beforeAll(async () => {
  api = await startApi()
  read = readTogether(api.db, api.firm.firmId)
})
afterAll(() => api?.close())

const value = async (trx: Firmly, expression: string): Promise<unknown> =>
  (await sql<{ value: unknown }>`select ${sql.raw(expression)} as value`.execute(trx)).rows[0]?.value
const transaction = (trx: Firmly) => value(trx, 'pg_backend_pid() || transaction_timestamp()::text')

test('what is asked for at once is read in one transaction, what is asked for afterwards in another', async () => {
  const together = await Promise.all([read(transaction), read(transaction), read(transaction)])
  expect(new Set(together).size).toBe(1)
  expect(await read(transaction)).not.toBe(together[0])
})

test('it is read as the firm, and as no other', async () => {
  const firms = await Promise.all([1, 2].map(() => read((trx) => trx.selectFrom('firm').select('id').execute())))
  expect(firms).toEqual([[{ id: api.firm.firmId }], [{ id: api.firm.firmId }]])
})

test('a read that fails takes no other with it, whichever comes first', async () => {
  const failing = (trx: Firmly) => value(trx, '1 / 0')
  const one = (trx: Firmly) => value(trx, '1')
  const results = await Promise.allSettled([read(one), read(failing), read(one), read(failing), read(one)])
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code))).toEqual([
    1,
    '22012',
    1,
    '22012',
    1,
  ])
})

test('while the database is away, every read is told so', async () => {
  const away = openDatabase('postgres://x:y@127.0.0.1:1/z', { name: 'test-away', max: 1 })
  const reads = readTogether(away, api.firm.firmId)
  const results = await Promise.allSettled([reads(transaction), reads(transaction)])
  expect(results.map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
    'ECONNREFUSED',
    'ECONNREFUSED',
  ])
  await away.destroy()
})
