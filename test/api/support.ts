import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import type { ExecutionResult } from 'graphql'
import type { Viewer } from '../../schema/context.ts'
import { type CommandGateway, commandGateway, digest } from '../../src/api/command-gateway.ts'
import { startEventHub } from '../../src/api/event-hub.ts'
import { createGraphql, type GraphqlDependencies } from '../../src/api/graphql.ts'
import type { RateLimits } from '../../src/api/limits/rate-limits.ts'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { documentLinks } from '../../src/documents/link.ts'
import type { Command } from '../../src/domain/events.ts'
import { fromWire, toWire, type Wire } from '../../src/domain/wire.ts'
import { createLogger } from '../../src/log.ts'
import type { RetainerInput } from '../../workflows/contract.ts'
import { type Books, openBooks } from '../edges/matter-on-the-books.ts'
import { createTestDatabase } from '../support/database.ts'
import { createFirm, createMatter, type TestFirm } from '../support/firm.ts'
import { generous } from '../support/rate-limits.ts'

type Role = Viewer['roles'][number]

/** An answer as `JSON.parse` types it: what is really in it, a test's expectations say. */
export type Picked = ReturnType<typeof JSON.parse>

export const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64')

export interface Asking {
  firm?: TestFirm
  roles?: Role[]
}

/** The GraphQL API on a database of its own. Commands are decided by the rules and committed to the real books, without an engine. */
export async function startApi(overrides: Partial<GraphqlDependencies> & { rateLimits?: RateLimits } = {}) {
  const limits = overrides.rateLimits ?? generous()
  const database = await createTestDatabase()
  const db = openDatabase(database.apiUrl, { name: 'test-api', max: 10 })
  const books = openBooks(database)
  const lines: string[] = []
  const log = createLogger('api', { destination: { write: (line) => lines.push(line) } })
  const events = startEventHub(database.apiUrl)
  const firm = await createFirm(database.owner)

  const handle = createGraphql({
    db,
    events,
    commands: gatewayTo(books, db, limits),
    payUrl: (requestId) => `https://pay.example/pay/${requestId}`,
    liveState: () => Promise.resolve(null),
    documents: documentLinks({ secret: 'a secret that only the tests know of', publicUrl: 'https://pay.example' }),
    startReconciliation: () => Promise.resolve(),
    authenticate: async (request) => JSON.parse(request.headers.get('x-viewer') ?? 'null') as Viewer | null,
    development: false,
    introspection: overrides.development ?? false,
    rateLimits: limits,
    ...overrides,
  })

  function viewerOf({ firm: asked = firm, roles = ['ADMIN'] }: Asking): Viewer {
    return { subject: 'test', firmId: asked.firmId, roles, expiresAtMs: Date.now() + 60_000 }
  }

  function request(query: string, variables: object, headers: Record<string, string>, signal?: AbortSignal): Request {
    return new Request('http://api.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    })
  }

  /** Asks as a viewer, an admin of the test's firm unless said otherwise. */
  async function ask<Data = Picked>(
    query: string,
    variables: object = {},
    asking: Asking = {},
  ): Promise<ExecutionResult<Data>> {
    const response = await handle(request(query, variables, { 'x-viewer': JSON.stringify(viewerOf(asking)) }), log)
    return (await response.json()) as ExecutionResult<Data>
  }

  /** Data of a query that must not fail. */
  async function data<Data = Picked>(query: string, variables: object = {}, asking: Asking = {}): Promise<Data> {
    const { data: found, errors } = await ask<Data>(query, variables, asking)
    if (errors || !found) throw new Error(`The query failed: ${JSON.stringify(errors)}`)
    return found
  }

  /** Runs the mutation `name` and answers its result, with the refusal's facts or the payload's `select`. */
  async function mutate(name: string, input: object, select: string, asking: Asking = {}) {
    const type = name[0]?.toUpperCase() + name.slice(1)
    const document = `mutation ($input: ${type}Input!) { ${name}(input: $input) {
      __typename ... on ${type}Payload { ${select} } ... on Refusal { code message } } }`
    const found = await data<Record<string, Picked>>(
      document,
      { input: { idempotencyKey: randomUUID(), ...input } },
      asking,
    )
    return found[name]
  }

  return {
    database,
    db,
    events,
    firm,
    books,
    handle,
    log,
    logged: () => lines.join(''),
    request,
    viewerOf,
    ask,
    data,
    mutate,
    /** A matter of the firm: its id, and its global id. */
    async matter(owner: TestFirm = firm) {
      const id = await createMatter(database.owner, owner)
      return { id, gid: globalId('Matter', id), firm: owner }
    },
    async close() {
      await events.close()
      await books.close()
      await db.destroy()
      await database.drop()
    },
  }
}

export type Api = Awaited<ReturnType<typeof startApi>>

export const usd = (amount: string) => ({ amount, currencyCode: 'USD' })

/** Billing options as the API takes them: an initial amount, and [minimum, trigger] of replenishment. */
export const options = (initial: string | null, topUp: [string, string] | null = null) => ({
  enabled: true,
  payNewInvoices: 'AUTOMATIC',
  initialAmount: initial === null ? null : usd(initial),
  replenishment: {
    enabled: topUp !== null,
    ...(topUp && { minimumBalance: usd(topUp[0]), topUpTriggerAmount: usd(topUp[1]) }),
  },
})

interface UpdateOptions {
  args: [{ key: string; inputHash: string }]
  startWorkflowOperation: { options: { args: [RetainerInput] } }
}

/** The real gateway to an engine whose workflows are the books: it answers an update as the matter's workflow would. */
function gatewayTo({ commands }: Books, db: Database, rateLimits: RateLimits): CommandGateway {
  // The engine is told the input's digest only; the books digest the input themselves.
  const inputs = new Map<string, unknown>()
  const engine = {
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    workflow: { executeUpdateWithStart },
  }

  async function executeUpdateWithStart(update: { name: string }, { args, startWorkflowOperation }: UpdateOptions) {
    const [{ key, inputHash, ...fields }] = args
    const [{ firmId, matterId }] = startWorkflowOperation.options.args
    const command = fromWire<Command>({ kind: update.name, ...fields } as Wire<Command>)
    return toWire(await commands.send({ firmId, matterId, key, input: inputs.get(inputHash), command }))
  }

  const gateway = commandGateway({ temporal: engine as unknown as Client, db, rateLimits })
  return {
    send(request) {
      const { matterId, command, input } = request
      inputs.set(digest({ matterId, kind: command.kind, input }), input)
      return gateway.send(request)
    },
  }
}
