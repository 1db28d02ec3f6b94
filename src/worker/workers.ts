import { fileURLToPath } from 'node:url'
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker'
import type { createActivities } from '../../activities/index.ts'
import { TASK_QUEUES } from '../../workflows/contract.ts'
import type { WorkerVersion } from '../config.ts'

export interface WorkersOptions {
  connection: NativeConnection
  namespace: string
  activities: ReturnType<typeof createActivities>
  /** How many mails all workers together may send per second; the server holds the queue to it. */
  mailPerSecond: number
  /** Which version of the code these workers are; left out where workers have no versions. */
  version?: WorkerVersion
  /** Bundled ahead, where several workers start from the same code. */
  workflowBundle?: NonNullable<WorkerOptions['workflowBundle']>
}

export const WORKFLOWS_PATH = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url))

/**
 * One worker per task queue: workflows with the ledger, payments, mail. All three are of one version: what a matter asks of its
 * providers is done by the code it was begun with.
 */
export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, activities, mailPerSecond, version, workflowBundle } = options
  const shared = { connection, namespace, shutdownGraceTime: '5 seconds', ...(version && pinnedTo(version)) } as const
  return Promise.all([
    Worker.create({
      ...shared,
      taskQueue: TASK_QUEUES.retainer,
      activities: activities.retainer,
      ...(workflowBundle ? { workflowBundle } : { workflowsPath: WORKFLOWS_PATH }),
    }),
    Worker.create({ ...shared, taskQueue: TASK_QUEUES.payments, activities: activities.payments }),
    Worker.create({
      ...shared,
      taskQueue: TASK_QUEUES.mail,
      activities: activities.mail,
      maxTaskQueueActivitiesPerSecond: mailPerSecond,
    }),
  ])
}

/** By the worker's default, not by each workflow's own options: those would fail workers that have no version. */
const pinnedTo = (version: WorkerVersion) => ({
  workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' } as const,
})
