import { randomUUID } from 'node:crypto'
import { type Client, ServiceError, WorkflowNotFoundError } from '@temporalio/client'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger } from '../../src/log.ts'
import { mattersBehind } from '../../src/worker/behind.ts'
import { retainerWorkflowId } from '../../workflows/contract.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'

const MINUTE_MS = 60_000
const grpcError = (code: number) =>
  new ServiceError('Failed', { cause: Object.assign(new Error('no'), { code, details: '', metadata: {} }) })
const SILENT = grpcError(4)
const AWAY = grpcError(14)
const GONE = new WorkflowNotFoundError('none', '', undefined)

const ledgers: Ledger[] = []
let ledger: Ledger
let minutes = 0
beforeEach(async () => {
  ledger = await openLedger()
  ledgers.push(ledger)
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => void vi.useRealTimers())
afterAll(() => Promise.all(ledgers.map((each) => each.end())))

/** Matters whose books have planned this, each a minute after the one before; nothing of it was ever tried. */
async function waiting(count: number, kind: 'MAIL' | 'REFUND'): Promise<string[]> {
  const { owner } = ledger.database
  const ids: string[] = []
  for (let nth = 0; nth < count; nth += 1) {
    minutes += 1
    const { matterId } = await ledger.holding(0n)
    const planned_at = new Date(Date.parse('2020-01-01T00:00:00Z') + minutes * MINUTE_MS)
    const effect = { firm_id: ledger.firm.firmId, kind, body: {}, planned_at }
    await owner
      .insertInto('effect')
      .values({ id: randomUUID(), matter_id: matterId, ...effect })
      .execute()
    ids.push(matterId)
  }
  return ids
}

/** An engine whose workflows answer so, each asked taking its time by the clock; who was asked, and who was told to read. */
function engine(answer: (matterId: string) => Error | { version: number }, tookMs = 0) {
  const asked: string[] = []
  const told: string[] = []
  const getHandle = (workflowId: string) => {
    const matterId = workflowId.slice(retainerWorkflowId('').length)
    return {
      query: async () => {
        asked.push(matterId)
        vi.setSystemTime(Date.now() + tookMs)
        const said = answer(matterId)
        if (said instanceof Error) throw said
        return said
      },
      signal: async () => void told.push(matterId),
    }
  }
  const temporal = {
    workflow: { getHandle },
    withDeadline: (_: number, ask: () => unknown) => ask(),
  } as unknown as Client
  const log = createLogger('test', { level: 'silent' })
  return { asked, told, look: mattersBehind({ db: ledger.worker, temporal, log }) }
}

const later = (minutes: number) => vi.setSystemTime(Date.now() + minutes * MINUTE_MS)

test('R17: a refund that its workflow does not know of is found in the first look, however many mails wait', async () => {
  await waiting(25, 'MAIL')
  const [refund] = await waiting(1, 'REFUND')
  const { told, look } = engine((matterId) => ({ version: matterId === refund ? 0 : 99 }))
  await look()
  expect(told).toEqual([refund])
})

test.each([
  ['do not answer', SILENT],
  ['have no engine', GONE],
  ['cannot be asked', AWAY],
])('R12: matters that %s keep no other from its turn', async (_, error) => {
  const silent = await waiting(20, 'MAIL')
  const [behind] = await waiting(1, 'MAIL')
  const { told, look } = engine((matterId) => (silent.includes(matterId) ? error : { version: 0 }), 5_000)
  await look()
  await look()
  expect(told).toEqual([behind])
})

test('R5: a matter asked in vain is asked ever more rarely, within the hour, and at once when its books go on', async () => {
  const [matterId = ''] = await waiting(1, 'MAIL')
  const { asked, look } = engine(() => SILENT)
  const askedAgainAfter = async (minutes: number): Promise<boolean> => {
    const before = asked.length
    later(minutes)
    await look()
    return asked.length > before
  }
  await look()
  for (const rest of [1, 2, 4, 8, 16, 32, 60, 60]) {
    expect(await askedAgainAfter(rest - 0.5), `not before ${rest}`).toBe(false)
    expect(await askedAgainAfter(0.6), `after ${rest}`).toBe(true)
  }
  await ledger.database.owner
    .updateTable('retainer')
    .set((eb) => ({ version: eb('version', '+', 1n) }))
    .where('matter_id', '=', matterId)
    .execute()
  expect(await askedAgainAfter(0)).toBe(true)
})
