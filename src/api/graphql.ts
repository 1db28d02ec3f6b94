import type { ExecutionResult } from 'graphql'
import { createYoga, isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga'
import type { ApiContext, Viewer } from '../../schema/context.ts'
import { unauthenticated } from '../../schema/errors.ts'
import { schema } from '../../schema/index.ts'
import { asFirm, type Database } from '../db/pool.ts'
import { attentionWording } from '../domain/attention-wording.ts'
import type { Logger } from '../log.ts'
import type { Authenticate } from './auth.ts'
import { headers, story } from './graphiql-story.ts'
import { developmentToken } from './graphiql-token.ts'
import { graphqlAnswer, hasJsonBody, withCode } from './graphql-answer.ts'
import { presentable } from './graphql-errors.ts'
import { documentLimits, noIntrospection } from './limits/document-limits.ts'
import { askerOf, operationLimits, TOO_OFTEN } from './limits/operation-limits.ts'
import type { RateLimits } from './limits/rate-limits.ts'
import { streamLimits } from './limits/stream-limits.ts'
import { QUERY_WITHIN_MS, timeLimit } from './limits/time-limit.ts'

export interface GraphqlDependencies extends Omit<ApiContext, 'viewer' | 'attentionWording'> {
  authenticate: Authenticate
  /** Opens GraphiQL to browsers, and answers strangers as far as the schema goes. */
  development: boolean
  /** Where the development identity provider gives GraphiQL a token to begin with. */
  developmentTokenUrl?: string
  /** Lets the schema be read, and mistyped names be told the right ones. */
  introspection: boolean
  rateLimits: Pick<RateLimits, 'requests' | 'queries' | 'commands'>
  /** How long a query may take; only tests are in a hurry. */
  queryWithinMs?: number
}

interface ServerContext {
  viewer: Viewer | null
  log: Logger
  requestId: string | undefined
}

/** Answers one request to `/graphql`; `log` is the request's own, `requestId` is told with its errors. */
export type GraphqlHandler = (request: Request, log: Logger, requestId?: string) => Promise<Response>

/** The GraphQL API over HTTP: queries and mutations by POST or GET, subscriptions as server-sent events. */
export function createGraphql(dependencies: GraphqlDependencies): GraphqlHandler {
  const {
    authenticate,
    development,
    developmentTokenUrl,
    introspection,
    rateLimits,
    queryWithinMs = QUERY_WITHIN_MS,
    ...parts
  } = dependencies
  // Firms come and stay: one that was found need not be looked for again.
  const knownFirms = new Set<string>()
  const limits: Plugin<ApiContext>[] = [
    documentLimits,
    ...(introspection ? [] : [noIntrospection]),
    operationLimits(rateLimits),
    streamLimits(parts.events.closing),
    timeLimit(queryWithinMs),
  ]
  const yoga = createYoga<ServerContext, ApiContext>({
    schema,
    context: ({ viewer }) => ({ ...parts, attentionWording, viewer }),
    plugins: [...limits, { onResultProcess: presentErrors(introspection) }],
    // By the plugin, which knows the request's log, also when a stream fails long after the request was taken.
    maskedErrors: false,
    graphiql:
      development &&
      (async (request) => {
        const token = developmentTokenUrl ? await developmentToken(developmentTokenUrl, request) : null
        return { title: 'Retainer automation', defaultQuery: story(token), headers: headers(token) }
      }),
    // The page with everything it needs: a newcomer's machine may be offline. Nine megabytes, so only once it is asked for.
    renderGraphiQL: async (options) =>
      inOneWindow((await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options)),
    landingPage: false,
    multipart: false,
    // By the server, for the origins that its configuration names.
    cors: false,
    logging: false,
    fetchAPI: { Request, Response, Headers, ReadableStream, TransformStream },
  })
  return async (request, log, requestId) => {
    let viewer: Viewer | null
    try {
      viewer = await authenticate(request)
      if (viewer && !knownFirms.has(viewer.firmId)) {
        if (!(await exists(parts.db, viewer.firmId))) {
          return graphqlAnswer(403, 'FORBIDDEN', { message: 'The token’s firm is not known here.', requestId })
        }
        knownFirms.add(viewer.firmId)
      }
    } catch (err) {
      log.error({ err }, 'identity provider or database did not answer')
      const message = 'Who you are cannot be checked at the moment.'
      return graphqlAnswer(503, 'TEMPORARILY_UNAVAILABLE', { message, requestId, headers: { 'retry-after': '1' } })
    }
    // Before the document is looked at: its errors would tell a stranger about the schema.
    if (!viewer && !development) {
      const { message } = unauthenticated()
      return graphqlAnswer(401, 'UNAUTHENTICATED', { message, requestId, headers: { 'www-authenticate': 'Bearer' } })
    }
    const retryAfterS = await rateLimits.requests.spend(askerOf({ viewer }))
    if (retryAfterS !== null) {
      const headers = { 'retry-after': String(retryAfterS) }
      return graphqlAnswer(429, 'RATE_LIMITED', { message: TOO_OFTEN, requestId, headers, facts: { retryAfterS } })
    }
    if (request.method === 'POST' && !hasJsonBody(request))
      return withCode(new Response(null, { status: 415 }), requestId)
    return withCode(await yoga.fetch(request, { viewer, log, requestId }), requestId)
  }
}

/** Its page is taller than the window it fills: a turn of the wheel outside the editor would end on white. */
const inOneWindow = (page: string): string =>
  page.replace('</head>', '<style>html, body { height: 100vh; overflow: hidden; }</style></head>')

const presentErrors =
  (suggestions: boolean): NonNullable<Plugin['onResultProcess']> =>
  ({ result, setResult, serverContext }) => {
    const { log, requestId } = serverContext as unknown as ServerContext
    const presenting = { log, requestId, suggestions }
    const present = <Result extends ExecutionResult>(each: Result): Result =>
      each.errors ? { ...each, errors: each.errors.map((error) => presentable(error, presenting)) } : each
    if (Array.isArray(result)) setResult(result.map(present))
    else setResult(isAsyncIterable(result) ? mapAsyncIterator(result, present) : present(result))
  }

const exists = (db: Database, firmId: string): Promise<boolean> =>
  asFirm(db, firmId, async (trx) => {
    const firm = await trx.selectFrom('firm').select('id').where('id', '=', firmId).executeTakeFirst()
    return firm !== undefined
  })
