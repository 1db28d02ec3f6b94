import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow'

/**
 * One timer for one absolute instant. It stands beside the loop, because a timed condition inside it would write two events
 * for every message; setting the same instant again writes none.
 */
export class Alarm {
  #atMs: number | null = null
  #scope: CancellationScope | null = null
  readonly #ring: () => void

  constructor(ring: () => void) {
    this.#ring = ring
  }

  /** Rings at `atMs` (epoch milliseconds), at once if that is past; null silences it. */
  set(atMs: number | null, summary: string): void {
    if (atMs === this.#atMs) return
    this.#scope?.cancel()
    this.#scope = null
    this.#atMs = atMs
    if (atMs === null) return
    const scope = new CancellationScope({ cancellable: true })
    this.#scope = scope
    scope
      .run(async () => {
        await sleep(Math.max(1, atMs - Date.now()), { summary })
        this.#atMs = null
        this.#ring()
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error
      })
  }
}
