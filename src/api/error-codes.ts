/**
 * Every code that an error of this process can carry, in GraphQL's `extensions.code` and in the `error.code` of other answers.
 * `docs/api-errors.md` tells what each means and what to do. Codes are for programs and stay; messages may change.
 */
export const ERROR_CODES = [
  // The request
  'BAD_REQUEST',
  'METHOD_NOT_ALLOWED',
  'NOT_ACCEPTABLE',
  'UNSUPPORTED_MEDIA_TYPE',
  'PAYLOAD_TOO_LARGE',
  'REQUEST_TIMEOUT',
  'HEADERS_TOO_LARGE',
  // The document
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'INTROSPECTION_DISABLED',
  'QUERY_TOO_LONG',
  'QUERY_TOO_DEEP',
  'QUERY_TOO_COSTLY',
  'TOO_MANY_ALIASES',
  'TOO_MANY_DIRECTIVES',
  // What it asks for
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'RATE_LIMITED',
  'TOO_MANY_STREAMS',
  // Webhooks
  'INVALID_SIGNATURE',
  'SIGNATURE_OUT_OF_TIME',
  'MALFORMED_EVENT',
  // Our side
  'COMMAND_UNANSWERED',
  'TIMED_OUT',
  'TEMPORARILY_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]
