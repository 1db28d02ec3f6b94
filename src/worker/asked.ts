const AGAIN_AFTER_MS = 60_000
const AGAIN_WITHIN_MS = 60 * 60 * 1000

export interface MatterRow {
  matterId: string
  version: bigint
}

interface Asking {
  version: bigint
  waitMs: number
  untilMs: number
}

/**
 * Which matters were asked already, and rest: one that was asked in vain for twice as long each time, up to an hour, so that
 * others have their turn. Of another version it is asked at once: what it said before says nothing of that.
 */
export class Asked {
  readonly #askings = new Map<string, Asking>()

  note({ matterId, version }: MatterRow, isInVain: boolean): void {
    const before = this.#askings.get(matterId)
    const isAgain = isInVain && before?.version === version
    const waitMs = isAgain ? Math.min(before.waitMs * 2, AGAIN_WITHIN_MS) : AGAIN_AFTER_MS
    this.#askings.set(matterId, { version, waitMs, untilMs: Date.now() + waitMs })
  }

  rests({ matterId, version }: MatterRow): boolean {
    const asking = this.#askings.get(matterId)
    return asking !== undefined && asking.version === version && asking.untilMs > Date.now()
  }

  resting(): MatterRow[] {
    return [...this.#askings].map(([matterId, { version }]) => ({ matterId, version })).filter((row) => this.rests(row))
  }

  /** Who has not been asked again for as long as it rested waits for nothing any more. */
  forget(): void {
    for (const [matterId, { untilMs, waitMs }] of this.#askings) {
      if (untilMs + waitMs < Date.now()) this.#askings.delete(matterId)
    }
  }
}
