import type { ArgBuilder } from '@pothos/core'
import type { ApiTypes } from './builder.ts'
import { badInput } from './errors.ts'

type Args = ArgBuilder<PothosSchemaTypes.ExtendDefaultTypes<ApiTypes>>

/** The days that a statement or an export is of, both included. */
export const periodArgs = (t: Args) => ({
  from: t({ type: 'Date', required: true, description: 'Its first day.' }),
  to: t({ type: 'Date', required: true, description: 'Its last day, not before the first.' }),
})

/** Checks a period's arguments. Throws BAD_USER_INPUT. */
export function periodOf({ from, to }: { from: string; to: string }): { from: string; to: string } {
  if (from <= to) return { from, to }
  throw badInput('to', 'OUT_OF_RANGE', 'A period does not end before it begins.')
}
