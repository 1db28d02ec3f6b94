const STATUS_EVERY_MS = 15_000

/**
 * Says how far things are: on a terminal by one last line that lives, elsewhere (a log of the checks) by a line now and then.
 * What is printed stays above it.
 */
export class Screen {
  readonly #out = process.stdout
  #status = ''
  #lastPlainMs = 0

  print(line: string): void {
    this.#clear()
    this.#out.write(`${line}\n`)
    if (this.#out.isTTY) this.#out.write(this.#status)
  }

  status(line: string): void {
    if (this.#out.isTTY) {
      this.#clear()
      this.#status = line.slice(0, this.#out.columns - 1)
      this.#out.write(this.#status)
    } else if (Date.now() - this.#lastPlainMs > STATUS_EVERY_MS) {
      this.#lastPlainMs = Date.now()
      this.#out.write(`${line}\n`)
    }
  }

  /** Ends the living line. */
  done(): void {
    this.#clear()
    this.#status = ''
  }

  #clear(): void {
    if (!this.#out.isTTY) return
    this.#out.cursorTo(0)
    this.#out.clearLine(0)
  }
}
