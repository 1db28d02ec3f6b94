/** What one says that is written down here: with when, in milliseconds since the beginning. */
export interface Line {
  atMs: number
  what: string
}

/** A person's act that stops mails or ends requests, and when its answer was there. */
export interface Stopped {
  matterId: string
  answeredAtMs: number
}

/** What happened, as those saw it who made it happen. Instants are epoch milliseconds unless said otherwise. */
export class Diary {
  readonly startedAtMs = Date.now()
  readonly lines: Line[] = []
  /** Acts that had no answer, or one that nobody expected. */
  readonly unanswered: string[] = []
  readonly stopped: Stopped[] = []
  /** Forged events and how they were received, where that was wrong. */
  readonly wronglyReceived: string[] = []
  /** Ids of events about objects that nobody knows. */
  readonly strangers: string[] = []
  acts = 0
  troubles = 0
  readonly #report: (line: string) => void

  constructor(report: (line: string) => void) {
    this.#report = report
  }

  note(what: string): void {
    const line = { atMs: Date.now() - this.startedAtMs, what }
    this.lines.push(line)
    this.#report(inDiary(line))
  }
}

/** A line as it is shown. */
export const inDiary = ({ atMs, what }: Line): string => `${(atMs / 1_000).toFixed(1).padStart(7)} s  ${what}`
