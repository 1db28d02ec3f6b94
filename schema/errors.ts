import { GraphQLError } from 'graphql'

/** An input that can never be right: `field` is its path inside `input`, `reason` a code that a form can show a text for. */
export function badInput(field: string, reason: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', field, reason } })
}

/** A mutation or subscription named something that the firm does not have: another firm's, or what never was. */
export function notFound(what: string): GraphQLError {
  return new GraphQLError(`There is no such ${what}.`, { extensions: { code: 'NOT_FOUND' } })
}

export const unauthenticated = (): GraphQLError =>
  new GraphQLError('A valid bearer token is needed.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } },
  })

export const forbidden = (): GraphQLError =>
  new GraphQLError('Your role does not allow this.', { extensions: { code: 'FORBIDDEN' } })
