import type { Logger } from '../log.ts'

export interface Background {
  /** Does it now rather than at the next beat. */
  wake(): void
  /** Begins no more, and waits for what is under way. */
  stop(): Promise<void>
}

/** Does `work` every `everyMs`, and at once when woken; never twice at the same time. A failure is logged and tried again. */
export function inBackground(name: string, everyMs: number, work: () => Promise<void>, log: Logger): Background {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let wanted = false
  let stopped = false

  async function run(): Promise<void> {
    clearTimeout(timer)
    do {
      wanted = false
      await work().catch((err: unknown) => log.warn({ err, work: name }, 'background work failed; it is tried again'))
    } while (wanted && !stopped)
    running = undefined
    if (!stopped) timer = setTimeout(begin, everyMs)
  }

  function begin(): void {
    if (stopped) return
    wanted = true
    running ??= run()
  }

  begin()
  return {
    wake: begin,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
