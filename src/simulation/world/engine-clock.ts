import type { TestWorkflowEnvironment } from '@temporalio/testing'

/** What the engine's clock says, for neighbours that must date things by it. Epoch milliseconds. */
export interface EngineClock {
  now(): number
  /** Asks the engine, which leaps while time is skipped. */
  read(): Promise<number>
  /** From now on the clock is read before every `fetch` of `url`, so that whoever answers there dates by the very moment. */
  readBeforeCallsOf(url: string): void
  stop(): void
}

/** The engine's clock, read once. Time is not skipped while an activity runs, so that what it calls sees one moment. */
export async function engineClock(engine: TestWorkflowEnvironment): Promise<EngineClock> {
  const plainFetch = globalThis.fetch
  let aheadMs = 0
  async function read(): Promise<number> {
    const now = await engine.currentTimeMs()
    aheadMs = now - Date.now()
    return now
  }
  await read()
  return {
    now: () => Date.now() + aheadMs,
    read,
    readBeforeCallsOf(url) {
      globalThis.fetch = async (input, init) => {
        const called = input instanceof Request ? input.url : input.toString()
        if (called.startsWith(url)) await read()
        return plainFetch(input, init)
      }
    },
    stop() {
      globalThis.fetch = plainFetch
    },
  }
}
