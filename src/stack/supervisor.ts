import path from 'node:path'
import type { ChildSpec } from './child-spec.ts'
import { endNoted } from './pid-files.ts'
import { SupervisedChild } from './supervised-child.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

/**
 * Keeps the children of one data folder running: restarts them, ends them in reverse order, leaves none behind.
 * The data folder must be locked by the caller.
 */
export class Supervisor {
  /** Fulfilled with the reason when a child has crashed too often; the caller then stops everything. */
  readonly failed: Promise<Error>
  readonly #children = new Map<string, SupervisedChild>()
  readonly #watchdog: Watchdog
  readonly #runDir: string
  readonly #logDir: string
  readonly #report: (line: string) => void
  readonly #onGivenUp: (error: Error) => void
  #stopping: Promise<void> | undefined

  private constructor(runDir: string, logDir: string, watchdog: Watchdog, report: (line: string) => void) {
    const { promise, resolve } = Promise.withResolvers<Error>()
    this.failed = promise
    this.#onGivenUp = resolve
    this.#watchdog = watchdog
    this.#runDir = runDir
    this.#logDir = logDir
    this.#report = report
  }

  /**
   * Ends what an earlier stack left running on `dataDir` and sets the watchdog, which also removes `temporaryDirs` if
   * this process dies.
   */
  static async open(dataDir: string, temporaryDirs: string[], report: (line: string) => void): Promise<Supervisor> {
    const runDir = path.join(dataDir, 'run')
    const leftovers = await endNoted(runDir)
    if (leftovers.length > 0) report(`Ended what an earlier start had left running: ${leftovers.join(', ')}`)
    return new Supervisor(runDir, path.join(dataDir, 'logs'), startWatchdog(runDir, temporaryDirs), report)
  }

  /** Starts a child and gives back once it is ready. Children are stopped in the reverse order of these calls. */
  async start(spec: ChildSpec): Promise<void> {
    if (this.#stopping !== undefined) throw new Error(`${spec.name} was not started: the stack is stopping`)
    const child = new SupervisedChild(spec, {
      runDir: this.#runDir,
      logDir: this.#logDir,
      report: this.#report,
      onGivenUp: this.#onGivenUp,
    })
    this.#children.set(spec.name, child)
    await child.start()
  }

  /** Pids of the children that run at this moment, by name. */
  pids(): Record<string, number> {
    const running = [...this.#children].flatMap(([name, { pid }]) => (pid === undefined ? [] : [[name, pid] as const]))
    return Object.fromEntries(running)
  }

  /** Ends all children, the last started first; gives back once all are gone. Repeated calls wait for the same end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll()
    return this.#stopping
  }

  /** Ends all children at once, without asking them. */
  kill(): void {
    for (const child of this.#children.values()) child.kill()
  }

  async #stopAll(): Promise<void> {
    for (const child of [...this.#children.values()].reverse()) await child.stop()
    this.#watchdog.release()
  }
}
