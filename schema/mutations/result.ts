import type { ObjectRef } from '@pothos/core'
import type { CurrencyCode } from '../../src/domain/money.ts'
import { type ApiTypes, builder } from '../builder.ts'
import type { ApiContext } from '../context.ts'
import { read } from '../reading.ts'
import type { AnyRefused, Refusal, RefusalCode } from '../refusals/refusal.ts'
import { REFUSALS } from '../refusals.ts'

type Payload<Shape> = ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<ApiTypes>, Shape>

/** The union that a mutation answers with: its payload, or one of the refusals that can happen. */
export function resultType<Shape extends object>(payload: Payload<Shape>, codes: readonly RefusalCode[]) {
  const name = payload.name.replace(/Payload$/, 'Result')
  const types = [payload, ...codes.map((code) => REFUSALS[code].type)] as unknown as [Payload<Shape | AnyRefused>]
  return builder.unionType(name, {
    description: 'Done, or refused by a rule. New refusals may join: ask for `... on Refusal { code message }` too.',
    types,
    resolveType: (value) => ('refusal' in value ? value.refusal.code : payload.name),
  })
}

/** `refusal` as a member of a result. */
export async function refused(context: ApiContext, refusal: Refusal): Promise<AnyRefused> {
  return { refusal, currency: await currencyOf(context) }
}

/** The currency of the viewer's firm. */
export async function currencyOf(context: ApiContext): Promise<CurrencyCode> {
  const { currency } = await read(context, (trx, firmId) =>
    trx.selectFrom('firm').select('currency').where('id', '=', firmId).executeTakeFirstOrThrow(),
  )
  return currency as CurrencyCode
}
