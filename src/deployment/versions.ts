import { type Client, isGrpcServiceError } from '@temporalio/client'
import proto from '@temporalio/proto'
import { TASK_QUEUES } from '../../workflows/contract.ts'
import type { WorkerVersion } from '../config.ts'
import { countOpen, type OpenWorkflows } from './open-workflows.ts'

const { TaskQueueType, WorkerDeploymentVersionStatus } = proto.temporal.api.enums.v1
/** gRPC: NOT_FOUND. */
const NOT_FOUND = 5
/** A worker asks for work at least once a minute; the server remembers for five who did. */
const SEEN_WITHIN_MS = 90_000

/** Where a version is in its life: deployed, given what is new, left with what it began, left with nothing. */
export type VersionStatus = 'INACTIVE' | 'CURRENT' | 'RAMPING' | 'DRAINING' | 'DRAINED'

export interface VersionReport {
  version: WorkerVersion
  status: VersionStatus
  /** Worker processes that have asked for matters' tasks in the last minute and a half. */
  workers: number
  open: OpenWorkflows
}

/** What an operator does wrong, or has to do first: a sentence with the remedy. */
export class VersionsError extends Error {
  override name = 'VersionsError'
}

/**
 * Every version of the deployment that the server knows, the current one first, then the newest first.
 * @throws VersionsError when no worker of the deployment was ever started
 */
export async function listVersions(client: Client, deploymentName: string): Promise<VersionReport[]> {
  const { versions } = await describeDeployment(client, deploymentName)
  const workers = await workersByBuildId(client, deploymentName)
  return Promise.all(
    versions.map(async ({ buildId, status }) => {
      const version = { deploymentName, buildId }
      return { version, status, workers: workers.get(buildId)?.size ?? 0, open: await countOpen(client, version) }
    }),
  )
}

/**
 * One version of the deployment.
 * @throws VersionsError naming those there are, when it is not one of them
 */
export async function findVersion(client: Client, { deploymentName, buildId }: WorkerVersion): Promise<VersionReport> {
  const versions = await listVersions(client, deploymentName)
  const found = versions.find(({ version }) => version.buildId === buildId)
  if (found) return found
  const known = versions.map(({ version }) => version.buildId).join(', ')
  throw new VersionsError(
    `Deployment ${deploymentName} has no version ${buildId}; it has: ${known}. A version appears when its first worker starts.`,
  )
}

/** What the server knows of the deployment. @throws VersionsError when it knows nothing */
export async function describeDeployment(client: Client, deploymentName: string) {
  const { namespace } = client.workflow.options
  try {
    const answer = await client.workflowService.describeWorkerDeployment({ namespace, deploymentName })
    const info = answer.workerDeploymentInfo
    const versions = (info?.versionSummaries ?? []).map((summary) => ({
      buildId: summary.deploymentVersion?.buildId ?? '',
      status: statusOf(summary.status),
      createdAtS: Number(summary.createTime?.seconds ?? 0),
    }))
    versions.sort(
      (a, b) => Number(b.status === 'CURRENT') - Number(a.status === 'CURRENT') || b.createdAtS - a.createdAtS,
    )
    return { versions, conflictToken: answer.conflictToken, updateState: info?.routingConfigUpdateState }
  } catch (error) {
    if (!isGrpcServiceError(error) || error.code !== NOT_FOUND) throw error
    throw new VersionsError(
      `Namespace ${namespace} knows no deployment ${deploymentName}. Start a worker with TEMPORAL_DEPLOYMENT_NAME=${deploymentName} and a TEMPORAL_WORKER_BUILD_ID first.`,
    )
  }
}

function statusOf(status: number | null | undefined): VersionStatus {
  switch (status) {
    case WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_CURRENT:
      return 'CURRENT'
    case WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_RAMPING:
      return 'RAMPING'
    case WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING:
      return 'DRAINING'
    case WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINED:
      return 'DRAINED'
    default:
      return 'INACTIVE'
  }
}

/** The identities of the deployment's worker processes, by version. */
async function workersByBuildId(client: Client, deploymentName: string): Promise<Map<string, Set<string>>> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.workflow.options.namespace,
    taskQueue: { name: TASK_QUEUES.retainer },
    taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  })
  const workers = new Map<string, Set<string>>()
  for (const { identity, deploymentOptions, lastAccessTime } of pollers ?? []) {
    const ageMs = Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000
    if (deploymentOptions?.deploymentName !== deploymentName || ageMs > SEEN_WITHIN_MS) continue
    const buildId = deploymentOptions.buildId ?? ''
    workers.set(buildId, (workers.get(buildId) ?? new Set()).add(identity ?? ''))
  }
  return workers
}
