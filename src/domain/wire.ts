/**
 * Domain values carry bigint; payloads of the engine and JSON columns cannot. On the wire an amount is a decimal string of
 * minor units, and its key says so: every bigint of the domain lives under a key that ends in `Minor`
 * (a type test holds the domain to that), so that reading back needs no schema.
 */
export type Wire<T> = T extends bigint
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T

/** `value` with every bigint as a decimal string. */
export function toWire<T>(value: T): Wire<T> {
  return convert(value, (_key, leaf) => (typeof leaf === 'bigint' ? leaf.toString() : leaf)) as Wire<T>
}

/**
 * The inverse of `toWire`: every string under a key ending in `Minor` becomes a bigint again, but for the `inputs` of a decision
 * record, which hold decimal strings on both sides.
 */
export function fromWire<T>(wire: Wire<T>): T {
  return convert(wire, (key, leaf) => (key.endsWith('Minor') && typeof leaf === 'string' ? BigInt(leaf) : leaf)) as T
}

function convert(value: unknown, leafAt: (key: string, leaf: unknown) => unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(item, leafAt, key))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, name === 'inputs' ? item : convert(item, leafAt, name)]),
    )
  }
  return leafAt(key, value)
}
