/** Something that takes one item after the other and does its work on each. */
export interface Line {
  /** Sends one; fulfilled when its work is done, with that moment in epoch milliseconds. */
  send(): Promise<number>
  close(): Promise<void>
}

export interface Measured {
  /** How many were done in a second, with so many under way at once. */
  perSecond: number
  /** How long one took that came alone, in milliseconds. */
  p50Ms: number
  p95Ms: number
}

export const ALONE = 40
export const AT_ONCE = 32
export const TOGETHER = 200

/** Measures a line at rest, one by one, and then with `AT_ONCE` always under way. */
export async function measure(line: Line): Promise<Measured> {
  const latencies: number[] = []
  for (let n = 0; n < ALONE; n += 1) {
    const sentMs = Date.now()
    latencies.push((await line.send()) - sentMs)
  }
  latencies.sort((a, b) => a - b)

  let left = TOGETHER
  const beganMs = Date.now()
  let lastMs = beganMs
  async function keepSending(): Promise<void> {
    while (left > 0) {
      left -= 1
      lastMs = Math.max(lastMs, await line.send())
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, keepSending))
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0
  return { perSecond: (TOGETHER * 1_000) / (lastMs - beganMs), p50Ms: at(0.5), p95Ms: at(0.95) }
}
