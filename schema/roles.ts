import type { GraphQLSchema } from 'graphql'

const LEAST_ROLE = new Map(Object.entries({ reader: 'READER or higher', biller: 'BILLER or higher', admin: 'ADMIN' }))

/**
 * Deny by default: the schema is not made while a field of Query, Mutation or Subscription does not declare which role it takes.
 * Every such field's description then says the declared one.
 */
export function withRoles(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const { authScopes } = field.extensions['pothosOptions'] as { authScopes?: object }
      const [scope = '', ...others] = Object.keys(authScopes ?? {})
      const role = LEAST_ROLE.get(scope)
      if (!role || others.length > 0) throw new Error(`${type?.name}.${field.name} does not declare its one scope.`)
      field.description = `${field.description} Role: ${role}.`
    }
  }
  return schema
}
