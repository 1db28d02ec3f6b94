import { TestWorkflowEnvironment } from '@temporalio/testing'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { resolveTemporalBinary } from '../../stack/temporal-binary.ts'
import { registerSearchAttributes } from '../../worker/search-attributes.ts'

// The engine tells of every worker it starts and stops; only trouble is worth a line.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
})

/** Temporal's test server, which skips time; the matter's search attributes are registered. */
export async function startSkippingEngine(): Promise<TestWorkflowEnvironment> {
  const path = await resolveTemporalBinary('test-server')
  const server = { executable: { type: 'existing-path', path } } as const
  const engine = await inAFewTries(() => TestWorkflowEnvironment.createTimeSkipping({ server }))
  await registerSearchAttributes(engine.connection, engine.namespace ?? 'default')
  return engine
}

const TRIES = 4

/** The SDK gives a server five seconds to start, which are not enough on every machine at every moment. */
export async function inAFewTries<Engine>(start: () => Promise<Engine>): Promise<Engine> {
  for (let nth = 1; ; nth += 1) {
    try {
      return await start()
    } catch (error) {
      if (nth === TRIES) throw error
    }
  }
}
