import type { Client } from '@temporalio/client'
import { RETAINER_WORKFLOW } from '../../workflows/contract.ts'
import type { WorkerVersion } from '../config.ts'

/** Workflows that have not ended. */
export interface OpenWorkflows {
  matters: number
  /** Payouts, reconciliations, unapplied funds: they end by themselves. */
  others: number
}

/** Counts what is open on a version, or on workers without one (null), as the engine's visibility knows it. */
export async function countOpen(client: Client, version: WorkerVersion | null): Promise<OpenWorkflows> {
  const [matters, all] = await Promise.all([
    client.workflow.count(mattersOn(version)),
    client.workflow.count(openOn(version)),
  ])
  return { matters: matters.count, others: Math.max(0, all.count - matters.count) }
}

/** The visibility query that finds the matters of a version. */
export const mattersOn = (version: WorkerVersion | null): string =>
  `${openOn(version)} AND WorkflowType = '${RETAINER_WORKFLOW}'`

/** The server's own workflows, which keep deployments and schedules, are in a division of their own and not found by this. */
function openOn(version: WorkerVersion | null): string {
  const on = version ? `= '${version.deploymentName}:${version.buildId}'` : 'IS NULL'
  return `ExecutionStatus = 'Running' AND TemporalWorkerDeploymentVersion ${on}`
}
