import { heartbeat } from '@temporalio/activity'

const EVERY_MS = 2_000

/** Does `work`, telling the engine all the while that this worker lives: one that is killed is noticed in seconds. */
export async function beating<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(heartbeat, EVERY_MS)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
