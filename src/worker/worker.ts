import { Client, Connection } from '@temporalio/client'
import { NativeConnection, type WorkerOptions } from '@temporalio/worker'
import { Resend } from 'resend'
import Stripe from 'stripe'
import { createActivities } from '../../activities/index.ts'
import type { WorkerConfig } from '../config.ts'
import { listenTo } from '../db/listen.ts'
import { openDatabase } from '../db/pool.ts'
import type { Logger } from '../log.ts'
import { linkHash, linkToken, payLink, payReturnUrls } from '../pay/link.ts'
import { ensureNightlyReconciliation } from '../reconciliation/schedule.ts'
import { inBackground } from './background.ts'
import { mattersBehind } from './behind.ts'
import { stripeBackfill } from './inbox/backfill.ts'
import { inboxDispatcher } from './inbox/dispatcher.ts'
import { notifier } from './notifier.ts'
import { createWorkers } from './workers.ts'

const INBOX_EVERY_MS = 1_000
const BACKFILL_EVERY_MS = 30_000
const BEHIND_EVERY_MS = 5_000

export interface RunningWorker {
  /** Rejects when a worker fails beyond its own retries. */
  done: Promise<void>
  isHealthy(): Promise<boolean>
  /** Finishes what is under way, takes no more. */
  stop(): Promise<void>
}

export interface StartWorkerOptions {
  config: WorkerConfig
  log: Logger
  workflowBundle?: NonNullable<WorkerOptions['workflowBundle']>
  /** Whether the provider is asked for events that never arrived: not where they are held back on purpose. Unless said otherwise it is. */
  backfills?: boolean
}

/** Starts everything the worker process does: the matters' workflows and activities, and the providers' inbox. */
export async function startWorker({
  config,
  log,
  workflowBundle,
  backfills = true,
}: StartWorkerOptions): Promise<RunningWorker> {
  const { connectionOptions, namespace = 'default' } = config.temporal
  const db = openDatabase(config.databaseUrl, { name: 'retainer-worker', max: 20 })
  const stripe = stripeClient(config.stripe)
  const resend = new Resend(config.resend.apiKey, config.resend.apiUrl ? { baseUrl: config.resend.apiUrl } : {})
  const connection = await Connection.connect(connectionOptions)
  const temporal = new Client({ connection, namespace })
  const native = await NativeConnection.connect(connectionOptions)

  const token = (requestId: string) => linkToken(config.payLinkSecret, requestId)
  await ensureNightlyReconciliation(temporal)
  const activities = createActivities({
    db,
    temporal,
    stripe,
    resend,
    linkHash: (requestId) => linkHash(token(requestId)),
    payUrl: payLink({ secret: config.payLinkSecret, publicUrl: config.publicUrl }),
    returnUrls: (requestId, attemptId) =>
      payReturnUrls({ publicUrl: config.publicUrl, token: token(requestId), attemptId }),
    notify: notifier(db).notify,
  })
  const { mailPerSecond, version } = config
  const given = { ...(version && { version }), ...(workflowBundle && { workflowBundle }) }
  const workers = await createWorkers({ connection: native, namespace, activities, mailPerSecond, ...given })

  const dispatcher = inboxDispatcher({ db, temporal, stripe, log })
  const inbox = inBackground('inbox', INBOX_EVERY_MS, dispatcher.takeDue, log)
  const missingEvents = stripeBackfill({ db, temporal, stripe })
  const backfill = inBackground(
    'backfill',
    BACKFILL_EVERY_MS,
    async () => {
      if (backfills && (await missingEvents()) > 0) inbox.wake()
    },
    log,
  )
  const behind = inBackground('behind', BEHIND_EVERY_MS, mattersBehind({ db, temporal, log }), log)
  const listener = listenTo(config.databaseUrl, 'inbox', inbox.wake)

  const runs = workers.map((worker) => worker.run())
  return {
    done: Promise.all(runs).then(() => undefined),
    isHealthy: async () => workers.every((worker) => worker.getState() === 'RUNNING'),
    async stop() {
      await Promise.all([listener.stop(), inbox.stop(), dispatcher.stop(), backfill.stop(), behind.stop()])
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
      await Promise.allSettled(runs)
      await Promise.all([native.close(), connection.close(), db.destroy()])
    },
  }
}

/** The engine retries, so the client does not: two loops of retries would multiply. */
function stripeClient({ secretKey, apiUrl }: WorkerConfig['stripe']): Stripe {
  const shared = { maxNetworkRetries: 0, timeout: 20_000, telemetry: false } as const
  if (!apiUrl) return new Stripe(secretKey, shared)
  const { hostname, port, protocol } = new URL(apiUrl)
  return new Stripe(secretKey, { ...shared, host: hostname, port, protocol: protocol === 'https:' ? 'https' : 'http' })
}
