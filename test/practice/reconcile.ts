import { randomUUID } from 'node:crypto'
import type { GraphQLClient } from '../../src/demo/graphql-client.ts'
import { patiently } from '../../src/demo/patiently.ts'

const START = `mutation Start($input: StartReconciliationInput!) { startReconciliation(input: $input) {
  ... on StartReconciliationPayload { reconciliation { status
    differences(first: 50) { nodes { check code subject expected found } } } } } }`

/** Every stack reconciles at 03:00 UTC, too, and one runs at a time: then another run is waited for, before this one. */
const TWO_RUNS_MS = 240_000

interface Difference {
  check: string
  code: string
  subject: string
  expected: string | null
  found: string | null
}

interface Answer {
  startReconciliation: { reconciliation: { status: string; differences: { nodes: Difference[] } } | null }
}

/** Reconciles a firm's books on demand, as a person does: how that ended, and what was found. */
export async function reconcile({
  api,
}: {
  api: GraphQLClient
}): Promise<{ status: string; differences: Difference[] }> {
  const input = { idempotencyKey: randomUUID() }
  // The same key each time: it starts this run where none was begun, because another was running, and shows it where one was.
  const seen = async () => {
    const { reconciliation } = (await api.run<Answer>(START, { input })).startReconciliation
    if (!reconciliation || reconciliation.status === 'RUNNING') return undefined
    return { status: reconciliation.status, differences: reconciliation.differences.nodes }
  }
  return patiently('the reconciliation has ended', seen, TWO_RUNS_MS)
}
