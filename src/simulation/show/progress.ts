import { SingleBar } from 'cli-progress'

/** A progress bar below what is written; only where standard error is a terminal. */
export function progressBar() {
  const bar = new SingleBar({
    format: '{bar} {value} of {total} steps, {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    noTTYOutput: false,
  })
  let drawn = false
  return {
    progress(done: number, all: number): void {
      if (drawn) return bar.update(done)
      bar.start(all, done)
      drawn = true
    },
    /** Writes a line of output where the bar stands, which is drawn again below it. */
    write(line: string): void {
      if (drawn && process.stderr.isTTY) {
        process.stderr.cursorTo(0)
        process.stderr.clearLine(0)
      }
      console.log(line)
    },
    stop: () => bar.stop(),
  }
}
