import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, isGrpcServiceError } from '@temporalio/client'
import proto from '@temporalio/proto'
import type { WorkerVersion } from '../config.ts'
import { describeDeployment, findVersion, type VersionReport, VersionsError } from './versions.ts'

const { RoutingConfigUpdateState } = proto.temporal.api.enums.v1
/** gRPC: FAILED_PRECONDITION. */
const FAILED_PRECONDITION = 9
const WORKERS_WITHIN_MS = 30_000
const KNOWN_WITHIN_MS = 60_000
const POLL_MS = 200

/**
 * Makes a version the current one: what is started from now on begins on it, and what runs on others may go over to it. Waits for
 * its workers where they are just starting, and then a minute for every task queue to know: answers whether they do, which a server
 * that is busy tells late or not at all. A version that is current already stays so.
 * @throws VersionsError when the version has no workers, or its workers leave out a task queue of the current one's
 */
export async function makeCurrent(client: Client, version: WorkerVersion): Promise<'known' | 'being told'> {
  const { deploymentName, buildId } = version
  const deadlineMs = Date.now() + WORKERS_WITHIN_MS
  const { status } = await untilItHasWorkers(client, version, deadlineMs)
  while (status !== 'CURRENT') {
    const { conflictToken } = await describeDeployment(client, deploymentName)
    try {
      await client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: client.workflow.options.namespace,
        deploymentName,
        buildId,
        conflictToken,
        identity: client.options.identity,
      })
      break
    } catch (error) {
      if (!isGrpcServiceError(error) || error.code !== FAILED_PRECONDITION) throw error
      // The server knows the workers of one task queue before those of another.
      if (Date.now() > deadlineMs) {
        throw new VersionsError(`The server does not make version ${buildId} current: ${error.details}.`)
      }
    }
    await sleep(POLL_MS)
  }
  return untilEveryQueueKnows(client, deploymentName)
}

async function untilItHasWorkers(client: Client, version: WorkerVersion, deadlineMs: number): Promise<VersionReport> {
  for (;;) {
    const isLastTry = Date.now() > deadlineMs
    try {
      const found = await findVersion(client, version)
      if (found.workers > 0) return found
      if (isLastTry)
        throw new VersionsError(`Version ${version.buildId} has no workers. Start them, then make it current.`)
    } catch (error) {
      if (isLastTry || !(error instanceof VersionsError)) throw error
    }
    await sleep(POLL_MS)
  }
}

async function untilEveryQueueKnows(client: Client, deploymentName: string): Promise<'known' | 'being told'> {
  const deadlineMs = Date.now() + KNOWN_WITHIN_MS
  for (;;) {
    const { updateState } = await describeDeployment(client, deploymentName)
    if (updateState !== RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS) return 'known'
    if (Date.now() > deadlineMs) return 'being told'
    await sleep(POLL_MS)
  }
}
