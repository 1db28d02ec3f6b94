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
  const engine = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  })
  await registerSearchAttributes(engine.connection, engine.namespace ?? 'default')
  return engine
}
