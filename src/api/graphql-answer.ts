import type { ErrorCode } from './error-codes.ts'

interface Telling {
  message: string
  requestId?: string | undefined
  headers?: HeadersInit
  /** Facts for a program, beside the code. */
  facts?: Readonly<Record<string, unknown>>
}

/** An answer of `/graphql` to what never became an operation, in GraphQL's form. */
export function graphqlAnswer(
  status: number,
  code: ErrorCode,
  { message, requestId, headers = {}, facts }: Telling,
): Response {
  const extensions = { code, ...facts, ...(requestId !== undefined && { requestId }) }
  return Response.json({ errors: [{ message, extensions }] }, { status, headers })
}

const WORDS: Readonly<Record<number, [ErrorCode, string]>> = {
  404: ['NOT_FOUND', 'No such address.'],
  405: ['METHOD_NOT_ALLOWED', 'Queries come by GET or POST, commands by POST.'],
  406: ['NOT_ACCEPTABLE', 'Answers are application/json, application/graphql-response+json or text/event-stream.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'A request’s body is application/json, not compressed.'],
}

/** Gives the refusals that come without a body, or without a code of their own, theirs. */
export function withCode(response: Response, requestId: string | undefined): Response {
  const [code, message] = WORDS[response.status] ?? []
  if (!code || !message) return response
  const allow = response.headers.get('allow')
  return graphqlAnswer(response.status, code, { message, requestId, ...(allow && { headers: { allow } }) })
}

/**
 * Whether the body is JSON. Nothing else is taken: another site's form could send the other types without asking the browser's
 * leave. Nor anything compressed, which could be a thousand times larger than it looks.
 */
export function hasJsonBody({ headers }: Request): boolean {
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  const encoding = headers.get('content-encoding') ?? 'identity'
  return /^application\/(graphql\+)?json$/i.test(type.trim()) && encoding === 'identity'
}
