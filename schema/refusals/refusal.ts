import type { FieldMap, ObjectRef } from '@pothos/core'
import type { Refusal as DomainRefusal } from '../../src/domain/events.ts'
import { type CurrencyCode, toDecimalString } from '../../src/domain/money.ts'
import { type ApiTypes, builder } from '../builder.ts'

/** What the API itself refuses, beside the rules of the matter. */
type ApiRefusal =
  | { code: 'AmountNotAcceptable'; field: string; reason: 'TOO_MANY_DIGITS' | 'NEGATIVE' | 'TOO_LARGE' | 'ZERO' }
  | { code: 'RetainerTypeNotSupported'; type: string }
  | { code: 'GeneralRetainerInUse'; matterCount: number }
  | { code: 'CurrencyFixed'; currency: CurrencyCode }
  | { code: 'MatterNumberTaken'; number: string }
  | { code: 'UnappliedFundsWithoutMatter' }

export type Refusal = Exclude<DomainRefusal, { code: 'AmountNotAcceptable' }> | ApiRefusal
export type RefusalCode = Refusal['code']
export type RefusalOf<Code extends RefusalCode> = Extract<Refusal, { code: Code }>

/** A refusal on its way to the asker, with the currency its amounts are in. */
export interface AnyRefused {
  refusal: Refusal
  currency: CurrencyCode
}

export interface Refused<Code extends RefusalCode> extends AnyRefused {
  refusal: RefusalOf<Code>
}

interface Definition<Code extends RefusalCode> {
  description: string
  /** A sentence that the person can act on; `show` writes an amount out. */
  message: (refusal: RefusalOf<Code>, show: (amountMinor: bigint) => string) => string
  /** What a screen needs to know beside. */
  facts?: (t: PothosSchemaTypes.ObjectFieldBuilder<Types, Refused<Code>>) => FieldMap
}

type Types = PothosSchemaTypes.ExtendDefaultTypes<ApiTypes>

export const RefusalInterface = builder.interfaceRef<AnyRefused>('Refusal')

/** Makes one GraphQL type for each refusal, named as its code. */
export function refusalTypes<Code extends RefusalCode>(definitions: { [C in Code]: Definition<C> }) {
  const entries = Object.entries(definitions) as [Code, Definition<Code>][]
  const types: unknown = Object.fromEntries(
    entries.map(([code, definition]) => [
      code,
      { type: refusalType(code, definition), meaning: definition.description },
    ]),
  )
  return types as { [C in Code]: { type: ObjectRef<Types, Refused<C>>; meaning: string } }
}

function refusalType<Code extends RefusalCode>(code: Code, { description, message, facts }: Definition<Code>) {
  return builder.objectRef<Refused<Code>>(code).implement({
    description,
    interfaces: [RefusalInterface],
    fields: (t) => ({
      message: t.string({
        description: 'A sentence for the person who asked.',
        resolve: ({ refusal, currency }) =>
          message(refusal, (amountMinor) => `${toDecimalString(amountMinor, currency)} ${currency}`),
      }),
      ...facts?.(t),
    }),
  })
}
