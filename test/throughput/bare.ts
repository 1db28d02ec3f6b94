import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import type { Line } from './line.ts'

const TASK_QUEUE = 'bare'

const arrived = new Map<string, (atMs: number) => void>()
const activities = {
  async note(id: string): Promise<void> {
    arrived.get(id)?.(Date.now())
    arrived.delete(id)
  },
}
export type BareActivities = typeof activities

/** So many bare workflows on a worker of their own: a line that takes signals by turns. */
export async function openBare(engine: TestWorkflowEnvironment, count: number): Promise<Line> {
  const worker = await Worker.create({
    connection: engine.nativeConnection,
    namespace: engine.namespace ?? 'default',
    taskQueue: TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
    activities,
  })
  const running = worker.run()
  const starting = Array.from({ length: count }, () =>
    engine.client.workflow.start('bare', { workflowId: randomUUID(), taskQueue: TASK_QUEUE }),
  )
  const workflows = await Promise.all(starting)
  let sent = 0
  return {
    async send() {
      const id = randomUUID()
      const { promise, resolve } = Promise.withResolvers<number>()
      arrived.set(id, resolve)
      await workflows[sent++ % count]?.signal('told', id)
      return promise
    },
    async close() {
      await Promise.all(workflows.map((workflow) => workflow.terminate()))
      worker.shutdown()
      await running
    },
  }
}
