import path from 'node:path'
import type { Neighbour, Ports, StackConfig } from './config.ts'
import { localHttp, type StackEnv } from './environment.ts'
import { embeddedPostgres, ensureApplicationDatabase } from './postgres.ts'
import type { PrepareStep } from './prepare.ts'
import { nodeProgram, type ProgramName } from './programs.ts'
import type { Secrets } from './secrets.ts'
import type { Supervisor } from './supervisor.ts'
import { resolveTemporalBinary } from './temporal-binary.ts'
import { temporalServer } from './temporal-server.ts'
import { untilReady } from './until-ready.ts'

/** How long a repeatable step waits for an embedded part that fell to be back. */
const RESTART_WITHIN_MS = 15_000

/** What the parts are started from. */
export type Blueprint = {
  config: StackConfig
  ports: Ports
  secrets: Secrets
  env: StackEnv
  supervisor: Supervisor
  temporary: boolean
  temporalDynamicConfig: string[]
  programFiles: Record<ProgramName, string>
  prepare: PrepareStep[]
  report: (line: string) => void
}

/** Starts every part as early as what it needs allows; gives back when all are healthy. */
export async function startParts(blueprint: Blueprint): Promise<void> {
  const embedded = (neighbour: Neighbour, start: () => Promise<void>): Promise<void> =>
    blueprint.config.embedded.has(neighbour) ? start() : Promise.resolve()
  const program = (name: ProgramName): Promise<void> => startProgram(blueprint, name)

  await Promise.all([
    embedded('postgres', () => startPostgres(blueprint)).then(() => prepareAfter(blueprint, 'postgres')),
    embedded('temporal', () => startTemporal(blueprint)).then(() => prepareAfter(blueprint, 'temporal')),
    embedded('stripe', () => program('sandbox')),
    embedded('resend', () => program('outbox')),
    embedded('identity', () => program('identity')),
  ])
  await Promise.all([program('worker'), program('api')])
}

async function startPostgres(blueprint: Blueprint): Promise<void> {
  const { config, ports, secrets, supervisor, temporary, report } = blueprint
  const port = ports.POSTGRES_PORT
  await timed(report, 'PostgreSQL 18', `127.0.0.1:${port}`, async () => {
    const options = { dataDir: config.dataDir, port, secrets, temporary, log: report }
    const { spec, superuserUrl } = await embeddedPostgres(options)
    await supervisor.start(spec)
    await untilReady(() => ensureApplicationDatabase(superuserUrl, secrets.postgresOwnerPassword), RESTART_WITHIN_MS)
  })
}

async function startTemporal(blueprint: Blueprint): Promise<void> {
  const { config, ports, supervisor, temporalDynamicConfig, report } = blueprint
  const port = ports.TEMPORAL_PORT
  // Fetching it may take minutes and speaks for itself; only the start is timed.
  const binary = await resolveTemporalBinary('cli', { log: report })
  await timed(report, 'Temporal', `127.0.0.1:${port}, Web UI on ${ports.TEMPORAL_UI_PORT}`, () =>
    supervisor.start(
      temporalServer({
        binary,
        databaseFile: path.join(config.dataDir, 'temporal.db'),
        port,
        uiPort: ports.TEMPORAL_UI_PORT,
        namespace: config.temporalNamespace,
        dynamicConfig: temporalDynamicConfig,
      }),
    ),
  )
}

const TITLES: Record<ProgramName, string> = {
  api: 'API',
  worker: 'Worker',
  sandbox: 'Stripe sandbox',
  outbox: 'Outbox',
  identity: 'Identity provider',
}

async function startProgram(blueprint: Blueprint, name: ProgramName): Promise<void> {
  const { env, ports, programFiles, supervisor, report } = blueprint
  const spec = nodeProgram(name, programFiles[name], env, ports)
  await timed(report, TITLES[name], localHttp(spec.healthPort), () => supervisor.start(spec))
}

async function prepareAfter(blueprint: Blueprint, neighbour: PrepareStep['after']): Promise<void> {
  const { config, prepare, report, env } = blueprint
  // An embedded neighbour that falls meanwhile is started again; with a real one, trouble is told at once.
  const withinMs = config.embedded.has(neighbour) ? RESTART_WITHIN_MS : 0
  for (const step of prepare.filter(({ after }) => after === neighbour)) {
    await timed(report, step.title, '', () => untilReady(() => step.run(env), withinMs))
  }
}

async function timed(
  report: (line: string) => void,
  title: string,
  detail: string,
  work: () => Promise<void>,
): Promise<void> {
  const startedAt = performance.now()
  try {
    await work()
  } catch (cause) {
    throw new Error(`${title} could not be started: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  const took = ((performance.now() - startedAt) / 1_000).toFixed(1)
  report(`✓ ${title.padEnd(20)}${took.padStart(5)} s  ${detail}`.trimEnd())
}
