import { setTimeout as delay } from 'node:timers/promises'

/**
 * Calls `probe` until it succeeds; rejects with its last error once `timeoutMs` are over or `signal` is aborted.
 * One try may itself take a moment: a probe must bound its own time.
 */
export async function untilReady(probe: () => Promise<void>, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await probe()
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
    await delay(25)
  }
}
