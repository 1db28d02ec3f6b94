import type { Form } from '../../src/sandbox/form.ts'
import type { Schema } from './spec.ts'

/** The schemas a value may have: one, or those of a choice. */
const choices = (schema: Schema): Schema[] => (schema.anyOf ? schema.anyOf.flatMap(choices) : [schema])

/**
 * The parameters of a call, spelt as they are sent, that its schema does not name at any depth. stripe-mock overlooks nested
 * ones, and Stripe does not.
 */
export function unknownParams(schema: Schema, params: Form, within = ''): string[] {
  return Object.entries(params).flatMap(([key, value]) => {
    const name = within === '' ? key : `${within}[${key}]`
    const inner = choices(schema).flatMap(({ properties, additionalProperties, items }) => {
      const child = properties?.[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : items)
      return child ? [child] : []
    })
    if (inner.length === 0) return [name]
    return typeof value === 'string' ? [] : unknownParams({ anyOf: inner }, value, name)
  })
}
