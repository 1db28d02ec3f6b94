import type { Tally } from './recover.ts'

const BETWEEN_LINES_MS = 5_000
const BETWEEN_FRAMES_MS = 100

/** Shows how far a recovery is: one line that lives on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #out: NodeJS.WriteStream
  #shownMs = Date.now()

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  show(tally: Tally): void {
    const isTerminal = this.#out.isTTY
    if (Date.now() - this.#shownMs < (isTerminal ? BETWEEN_FRAMES_MS : BETWEEN_LINES_MS)) return
    this.#shownMs = Date.now()
    const line = `${tally.name}: ${doneOf(tally)} of ${tally.total} ...`
    this.#out.write(isTerminal ? `\r\u001B[K${line}` : `${line}\n`)
  }

  /** Makes room for what is said next. */
  clear(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001B[K')
  }
}

const doneOf = ({ started, restarted, running, failed }: Tally): number => started + restarted + running + failed.length
