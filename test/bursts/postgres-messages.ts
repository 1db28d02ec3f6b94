const LENGTH_BYTES = 4

/** Tells apart the messages of one connection's client to PostgreSQL: a type byte and a length, but for the very first. */
export class PostgresMessages {
  #rest = Buffer.alloc(0)
  #begun = false

  /** The types of the messages that end in this chunk. */
  completedBy(chunk: Buffer): string[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const types: string[] = []
    for (;;) {
      const typeBytes = this.#begun ? 1 : 0
      if (this.#rest.length < typeBytes + LENGTH_BYTES) return types
      const size = typeBytes + this.#rest.readInt32BE(typeBytes)
      if (this.#rest.length < size) return types
      if (this.#begun) types.push(this.#rest.toString('latin1', 0, 1))
      this.#begun = true
      this.#rest = this.#rest.subarray(size)
    }
  }
}

/** A simple query (Q), or the execution of a prepared one (E). */
export const callsIn = (types: string[]): number => types.filter((type) => type === 'Q' || type === 'E').length
