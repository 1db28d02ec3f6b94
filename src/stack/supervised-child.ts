import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { openChildLog, tailOfChildLog } from './child-log.ts'
import type { ChildSpec } from './child-spec.ts'
import { removePidFile, writePidFile } from './pid-files.ts'
import { untilReady } from './until-ready.ts'

const MAX_CRASHES = 5
const CRASH_WINDOW_MS = 60_000
const FIRST_BACKOFF_MS = 100

/** Where a child leaves its traces, and whom it tells. */
export type ChildSurroundings = {
  runDir: string
  logDir: string
  report: (line: string) => void
  /** Called once when the child has crashed too often and is not started again. */
  onGivenUp: (error: Error) => void
}

/** One child that is started again whenever it ends unasked, until it has crashed five times within a minute. */
export class SupervisedChild {
  readonly #spec: ChildSpec
  readonly #surroundings: ChildSurroundings
  readonly #ended = new AbortController()
  #process: ChildProcess | undefined
  #loop: Promise<void> | undefined
  #crashTimes: number[] = []

  constructor(spec: ChildSpec, surroundings: ChildSurroundings) {
    this.#spec = spec
    this.#surroundings = surroundings
  }

  /** Pid of the running process, undefined between two runs. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Starts the child; gives back once its probe succeeds, rejects with the last lines of its log if it never does. */
  async start(): Promise<void> {
    const { name, probe, readyWithinMs } = this.#spec
    this.#loop = this.#keepRunning()
    try {
      await untilReady(probe, readyWithinMs, this.#ended.signal)
    } catch (error) {
      if (this.#ended.signal.aborted) throw this.#ended.signal.reason
      const tail = await tailOfChildLog(this.#surroundings.logDir, name)
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`${name} was not ready within ${readyWithinMs / 1_000} s (${reason}). Its last lines:\n${tail}`, {
        cause: error,
      })
    }
  }

  /** Asks the child to end, kills it when it takes too long, and gives back once it is gone for good. */
  async stop(): Promise<void> {
    const { name, stop } = this.#spec
    this.#ended.abort(new Error(`${name} was stopped`))
    this.#process?.kill(stop.signal)
    const kill = setTimeout(() => this.kill(), stop.graceMs)
    await this.#loop
    clearTimeout(kill)
  }

  /** Ends the child at once. */
  kill(): void {
    this.#process?.kill('SIGKILL')
  }

  async #keepRunning(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      const ending = await this.#runOnce().catch((error: unknown) => String(error))
      if (this.#ended.signal.aborted) return
      const now = Date.now()
      this.#crashTimes = [...this.#crashTimes.filter((time) => time > now - CRASH_WINDOW_MS), now]
      if (this.#crashTimes.length >= MAX_CRASHES) return this.#giveUp(ending)
      this.#surroundings.report(`! ${this.#spec.name} ended (${ending}): starting it again`)
      await delay(FIRST_BACKOFF_MS * 2 ** (this.#crashTimes.length - 1), undefined, {
        signal: this.#ended.signal,
      }).catch(() => undefined)
    }
  }

  /** Runs the program until it ends and says how it did. */
  async #runOnce(): Promise<string> {
    const { name, command, args, env, cwd, runAs = {}, stop } = this.#spec
    const { runDir, logDir } = this.#surroundings
    const log = await openChildLog(logDir, name)
    try {
      // A session of its own: Ctrl-C in the terminal reaches us only, and we end the children in order.
      const child = spawn(command, args, { ...runAs, env, cwd, detached: true, stdio: ['ignore', log.fd, log.fd] })
      this.#process = child
      const ending = new Promise<string>((resolve) => {
        child.once('error', (error) => resolve(error.message))
        child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
      })
      // `stop` may have come between the check in the loop and the spawn.
      if (this.#ended.signal.aborted) child.kill(stop.signal)
      if (child.pid !== undefined) await writePidFile(runDir, name, child.pid, stop)
      return await ending
    } finally {
      this.#process = undefined
      await removePidFile(runDir, name)
      await log.close()
    }
  }

  async #giveUp(ending: string): Promise<void> {
    const { name } = this.#spec
    const tail = await tailOfChildLog(this.#surroundings.logDir, name).catch(() => '')
    const error = new Error(`${name} ended ${MAX_CRASHES} times within a minute (${ending}). Its last lines:\n${tail}`)
    this.#ended.abort(error)
    this.#surroundings.onGivenUp(error)
  }
}
