import { identify, type ProcessIdentity } from '../../src/stack/process-identity.ts'
import type { Stack } from '../../src/stack/stack.ts'
import type { Ruling } from './verdict.ts'

const LOOK_EVERY_MS = 250

/** Remembers every process that a stack has run, to see in the end that none is left. */
export class Processes {
  readonly #seen = new Map<string, ProcessIdentity & { name: string }>()
  readonly #timer: NodeJS.Timeout

  constructor(stack: Stack) {
    this.#timer = setInterval(() => void this.#look(stack), LOOK_EVERY_MS)
  }

  /** Those that still live; to be asked when the stack has stopped. */
  async judge(): Promise<Ruling> {
    clearInterval(this.#timer)
    const breaches: string[] = []
    for (const { name, pid, birth } of this.#seen.values()) {
      if ((await identify(pid))?.birth === birth) breaches.push(`${name} (pid ${pid}) still runs`)
    }
    return { rules: 'stack', says: 'no process is left behind', breaches }
  }

  async #look(stack: Stack): Promise<void> {
    for (const [name, pid] of Object.entries(stack.pids())) {
      const process = await identify(pid)
      if (process) this.#seen.set(`${pid} ${process.birth}`, { name, ...process })
    }
  }
}
