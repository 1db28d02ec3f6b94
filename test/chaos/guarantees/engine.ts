import type { WorkflowBundleOption } from '@temporalio/worker'
import { retainerWorkflowId } from '../../../workflows/contract.ts'
import { expectNobodyNamedByEngine } from '../../privacy/nobody-named.ts'
import { failedTasks, replayFailures } from '../../support/recorded-runs.ts'
import type { Evidence, Guarantee } from './guarantee.ts'

/** What must hold of the engine. `bundle` is today's workflow code. */
export const ofTheEngine = (bundle: WorkflowBundleOption): Guarantee[] => [
  {
    rules: 'engine',
    says: 'no workflow task failed',
    breaches: async ({ runs }) =>
      failedTasks(runs).map(
        ({ workflowId, failure }) => `${workflowId}: ${failure?.failure?.message ?? failure?.cause}`,
      ),
  },
  {
    rules: 'engine',
    says: 'every history replays',
    breaches: async ({ runs }) =>
      (await replayFailures(runs, bundle)).map(({ workflowId, error }) => `${workflowId}: ${error}`),
  },
  { rules: 'engine', says: 'every open matter has its workflow, and no other runs', breaches: strays },
  {
    rules: 'engine',
    says: 'the engine names nobody',
    breaches: ({ temporal, practice }) =>
      expectNobodyNamedByEngine(temporal, practice.db).then(
        () => [],
        (error: unknown) => String(error instanceof Error ? error.message : error).split('\n'),
      ),
  },
]

async function strays({ practice, temporal }: Evidence): Promise<string[]> {
  const breaches: string[] = []
  const open = new Set<string>()
  const matters = await practice.db.selectFrom('retainer').select(['matter_id', 'phase', 'version']).execute()
  for (const { matter_id, phase, version } of matters) {
    if (phase !== 'CLOSED' && version > 0n) open.add(retainerWorkflowId(matter_id))
  }
  const running = new Set<string>()
  for await (const { workflowId, status } of temporal.workflow.list()) {
    if (status.name === 'RUNNING') running.add(workflowId)
    else if (!['COMPLETED', 'CONTINUED_AS_NEW'].includes(status.name)) breaches.push(`${workflowId}: ${status.name}`)
  }
  for (const id of open) if (!running.has(id)) breaches.push(`${id}: its matter is open, and it does not run`)
  for (const id of running) {
    if (!open.has(id)) breaches.push(`${id}: still runs`)
  }
  return breaches
}
