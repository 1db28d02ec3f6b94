import { randomUUID } from 'node:crypto'
import { patiently } from '../../src/demo/patiently.ts'
import type { Firm } from './practice.ts'

const RUN = `query Run { viewer { reconciliations(first: 5) { nodes { id status step done
  differences(first: 50) { nodes { check code subject expected found } } } } } }`

interface Difference {
  check: string
  code: string
  subject: string
  expected: string | null
  found: string | null
}

interface Run {
  id: string
  status: string
  differences: { nodes: Difference[] }
}

/** Reconciles a firm's books on demand, as a person does: how that ended, and what was found. */
export async function reconcile(firm: Firm): Promise<{ status: string; differences: Difference[] }> {
  const before = await runs(firm)
  await firm.api.run(
    `mutation Start($input: StartReconciliationInput!) { startReconciliation(input: $input) { __typename } }`,
    { input: { idempotencyKey: randomUUID() } },
  )
  return patiently('the reconciliation has ended', async () => {
    const run = (await runs(firm)).find(({ id }) => !before.some((known) => known.id === id))
    if (!run || run.status === 'RUNNING') return undefined
    return { status: run.status, differences: run.differences.nodes }
  })
}

async function runs(firm: Firm): Promise<Run[]> {
  const { viewer } = await firm.api.run<{ viewer: { reconciliations: { nodes: Run[] } } }>(RUN)
  return viewer.reconciliations.nodes
}
