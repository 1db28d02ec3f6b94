import { type Client, ServiceError } from '@temporalio/client'
import proto from '@temporalio/proto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { moveMatters } from '../../src/deployment/move-matters.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => void vi.useRealTimers())

const INTERNAL = new ServiceError('Failed to signal Workflow', {
  cause: Object.assign(new Error('no'), { code: 13, details: '', metadata: {} }),
})

/** A version with these matters: each goes over when it is told, unless it cannot be. */
function deployment(ids: string[], signal: (workflowId: string) => void) {
  const open = new Set(ids)
  const summary = {
    deploymentVersion: { deploymentName: 'retainer', buildId: 'one' },
    status: proto.temporal.api.enums.v1.WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING,
  }
  const poller = {
    identity: 'worker',
    deploymentOptions: { deploymentName: 'retainer', buildId: 'one' },
    lastAccessTime: { seconds: Date.now() / 1_000 },
  }
  const client = {
    workflowService: {
      describeWorkerDeployment: async () => ({ workerDeploymentInfo: { versionSummaries: [summary] } }),
      describeTaskQueue: async () => ({ pollers: [poller] }),
    },
    workflow: {
      options: { namespace: 'default' },
      count: async () => ({ count: open.size }),
      async *list() {
        for (const workflowId of ids.filter((id) => open.has(id))) yield { workflowId }
      },
      getHandle: (workflowId: string) => ({
        signal: async () => {
          signal(workflowId)
          open.delete(workflowId)
        },
      }),
    },
  } as unknown as Client
  // What waits is given up by the clock.
  const report = () => void vi.setSystemTime(Date.now() + 10_000)
  return moveMatters(client, { version: { deploymentName: 'retainer', buildId: 'one' }, now: false, report })
}

const ids = Array.from({ length: 25 }, (_, nth) => `retainer-${nth}`)

test('a matter that cannot be told to move keeps no other from moving, and is named in the end', async () => {
  const moved = await deployment(ids, (workflowId) => {
    if (workflowId === 'retainer-3') throw INTERNAL
  })
  expect(moved).toEqual({ left: 1, untold: new Map([['retainer-3', 'gRPC 13']]) })
}, 30_000)

test('a matter that could not be told at first is told again', async () => {
  let failures = 1
  const moved = await deployment(ids, (workflowId) => {
    if (workflowId === 'retainer-3' && failures-- > 0) throw INTERNAL
  })
  expect(moved).toEqual({ left: 0, untold: new Map() })
}, 30_000)
