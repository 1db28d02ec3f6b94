import fc from 'fast-check'

const BATCH = 64

/** Draws without end: the same for the same seed and stream. */
export function* draws<T>(arbitrary: fc.Arbitrary<T>, seed: number, stream: number): Generator<T> {
  for (let batch = 0; ; batch += 1) {
    yield* fc.sample(arbitrary, { seed: mixed(seed, stream, batch), numRuns: BATCH })
  }
}

/** FNV-1a over the numbers: neighbouring seeds, streams and batches have nothing in common. */
function mixed(...numbers: number[]): number {
  return numbers.reduce((hash, number) => Math.imul(hash ^ number, 0x01000193) ^ (hash >>> 15), 0x811c9dc5) | 0
}
