import { TestWorkflowEnvironment } from '@temporalio/testing'
import { inAFewTries, startSkippingEngine } from '../../src/simulation/world/engine.ts'
import { resolveTemporalBinary } from '../../src/stack/temporal-binary.ts'
import { registerSearchAttributes } from '../../src/worker/search-attributes.ts'

export { startSkippingEngine }

/** The real server, as deployed; `dynamicConfig` forces what years would bring. */
export async function startRealEngine(dynamicConfig: Record<string, string> = {}): Promise<TestWorkflowEnvironment> {
  const path = await resolveTemporalBinary('cli')
  const settings = Object.entries(dynamicConfig).flatMap(([name, value]) => [
    '--dynamic-config-value',
    `${name}=${value}`,
  ])
  const server = {
    executable: { type: 'existing-path', path },
    extraArgs: settings,
    log: { format: 'pretty', level: 'never' },
  } as const
  const engine = await inAFewTries(() => TestWorkflowEnvironment.createLocal({ server }))
  await registerSearchAttributes(engine.connection, engine.namespace ?? 'default')
  return engine
}
