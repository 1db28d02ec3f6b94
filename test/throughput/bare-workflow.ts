import { condition, defineSignal, proxyLocalActivities, setHandler } from '@temporalio/workflow'
import type { BareActivities } from './bare.ts'

const { note } = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '2 seconds' })

/** The least that a deposit could cost the engine: a signal, and one local activity. */
export async function bare(): Promise<void> {
  const told: string[] = []
  setHandler(defineSignal<[string]>('told'), (id) => void told.push(id))
  for (;;) {
    await condition(() => told.length > 0)
    await note(told.shift() as string)
  }
}
