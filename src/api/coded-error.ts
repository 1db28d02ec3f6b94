import { GraphQLError, type GraphQLErrorOptions } from 'graphql'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ErrorCode } from './error-codes.ts'

/** An error as every answer outside GraphQL and the payment page tells it: a code, and nothing of what went wrong inside. */
export function codedError(c: Context, status: ContentfulStatusCode, code: ErrorCode): Response {
  return c.json({ error: { code } }, status)
}

interface Coded extends Pick<GraphQLErrorOptions, 'nodes' | 'path'> {
  /** Of the whole answer; left out where the answer may have data beside the error. */
  status?: number
  headers?: Record<string, string>
  /** Facts for a program, beside the code. */
  facts?: Readonly<Record<string, unknown>>
}

/** An error as GraphQL's answers tell it. */
export function codedGraphqlError(
  code: ErrorCode,
  message: string,
  { status, headers, facts, ...where }: Coded = {},
): GraphQLError {
  return new GraphQLError(message, {
    ...where,
    extensions: { code, ...facts, ...(status && { http: { status, ...(headers && { headers }) } }) },
  })
}
