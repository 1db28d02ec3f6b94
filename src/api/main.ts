import { Client, Connection } from '@temporalio/client'
import { sql } from 'kysely'
import { type ApiConfig, apiConfig, ConfigurationError } from '../config.ts'
import { openDatabase } from '../db/pool.ts'
import { documentLinks } from '../documents/link.ts'
import { createLogger } from '../log.ts'
import { payLink } from '../pay/link.ts'
import { startReconciliation } from '../reconciliation/start.ts'
import { authenticator } from './auth.ts'
import { commandGateway } from './command-gateway.ts'
import { startEventHub } from './event-hub.ts'
import { createGraphql } from './graphql.ts'
import { rateLimits } from './limits/rate-limits.ts'
import { listen } from './listen.ts'
import { askLiveState } from './live-state.ts'
import { createServer } from './server.ts'

/** How long a command may still wait for its matter when the process is to end: less than the server waits for its answer. */
const ANSWER_WITHIN_MS = 6_000

const log = createLogger('api')

/** Starts the API process. Neither neighbour need be there yet: both connections are made when they are first needed. */
async function start(config: ApiConfig): Promise<() => Promise<void>> {
  const { connectionOptions, namespace = 'default' } = config.temporal
  const db = openDatabase(config.databaseUrl, { name: 'retainer-api', max: 20 })
  // Clients who pay, and providers who tell of it, wait for no firm's long queries.
  const edgesDb = openDatabase(config.databaseUrl, { name: 'retainer-api-edges', max: 8 })
  const connection = Connection.lazy(connectionOptions)
  const temporal = new Client({ connection, namespace })
  const events = startEventHub(config.databaseUrl)
  const limits = rateLimits(config.rateLimits)
  const commands = commandGateway({ temporal, db, rateLimits: limits })
  const clientsCommands = commandGateway({ temporal, db: edgesDb, rateLimits: limits })
  const documents = documentLinks({ secret: config.payLinkSecret, publicUrl: config.publicUrl })

  const graphql = createGraphql({
    db,
    commands,
    events,
    payUrl: payLink({ secret: config.payLinkSecret, publicUrl: config.publicUrl }),
    liveState: askLiveState(temporal),
    documents,
    startReconciliation: (firmId, id) => startReconciliation(temporal, firmId, id),
    authenticate: authenticator(config.auth),
    development: config.development,
    ...(config.development && { developmentTokenUrl: new URL('/token', config.auth.jwksUrl).href }),
    introspection: config.introspection,
    rateLimits: limits,
  })
  const checks = {
    database: () => sql`select 1`.execute(db),
    temporal: () => connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.getSystemInfo({})),
  }
  const app = createServer({
    config,
    db: edgesDb,
    commands: clientsCommands,
    graphql,
    documents,
    rateLimits: limits,
    closing: events.closing,
    checks,
    log,
  })
  const server = await listen(app, config)
  log.info({ url: server.url }, 'the API takes requests')

  return async function stop(): Promise<void> {
    const lastCall = setTimeout(() => {
      commands.giveUp()
      clientsCommands.giveUp()
    }, ANSWER_WITHIN_MS)
    // Subscriptions end only by the hub, and the server only after them.
    await Promise.all([events.close(), server.close()])
    clearTimeout(lastCall)
    await Promise.all([db.destroy(), edgesDb.destroy()])
    log.info('the API has stopped')
    // The connection to the engine ends with the process: closing it throws under calls it still retries for nobody.
    process.exit()
  }
}

try {
  const stop = await start(apiConfig(process.env))
  let stopping: Promise<void> | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void (stopping ??= stop()))
} catch (err) {
  // For whoever typed the command: a line for each variable.
  if (err instanceof ConfigurationError) console.error(err.message)
  else log.fatal({ err }, err instanceof Error ? err.message : 'The API could not start.')
  process.exitCode = 1
}
