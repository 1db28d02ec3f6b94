import { describe, expectTypeOf, test } from 'vitest'
import type { Answer, Command, Event, Fact } from '../../src/domain/events.ts'
import type { Decision, Plan } from '../../src/domain/plan.ts'
import type { Projection } from '../../src/domain/projection.ts'
import type { RetainerState } from '../../src/domain/state.ts'
import type { Wire } from '../../src/domain/wire.ts'

// Checked by the compiler: run by `tsc`, not by vitest.

/** The keys in `T`, at any depth, that hold a bigint although their name does not end in `Minor`. */
type Stray<T, Key extends string = 'itself'> = T extends bigint
  ? Key extends `${string}Minor`
    ? never
    : Key
  : T extends readonly (infer Item)[]
    ? Stray<Item, Key>
    : T extends object
      ? { [Name in keyof T & string]-?: Stray<T[Name], Name> }[keyof T & string]
      : never

/** The keys in `T`, at any depth, whose name ends in `Minor` although they hold something else than an amount. */
type Misnamed<T> = T extends readonly (infer Item)[]
  ? Misnamed<Item>
  : T extends object
    ? {
        [Name in keyof T & string]-?: Name extends `${string}Minor`
          ? Exclude<T[Name], bigint | null | undefined> extends never
            ? never
            : Name
          : Misnamed<T[Name]>
      }[keyof T & string]
    : never

type HoldsBigint<T> = T extends bigint
  ? true
  : T extends readonly (infer Item)[]
    ? HoldsBigint<Item>
    : T extends object
      ? { [Name in keyof T]-?: HoldsBigint<T[Name]> }[keyof T]
      : never

type Domain = RetainerState | Command | Fact | Event | Plan | Answer | Decision | Projection

describe('the wire', () => {
  test('every bigint of the domain lives under a key that ends in Minor', () => {
    expectTypeOf<Stray<Domain>>().toEqualTypeOf<never>()
  })

  test('every key of the domain that ends in Minor holds an amount, so reading back needs no schema', () => {
    expectTypeOf<Misnamed<Domain>>().toEqualTypeOf<never>()
  })

  test('what travels contains no bigint', () => {
    expectTypeOf<HoldsBigint<Wire<Domain>>>().toEqualTypeOf<never>()
  })

  test('these types do see what they look for', () => {
    expectTypeOf<Stray<{ rows: { amount: bigint | null }[]; dueMinor?: bigint }>>().toEqualTypeOf<'amount'>()
    expectTypeOf<Stray<Record<string, bigint>>>().toEqualTypeOf<string>()
    expectTypeOf<Misnamed<{ rows: { dueMinor: string }[]; paidMinor: bigint | null }>>().toEqualTypeOf<'dueMinor'>()
    expectTypeOf<HoldsBigint<{ rows: ({ a: string } | { b?: bigint })[] }>>().toEqualTypeOf<true>()
  })
})
