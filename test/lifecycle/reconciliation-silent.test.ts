import { type Client, QueryNotRegisteredError, ServiceError } from '@temporalio/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkMatters } from '../../src/reconciliation/matters.ts'
import { retainerWorkflowId } from '../../workflows/contract.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import { createFirm } from '../support/firm.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.end())

const grpcError = (code: number) =>
  new ServiceError('Failed to query Workflow', {
    cause: Object.assign(new Error('The engine says no.'), { code, details: '', metadata: {} }),
  })
const FAILED_PRECONDITION = 9
const DEADLINE_EXCEEDED = 4
const UNAVAILABLE = 14

/** What is found of the only matter of a firm, whose workflow runs and answers every query so. */
async function found(error: Error) {
  const firm = await createFirm(ledger.database.owner)
  const { matterId } = await ledger.holding(10_000n, firm)
  let asked = 0
  const handle = {
    describe: async () => ({ status: { name: 'RUNNING' } }),
    query: async () => {
      asked += 1
      throw error
    },
  }
  const temporal = { workflow: { getHandle: () => handle }, withDeadline: (_: number, ask: () => unknown) => ask() }
  const dependencies = { db: ledger.worker, temporal: temporal as unknown as Client }
  const differences = await checkMatters(dependencies, firm.firmId, async () => undefined)
  return { differences, asked, subject: retainerWorkflowId(matterId) }
}

test.each([
  ['no worker answers', grpcError(DEADLINE_EXCEEDED)],
  ['its task fails again and again', grpcError(FAILED_PRECONDITION)],
  ['it cannot be replayed', new QueryNotRegisteredError('Nondeterminism', 3)],
])('a matter is named as silent, once asked, where %s', async (_, error) => {
  const { differences, asked, subject } = await found(error)
  expect(differences).toMatchObject([{ code: 'ENGINE_SILENT', subject }])
  expect(asked).toBe(1)
})

test('an engine that is away is no difference of any matter: the step is tried again', async () => {
  await expect(found(grpcError(UNAVAILABLE))).rejects.toThrow('Failed to query Workflow')
})
