import { setTimeout as delay } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, type WorkerOptions } from '@temporalio/worker'
import { Resend } from 'resend'
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
import { stripeClient } from './stripe-client.ts'
import { createWorkers } from './workers.ts'

const INBOX_EVERY_MS = 1_000
const BACKFILL_EVERY_MS = 30_000
const BEHIND_EVERY_MS = 5_000

/** What a call of the provider that hangs may take of the ten seconds that a process is given to end. */
const STOPS_WITHIN_MS = 5_000
const CLOSES_WITHIN_MS = 1_000

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
  const { stripe, hangUp } = stripeClient(config.stripe)
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
    async (stop) => {
      if (backfills && (await missingEvents(stop)) > 0) inbox.wake()
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
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
      const others = [listener, inbox, dispatcher, backfill, behind].map((each) => each.stop())
      const ended = Promise.allSettled([...runs, ...others])
      await Promise.race([ended, delay(STOPS_WITHIN_MS, undefined, { ref: false })])
      // What still waits for the provider is for another worker, or for this one's next start.
      hangUp()
      await Promise.allSettled(runs)
      await Promise.race([ended, delay(CLOSES_WITHIN_MS, undefined, { ref: false })])
      await Promise.all([native.close(), connection.close(), db.destroy()])
    },
  }
}
