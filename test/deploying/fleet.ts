import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import type { WorkerConfig, WorkerVersion } from '../../src/config.ts'
import { createLogger } from '../../src/log.ts'
import { type RunningWorker, type StartWorkerOptions, startWorker } from '../../src/worker/worker.ts'
import { alteredBundle } from '../support/altered-bundle.ts'

type Bundle = NonNullable<StartWorkerOptions['workflowBundle']>

/** Worker processes of several versions beside each other, as a deployment has them. */
export class Fleet {
  readonly deploymentName = `retainer-${randomUUID().slice(0, 8)}`
  readonly #config: WorkerConfig
  readonly #running = new Map<string, RunningWorker>()

  constructor(config: WorkerConfig) {
    this.#config = config
  }

  versionOf(buildId: string): WorkerVersion {
    return { deploymentName: this.deploymentName, buildId }
  }

  async start(buildId: string, workflowBundle: Bundle): Promise<WorkerVersion> {
    const version = this.versionOf(buildId)
    const config = { ...this.#config, version }
    const log = createLogger('fleet', { level: 'error' })
    this.#running.set(buildId, await startWorker({ config, log, workflowBundle }))
    return version
  }

  async stop(buildId: string): Promise<void> {
    await this.#running.get(buildId)?.stop()
    this.#running.delete(buildId)
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((buildId) => this.stop(buildId)))
  }
}

/** What is checked out: version one. */
export const versionOne = (): Bundle => ({ codePath: inject('workflowBundlePath') })

const LIVING =
  /(_temporalio_workflow__WEBPACK_IMPORTED_MODULE_\d+__)\.CancellationScope\.nonCancellable\(\(\)=>matter\.live\(\)\)/

/** Waits for a timer first, with every run: no history of version one could be replayed by it. */
export const versionTwo = (): Promise<Bundle> =>
  alteredBundle([
    LIVING,
    "$1.CancellationScope.nonCancellable(async ()=>{ await $1.sleep('1 millisecond', { summary: 'Version two' }); await matter.live() })",
  ])

/** Fails every task of every matter. */
export const brokenVersion = (): Promise<Bundle> => alteredBundle([LIVING, "Promise.reject(new Error('Broken.'))"])
