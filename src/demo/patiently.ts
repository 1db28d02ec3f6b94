const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000

/**
 * Tries `attempt` until it resolves to something, for `withinMs`: while a part of the stack is down, calls fail for a while.
 * @throws naming `what`, with the last failure, when the time is over
 */
export async function patiently<T>(
  what: string,
  attempt: () => Promise<T | undefined>,
  withinMs = 120_000,
): Promise<T> {
  const end = Date.now() + withinMs
  let cause: unknown
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    try {
      const result = await attempt()
      if (result !== undefined) return result
    } catch (error) {
      if (error instanceof Impossible) throw error
      cause = error
    }
    if (Date.now() > end) throw new Error(`Waited ${withinMs / 1000} s in vain: ${what}.`, { cause })
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Trying again would change nothing. */
export class Impossible extends Error {
  override name = 'Impossible'
}
