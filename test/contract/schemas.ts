import { Ajv, type ValidateFunction } from 'ajv'
import { pathTemplate, type Schema, type Spec } from './spec.ts'

type JsonSchema = Record<string, unknown>

const REF = '#/components/schemas/'

/** Says what is wrong with answers, by Stripe's own schemas. */
export interface Contract {
  /** What is wrong with the answer of a call, one sentence each; nothing if it is as Stripe answers. */
  faultsOf(answer: { method: string; path: string; status: number; body: unknown }): string[]
}

/**
 * Reads the schemas of the description. A resource within another is checked by its own schema, not by way of the one that
 * holds it: so nothing is compiled that is not used. What a schema does not name is a fault.
 */
export function contractOf(spec: Spec): Contract {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    formats: { 'unix-time': true, decimal: true, currency: /^[a-z]{3}$/ },
  })
  const { schemas } = spec.components
  const resources = new Map(
    Object.entries(schemas).flatMap(([name, schema]) => {
      const id = schema['x-resourceId']
      return id && schema.properties?.['object'] ? [[id, name] as const] : []
    }),
  )
  const named: JsonSchema = {}
  const compiled = new Map<Schema, ValidateFunction>()

  function reference(name: string): JsonSchema {
    const target = schemas[name]
    const objectNames = target?.properties?.['object']?.enum
    if (target?.['x-resourceId'] && objectNames) return stub(objectNames)
    if (!(name in named)) {
      named[name] = {}
      named[name] = convert(target ?? {})
    }
    return { $ref: `#/$defs/${name}` }
  }

  const stub = (objectNames: unknown[]): JsonSchema => ({
    type: 'object',
    required: ['object'],
    properties: { object: { enum: objectNames } },
  })

  function convert(schema: Schema): JsonSchema {
    if (schema.$ref) return reference(schema.$ref.slice(REF.length))
    const { nullable, properties, additionalProperties, items, anyOf, type, format, maxLength, pattern, required } =
      schema
    const converted: JsonSchema = {
      ...(type && { type }),
      ...(format && { format }),
      ...(maxLength !== undefined && { maxLength }),
      ...(pattern && { pattern }),
      ...(required && { required }),
      ...(schema.enum && { enum: schema.enum }),
      ...(items && { items: convert(items) }),
      ...(anyOf && { anyOf: anyOf.map(convert) }),
      ...(properties && {
        properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, convert(value)])),
      }),
      ...(typeof additionalProperties === 'object' && { additionalProperties: convert(additionalProperties) }),
      ...(properties && additionalProperties === undefined && { additionalProperties: false }),
    }
    return nullable ? { anyOf: [converted, { type: 'null' }] } : converted
  }

  function faults(schema: Schema, value: unknown, where: string): string[] {
    let validate = compiled.get(schema)
    if (!validate) {
      const converted = convert(schema)
      validate = ajv.compile({ ...converted, $defs: structuredClone(named) })
      compiled.set(schema, validate)
    }
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${where} ${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }

  function nested(value: unknown): string[] {
    if (typeof value !== 'object' || value === null) return []
    const inner = Object.values(value).flatMap(nested)
    const name = resources.get((value as { object?: string }).object ?? '')
    const schema = name === undefined ? undefined : schemas[name]
    return name && schema ? [...faults(schema, value, `a ${name}`), ...inner] : inner
  }

  function answerSchema(method: string, path: string, status: number): Schema {
    const operation = spec.paths[pathTemplate(spec, path)]?.[method.toLowerCase() as 'get' | 'post']
    const answer = operation?.responses[status] ?? operation?.responses['default']
    const schema = answer?.content?.['application/json']?.schema
    if (!schema) throw new Error(`Stripe has no answer ${status} to ${method} ${path}.`)
    return schema
  }

  return {
    faultsOf({ method, path, status, body }) {
      const answer = faults(answerSchema(method, path, status), body, `the answer ${status} to ${method} ${path}`)
      return [...answer, ...nested(body)]
    },
  }
}
