import { PothosValidationError } from '@pothos/core'
import { GraphQLError } from 'graphql'
import type { Logger } from '../log.ts'
import { codedGraphqlError } from './coded-error.ts'
import { CommandUnanswered } from './command-gateway.ts'
import type { ErrorCode } from './error-codes.ts'
import { RateLimited } from './limits/rate-limits.ts'
import { isOutage, isStatementTimeout } from './outage.ts'

const LONGEST_MESSAGE = 300
const SUGGESTION = / ?Did you mean .*\?$/s
const RETRY_AFTER_S = 1

export interface Presenting {
  log: Logger
  /** Told with every error, so that a person can name it. */
  requestId: string | undefined
  /** Whether a mistyped name is answered with the schema's own. */
  suggestions: boolean
}

/**
 * What a client may be told of `error`: always a stable code. What nobody expected is written to the log and masked; its own
 * message may quote what the database was given.
 */
export function presentable(error: unknown, presenting: Presenting): GraphQLError {
  const told = toldOf(error, presenting)
  const { requestId } = presenting
  return requestId === undefined ? told : withExtensions(told, { ...told.extensions, requestId })
}

function toldOf(error: unknown, { log, suggestions }: Presenting): GraphQLError {
  const cause = causeOf(error)
  const path = error instanceof GraphQLError ? error.path : undefined
  const tell = (code: ErrorCode, message: string, facts: object = {}, status?: number): GraphQLError => {
    const where = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {}
    // An error of a field stands beside data; only one of the whole request is the answer's status.
    return codedGraphqlError(code, message, { ...where, facts: { ...facts }, ...(status && !path && { status }) })
  }
  if (cause instanceof CommandUnanswered) {
    return tell(
      'COMMAND_UNANSWERED',
      `${cause.message} It is safe to repeat the command with the same idempotency key.`,
    )
  }
  if (cause instanceof RateLimited) {
    const { retryAfterS } = cause
    return tell('RATE_LIMITED', 'This was asked for too often. Nothing was done; come again later.', { retryAfterS })
  }
  // The relay plugin's words for what is not a global id, or another type's; a kind of GraphQLError, so it is asked first.
  if (cause instanceof PothosValidationError) {
    return tell('BAD_USER_INPUT', 'This is not an id, or not one of the type that belongs here.', {
      reason: 'NOT_AN_ID',
    })
  }
  if (cause instanceof GraphQLError) return coded(error as GraphQLError, suggestions)
  // Before anything is executed, the one thing parsed by whoever throws this is the request: a GET's variables and extensions.
  if (cause instanceof SyntaxError && !path)
    return tell('BAD_REQUEST', 'The request’s variables or extensions are not JSON.', {}, 400)
  // The parser's stack gives out on documents nested beyond all reason.
  if (cause instanceof RangeError && !path) return tell('QUERY_TOO_DEEP', 'The request is nested too deeply.', {}, 400)
  if (isTimeout(cause)) {
    log.warn({ path: path?.join('.') }, 'a GraphQL request took too long')
    return tell('TIMED_OUT', 'The answer took too long and was given up: ask for less at once.', {}, 503)
  }
  if (isOutage(cause)) {
    log.warn({ err: cause, path: path?.join('.') }, 'a neighbour did not answer a GraphQL request')
    const facts = { retryAfterS: RETRY_AFTER_S }
    return tell('TEMPORARILY_UNAVAILABLE', 'Something we need does not answer at the moment. Try again.', facts, 503)
  }
  log.error({ err: cause, path: path?.join('.') }, 'a GraphQL request failed')
  return tell('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.', {}, 500)
}

const isTimeout = (error: unknown): boolean =>
  isStatementTimeout(error) || (error instanceof Error && error.name === 'TimeoutError')

/** What graphql-js says about a document or a variable, with a code and without what it was given. */
function coded(error: GraphQLError, suggestions: boolean): GraphQLError {
  // Yoga adds what the parser of JSON said, in the words of this engine.
  const { code = 'BAD_USER_INPUT', originalError: _, http, ...more } = error.extensions
  const isTooLong = code === 'GRAPHQL_PARSE_FAILED' && error.message.endsWith('tokens. Parsing aborted.')
  // It says what is wrong with a variable without a code, and in its message only where: `at "input.amount.amount"`.
  const [, field] = /^Variable "\$\w+" got invalid value .* at "\w+\.([\w.[\]]+)";/s.exec(error.message) ?? []
  // What is no GraphQL request at all is 400, whatever the asker accepts.
  const isNoRequest = code === 'BAD_REQUEST' && !error.path
  const told = isNoRequest ? { status: 400, ...(http as object), spec: false } : http
  const extensions = {
    code: isTooLong ? 'QUERY_TOO_LONG' : code,
    ...(field && { field }),
    ...more,
    ...(told ? { http: told } : {}),
  }
  return withExtensions(
    error,
    extensions,
    shortened(suggestions ? error.message : error.message.replace(SUGGESTION, '')),
  )
}

/** Always a new error: Yoga keeps those of parsing and validation, and gives them to whoever asks the same. */
function withExtensions(
  error: GraphQLError,
  extensions: Record<string, unknown>,
  message = error.message,
): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null } = error
  return new GraphQLError(message, { nodes, source, positions, path, extensions })
}

/** graphql-js quotes what it was given, however long it is. */
const shortened = (message: string): string =>
  message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…`.toWellFormed() : message

function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? causeOf(error.originalError) : error
}
