import type { Logger } from '../log.ts'

export interface Background {
  /** Does it now rather than at the next beat. */
  wake(): void
  /** Begins no more, and waits for what is under way. */
  stop(): Promise<void>
}

/**
 * Does `work` every `everyMs`, and at once when woken; never twice at the same time. A failure is logged and tried again. Work
 * of many parts begins no further one once it is told to stop.
 */
export function inBackground(
  name: string,
  everyMs: number,
  work: (stop: AbortSignal) => Promise<void>,
  log: Logger,
): Background {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let wanted = false

  async function run(): Promise<void> {
    clearTimeout(timer)
    do {
      wanted = false
      await work(stopping.signal).catch((err: unknown) =>
        log.warn({ err, work: name }, 'background work failed; it is tried again'),
      )
    } while (wanted && !stopping.signal.aborted)
    running = undefined
    if (!stopping.signal.aborted) timer = setTimeout(begin, everyMs)
  }

  function begin(): void {
    if (stopping.signal.aborted) return
    wanted = true
    running ??= run()
  }

  begin()
  return {
    wake: begin,
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}
