import { serve } from '@hono/node-server'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { Hono } from 'hono'
import { ConfigurationError, workerConfig } from '../config.ts'
import { createLogger } from '../log.ts'
import { preflight } from './preflight/preflight.ts'
import { startWorker } from './worker.ts'

const log = createLogger('worker')
Runtime.install({
  // SIGTERM and SIGINT are ours: the inbox and the connections end with the workers.
  shutdownSignals: [],
  logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
    const { workflowId, taskQueue, activityType } = (meta ?? {}) as Record<string, unknown>
    log[level === 'ERROR' ? 'error' : level === 'WARN' ? 'warn' : 'info'](
      { workflowId, taskQueue, activityType },
      message,
    )
  }),
})

try {
  const config = workerConfig(process.env)
  for (const oddity of await preflight(config)) log.warn(oddity)
  const worker = await startWorker({ config, log })
  const health = new Hono().get('/healthz', async (c) =>
    (await worker.isHealthy()) ? c.json({ status: 'ok' }) : c.json({ status: 'stopping' }, 503),
  )
  const server = serve({ fetch: health.fetch, port: config.healthPort, hostname: '127.0.0.1' })
  log.info('worker started')

  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= worker.stop())
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
  await worker.done
  await stop()
  server.close()
  log.info('worker stopped')
} catch (err) {
  // For whoever typed the command: a line for each variable.
  if (err instanceof ConfigurationError) console.error(err.message)
  else log.fatal({ err }, err instanceof Error ? err.message : 'The worker could not start.')
  process.exitCode = 1
}
