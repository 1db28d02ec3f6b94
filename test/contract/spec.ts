/** A schema of OpenAPI 3.0, as far as Stripe's description uses it. */
export interface Schema {
  $ref?: string
  type?: string
  nullable?: boolean
  enum?: unknown[]
  format?: string
  maxLength?: number
  pattern?: string
  required?: string[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  anyOf?: Schema[]
  'x-resourceId'?: string
}

interface Operation {
  parameters: { name: string; in: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

/** Stripe's OpenAPI description. */
export interface Spec {
  info: { version: string }
  paths: Record<string, Partial<Record<'get' | 'post' | 'delete', Operation>>>
  components: { schemas: Record<string, Schema> }
}

/** The version of the API that the client and the sandbox speak. */
const SPOKEN = '2026-10-28.endive'

const text: Schema = { type: 'string', nullable: true }
const texts: Schema = { type: 'array', items: { type: 'string' }, nullable: true }

/** What the version spoken has that the description does not know yet: as the official client declares it. */
const ADDED: Record<string, Record<string, Schema>> = {
  'checkout.session': { allowed_payment_method_types: texts },
  charge: { source: text },
  dispute: { intended_submission_method: text },
  dispute_evidence_details: { submission_method: { type: 'string' } },
  payment_intent: { allowed_payment_method_types: texts, payment_record: text, source: text },
  payment_method_details_card: { electronic_commerce_indicator: text },
}

/** The path of the description that a real path is one of: `/v1/charges/{charge}`. */
export function pathTemplate(spec: Spec, path: string): string {
  const found = Object.keys(spec.paths).find((template) =>
    new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  )
  if (found === undefined) throw new Error(`Stripe has nothing at ${path}.`)
  return found
}

/** The form of a call's parameters: the body of a POST, the query of a GET. */
export function requestSchema(spec: Spec, method: 'get' | 'post', path: string): Schema {
  const operation = spec.paths[path]?.[method]
  if (!operation) throw new Error(`Stripe has no ${method} ${path}.`)
  const body = operation.requestBody?.content['application/x-www-form-urlencoded']?.schema
  if (method === 'post') return body ?? {}
  const query = operation.parameters.filter((parameter) => parameter.in === 'query')
  return { type: 'object', properties: Object.fromEntries(query.map(({ name, schema }) => [name, schema])) }
}

/** Brings the description that stripe-mock has to the version spoken here: it is two versions behind. */
export function patchedSpec(spec: Spec): Spec {
  spec.info.version = SPOKEN
  const { properties = {} } = requestSchema(spec, 'post', '/v1/checkout/sessions')
  const { payment_method_types, ...others } = properties
  if (!payment_method_types) throw new Error('The description has changed: see what is still to be patched.')
  for (const name of Object.keys(properties)) delete properties[name]
  Object.assign(properties, others, { allowed_payment_method_types: payment_method_types })
  for (const [name, added] of Object.entries(ADDED))
    Object.assign(spec.components.schemas[name]?.properties ?? {}, added)
  return spec
}
