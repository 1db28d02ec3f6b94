import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { type CommandGateway, commandGateway } from '../../api/command-gateway.ts'
import type { WorkerConfig } from '../../config.ts'
import { type Database, openDatabase } from '../../db/pool.ts'
import { createLogger } from '../../log.ts'
import { startOutbox } from '../../outbox/start.ts'
import { startSandbox } from '../../sandbox/start.ts'
import { type Inbox, inbox } from '../../webhooks/inbox.ts'
import { type StartWorkerOptions, startWorker } from '../../worker/worker.ts'
import { type EngineClock, engineClock } from './engine-clock.ts'
import { FarSide } from './far-side.ts'
import { ProviderNews } from './provider-news.ts'
import { quiet } from './quiet.ts'
import { generous } from './rate-limits.ts'

export const DAY_MS = 24 * 60 * 60 * 1000

const KEYS = {
  stripe: 'sk_test_simulation',
  resend: 're_simulation',
  stripeWebhook: 'whsec_simulation',
  resendWebhook: 'whsec_c2ltdWxhdGlvbg==',
  payLink: 'simulation-'.repeat(4),
}

export interface WorldParts {
  /** One that skips time. */
  engine: TestWorkflowEnvironment
  /** A migrated database of this world's own: its owner's pool, and the addresses for worker and API. */
  database: { owner: Database; workerUrl: string; apiUrl: string }
  /** Where the workflow code was bundled ahead. */
  workflowBundle?: NonNullable<StartWorkerOptions['workflowBundle']>
  /** Whether the worker fetches the provider's events by itself. Otherwise they come when the news is delivered. */
  backfills?: boolean
}

/**
 * Everything matters live with: the real workflow, worker, ledger and clients on an engine that skips time, and the far side's
 * stand-ins with the engine's clock.
 */
export interface World extends WorldParts {
  clock: EngineClock
  sandbox: FarSide
  outbox: FarSide
  commands: CommandGateway
  /** Where verified events of the providers are filed. */
  inbox: Inbox
  /** The provider's events, until they are delivered. */
  news: ProviderNews
  /** What the world's own worker runs with, for others beside it. */
  workerConfig: WorkerConfig
  /** Lets time pass, as far as it takes, without waiting for what fell due. */
  pass(ms: number): Promise<void>
  /** Lets time pass until `atMs`; the matters do what falls due on the way. */
  until(atMs: number): Promise<void>
  /** While this runs no worker takes any task. */
  workerAway(during: () => Promise<unknown>): Promise<void>
  stop(): Promise<void>
}

/** Opens a world. The engine ends with it, or when it cannot be opened; the database stays the caller's. */
export async function openWorld(parts: WorldParts): Promise<World> {
  try {
    return await open(parts)
  } catch (error) {
    await parts.engine.teardown()
    throw error
  }
}

async function open(parts: WorldParts): Promise<World> {
  const { engine, database, workflowBundle, backfills = false } = parts
  const clock = await engineClock(engine)
  const shared = { port: 0, statePath: ':memory:', now: clock.now }
  const sandbox = await startSandbox({ ...shared, secretKey: KEYS.stripe, webhookSecret: KEYS.stripeWebhook })
  const outbox = await startOutbox({ ...shared, apiKey: KEYS.resend, webhookSecret: KEYS.resendWebhook })
  clock.readBeforeCallsOf(`${outbox.url}/emails`)
  const config: WorkerConfig = {
    databaseUrl: database.workerUrl,
    temporal: { connectionOptions: { address: engine.address }, namespace: engine.namespace ?? 'default' },
    stripe: { secretKey: KEYS.stripe, apiUrl: sandbox.url },
    resend: { apiKey: KEYS.resend, apiUrl: outbox.url },
    payLinkSecret: KEYS.payLink,
    publicUrl: 'http://127.0.0.1:4000',
    healthPort: 0,
    mailPerSecond: 1000,
  }
  const launchWorker = () =>
    startWorker({
      config,
      backfills,
      log: createLogger('simulation', { level: 'error' }),
      ...(workflowBundle && { workflowBundle }),
    })
  let worker = await launchWorker()
  const apiDb = openDatabase(database.apiUrl, { name: 'simulation-api', max: 5 })
  const farSandbox = new FarSide(sandbox.url)
  const events = inbox(apiDb)

  async function pass(ms: number): Promise<void> {
    await engine.sleep(ms)
    await clock.read()
  }

  return {
    ...parts,
    clock,
    sandbox: farSandbox,
    outbox: new FarSide(outbox.url),
    commands: commandGateway({ temporal: engine.client, db: apiDb, rateLimits: generous() }),
    inbox: events,
    news: new ProviderNews(farSandbox, events, database),
    workerConfig: config,
    pass,
    async until(atMs) {
      await pass(atMs - (await clock.read()))
      await quiet(database)
    },
    async workerAway(during) {
      await worker.stop()
      try {
        await during()
      } finally {
        worker = await launchWorker()
      }
    },
    async stop() {
      await worker.stop()
      clock.stop()
      await Promise.all([sandbox.close(), outbox.close(), apiDb.destroy()])
      await engine.teardown()
    },
  }
}
